import { expect, it } from 'vitest';
import { WebSocketReader } from '../../../../proxy/protocols/websocket.ts';
import {
  anyMaskKey,
  applyMask,
  FrameReader,
  opcode,
  readHeader,
  rotateMask,
  writeFrame,
  writeHeader,
} from '../../../../proxy/protocols/websocket-frames.ts';
import fc from '../../../support/fast-check.ts';

const request = Buffer.from(
  'GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: WebSocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n',
);
const accepted = Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n');
const frame = (text: string, header = {}): Buffer => writeFrame(opcode.text, Buffer.from(text), header);

const kinds = (reader: WebSocketReader, stream: 'upstream' | 'downstream', bytes: Buffer): string[] =>
  reader
    .read(stream, bytes)
    .map((part) => (part.kind === 'frame' ? `frame ${part.frame.opcode}` : part.kind));

it.each([
  ['an unmasked text message', '810548656c6c6f', { fin: true, opcode: 1, length: 5, masked: false }],
  ['a masked text message', '818537fa213d7f9f4d5158', { fin: true, opcode: 1, length: 5, masked: true }],
  ['a first fragment', '010348656c', { fin: false, opcode: 1, length: 3, masked: false }],
  ['256 bytes', '827e0100', { fin: true, opcode: 2, length: 256, masked: false }],
  ['64 KiB', '827f0000000000010000', { fin: true, opcode: 2, length: 65_536, masked: false }],
])('reads the example of RFC 6455, section 5.7: %s', (_, hex, { masked, ...expected }) => {
  const header = readHeader(Buffer.from(hex, 'hex'));

  expect(header).toMatchObject(expected);
  expect(header?.maskKey !== undefined).toBe(masked);
});

it('writes what it reads, with the length in the fewest bytes', () => {
  for (const length of [0, 125, 126, 65_535, 65_536, 2 ** 40]) {
    for (const maskKey of [undefined, anyMaskKey]) {
      const header = { fin: false, reserved: 4, opcode: opcode.binary, maskKey, length };
      expect(readHeader(writeHeader(header))).toMatchObject(header);
    }
  }
  expect(writeHeader({ fin: true, reserved: 0, opcode: 1, maskKey: undefined, length: 125 })).toHaveLength(2);
});

it.each([
  ['lines that end with a line feed alone', request.toString().replaceAll('\r', '')],
  ['empty lines before it', `\r\n\n${request}`],
  ['several protocols', request.toString().replace('WebSocket', 'h2c , WebSocket')],
])('finds an upgrade with %s', (_, text) => {
  const reader = new WebSocketReader({ joinedLate: false });

  expect(kinds(reader, 'upstream', Buffer.from(text)).at(-1)).toBe('request');
  expect(kinds(reader, 'downstream', Buffer.from('HTTP/1.1 101 Go\n\n'))).toEqual(['accepted']);
  expect(reader.open).toBe(true);
});

it('holds no empty line back, nor a request with line feeds alone', () => {
  const reader = new WebSocketReader({ joinedLate: false });
  const pass = (text: string): string =>
    reader
      .read('upstream', Buffer.from(text))
      .map(({ bytes }) => String(bytes))
      .join('');

  for (const text of ['\r', '\n', 'GET / HTTP/1.1\nHost: h\n\n']) expect(pass(text)).toBe(text);
});

it('masks as the example of section 5.7, and goes on with a rotated key', () => {
  const masked = applyMask(Buffer.from('Hello'), Buffer.from('37fa213d', 'hex'));

  expect(masked.toString('hex')).toBe('7f9f4d5158');
  expect(applyMask(masked.subarray(3), rotateMask(Buffer.from('37fa213d', 'hex'), 3)).toString()).toBe('lo');
});

it('tells frames in pieces that make up the stream, however it is split', () => {
  const bytes = Buffer.concat([
    frame('a', { fin: false }),
    writeFrame(opcode.ping, Buffer.from('p')),
    writeFrame(opcode.continuation, Buffer.alloc(300, 'b')),
    frame('c'.repeat(70_000), { maskKey: anyMaskKey }),
    writeFrame(opcode.close, Buffer.alloc(0)),
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }), (cuts) => {
      const reader = new FrameReader();
      const pieces = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const length = cuts[turn % cuts.length] ?? 1;
        pieces.push(...reader.push(bytes.subarray(at, at + length)));
        at += length;
      }
      const frames = pieces.filter(({ begins }) => begins).map((piece) => piece.frame);

      expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
      expect(pieces.filter(({ ends }) => ends)).toHaveLength(5);
      expect(frames.map(({ opcode, message, interleaved }) => [opcode, message, interleaved])).toEqual([
        [1, 1, false],
        [9, 9, true],
        [0, 1, false],
        [1, 1, false],
        [8, 8, false],
      ]);
    }),
    { numRuns: 50 },
  );
});

it('gives up on a length of 2^53 bytes and more, and keeps nothing of what follows', () => {
  const reader = new FrameReader();
  const impossible = Buffer.from('827fffffffffffffffff00000000', 'hex');

  expect(reader.push(impossible)).toEqual([]);
  expect(reader.broken).toBe(true);
  expect(reader.takeRest()).toEqual(impossible);
});

it('finds the upgrade after other requests, and takes frames that come with the answer', () => {
  const reader = new WebSocketReader({ joinedLate: false });

  expect(kinds(reader, 'upstream', Buffer.from('POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nGET '))).toEqual([
    'other',
  ]);
  expect(kinds(reader, 'downstream', Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))).toEqual([
    'other',
  ]);
  expect(kinds(reader, 'upstream', Buffer.from('GET / HTTP/1.1\r\nHost: h\r\n\r\n'))).toEqual(['other']);
  expect(kinds(reader, 'downstream', Buffer.from('HTTP/1.1 204 No Content\r\n\r\n'))).toEqual(['other']);
  expect(kinds(reader, 'upstream', request)).toEqual(['request']);
  expect(
    kinds(
      reader,
      'downstream',
      Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'), accepted, frame('x')]),
    ),
  ).toEqual(['other', 'accepted', 'frame 1']);
  expect(kinds(reader, 'upstream', frame('y', { maskKey: anyMaskKey }))).toEqual(['frame 1']);
});

it('sees an upgrade that is refused, and the next one', () => {
  const reader = new WebSocketReader({ joinedLate: false });
  reader.read('upstream', request);

  expect(
    kinds(reader, 'downstream', Buffer.from('HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno')),
  ).toEqual(['other', 'other']);
  expect(reader.open).toBe(false);
  expect(kinds(reader, 'upstream', request)).toEqual(['request']);
  expect(kinds(reader, 'downstream', accepted)).toEqual(['accepted']);
  expect(reader.open).toBe(true);
});

it('finds frames on a connection that was open before it, and takes other bytes for what they are', () => {
  const reader = new WebSocketReader({ joinedLate: true });
  const half = Buffer.from('second half of a message, not a frame');

  expect(kinds(reader, 'downstream', half)).toEqual(['other']);
  expect(kinds(reader, 'upstream', frame('not masked'))).toEqual(['other']);
  expect(reader.open).toBe(false);
  expect(kinds(reader, 'downstream', Buffer.concat([frame('x'), frame('y')]))).toEqual([
    'frame 1',
    'frame 1',
  ]);
  expect(kinds(reader, 'upstream', half)).toEqual(['other']);
  expect(kinds(reader, 'upstream', writeFrame(opcode.ping, half, { maskKey: anyMaskKey }))).toEqual([
    'frame 9',
  ]);
});

it('finds an upgrade on a connection that was open before it', () => {
  const reader = new WebSocketReader({ joinedLate: true });

  expect(kinds(reader, 'downstream', Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toEqual(['other']);
  expect(kinds(reader, 'upstream', request)).toEqual(['request']);
  expect(kinds(reader, 'downstream', accepted)).toEqual(['accepted']);
});

it('passes any bytes on as they are, and holds little', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 })), fc.boolean(), (chunks, open) => {
      const reader = new WebSocketReader({ joinedLate: false });
      const upstream = open
        ? [request, ...chunks.map((chunk) => Buffer.from(chunk))]
        : chunks.map((c) => Buffer.from(c));
      if (open) {
        reader.read('upstream', request);
        reader.read('downstream', accepted);
      }
      const sent = open ? upstream.slice(1) : upstream;
      const told = sent.flatMap((chunk) => reader.read('upstream', chunk)).map((part) => part.bytes);
      const rest = reader.takeRest('upstream');

      expect(Buffer.concat([...told, rest]).equals(Buffer.concat(sent))).toBe(true);
      expect(rest.length).toBeLessThan(14);
    }),
    { numRuns: 200 },
  );
});

it('holds nothing of what only begins like a request or an answer', () => {
  const reader = new WebSocketReader({ joinedLate: false });
  expect(kinds(reader, 'upstream', Buffer.from('GET key\r\n'))).toEqual(['other']);

  const asked = new WebSocketReader({ joinedLate: false });
  asked.read('upstream', request);
  expect(kinds(asked, 'downstream', Buffer.from('HTTP/1.1 what\n'))).toEqual(['other']);
});

it('gives up on a head that does not end', () => {
  const reader = new WebSocketReader({ joinedLate: false });
  const endless = Buffer.concat([Buffer.from('GET / HTTP/1.1\r\nA: '), Buffer.alloc(70_000, 'x')]);

  expect(kinds(reader, 'upstream', endless)).toEqual(['other']);
  expect(kinds(reader, 'upstream', request)).toEqual(['other']);
});
