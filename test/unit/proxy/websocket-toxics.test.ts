import { expect, it } from 'vitest';
import type { Stream } from '../../../proxy/core/events.ts';
import {
  anyMaskKey,
  applyMask,
  FrameReader,
  opcode,
  readHeader,
  writeFrame,
} from '../../../proxy/protocols/websocket-frames.ts';
import { ToxicRig } from './toxic-rig.ts';

const request =
  'GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n' +
  'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\nSec-WebSocket-Version: 13\r\n\r\n';
const accepted = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n';

type Code = keyof typeof opcode;

/** A connection with one toxic, the upgrade done. */
class Opened {
  readonly rig: ToxicRig;

  constructor(toxic: object, options = {}) {
    this.rig = new ToxicRig(toxic, options);
    this.rig.arrive(request, 'upstream');
    this.rig.arrive(accepted);
  }

  server(code: Code, text = '', header = {}): void {
    this.rig.arrive(writeFrame(opcode[code], Buffer.from(text), header));
  }

  client(code: Code, text = '', header = {}): void {
    this.rig.arrive(
      writeFrame(opcode[code], Buffer.from(text), { maskKey: anyMaskKey, ...header }),
      'upstream',
    );
  }

  /** What came out after the upgrade, in words: `text hello`; a fragment that is not the last ends in `…`. */
  frames(stream: Stream = 'downstream'): string[] {
    const head = stream === 'upstream' ? request : accepted;
    const bytes = Buffer.from(this.rig.output(stream).slice(head.length), 'latin1');
    const pieces = new FrameReader().push(bytes);
    return pieces.map(({ frame, bytes }) => {
      const payload = bytes.subarray(frame.headerBytes);
      const text = frame.maskKey ? applyMask(payload, frame.maskKey) : payload;
      const name = Object.entries(opcode).find(([, code]) => code === frame.opcode)?.[0];
      return `${name} ${text.toString('latin1')}${frame.fin ? '' : '…'}`.trim();
    });
  }

  get connection(): string[] {
    return this.rig.outcomes.flatMap(({ stream, what }) => (stream === undefined ? [what] : []));
  }
}

it('websocket_refuse answers the request itself, with Retry-After as given', () => {
  const attributes = { status: 429, body: 'slow down', retry_after: '120' };
  const rig = new ToxicRig({ type: 'websocket_refuse', attributes });
  rig.arrive(request, 'upstream');

  expect(rig.output()).toBe(
    'HTTP/1.1 429 Too Many Requests\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n' +
      'Content-Length: 9\r\nRetry-After: 120\r\n\r\nslow down',
  );
  expect(rig.output('upstream')).toBe('');
  expect(rig.log().at(-1)).toBe('0: close fin');
  expect(rig.strikes).toEqual([
    {
      reason: 'upgrade refused with 429',
      stream: 'upstream',
      bytes: request.length,
      offset: 0,
      delivered: false,
    },
  ]);
});

it('websocket_refuse leaves other requests alone, and refuses the upgrades that are due', () => {
  const rig = new ToxicRig({ type: 'websocket_refuse', attributes: { nth: 1 } });
  rig.arrive('GET / HTTP/1.1\r\nHost: h\r\n\r\n', 'upstream');
  rig.arrive('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  expect(rig.strikes).toEqual([]);
  rig.arrive(request, 'upstream');

  expect(rig.strikes).toHaveLength(1);
  expect(rig.strikes[0]?.offset).toBe(27);
});

it('websocket_refuse takes no Retry-After of two lines', () => {
  expect(() => new ToxicRig({ type: 'websocket_refuse', attributes: { retry_after: '1\r\nX: y' } })).toThrow(
    'invalid attribute retry_after',
  );
});

it('websocket_no_compression takes the extensions out of the request', () => {
  const { rig } = new Opened({ type: 'websocket_no_compression' });

  expect(rig.output('upstream')).toBe(
    request.replace('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n', ''),
  );
});

it('websocket_drop drops by opcode and direction, and a fragmented message with all its fragments', () => {
  const ws = new Opened({ type: 'websocket_drop', attributes: { opcode: 'text' } });
  ws.server('text', 'a');
  ws.server('binary', 'b');
  ws.server('text', 'c', { fin: false });
  ws.server('ping', 'd');
  ws.server('continuation', 'e');
  ws.server('binary', 'f', { fin: false });
  ws.server('continuation', 'g');
  ws.client('text', 'h');

  expect(ws.frames()).toEqual(['binary b', 'ping d', 'binary f…', 'continuation g']);
  expect(ws.frames('upstream')).toEqual(['text h']);
  expect(ws.rig.strikes).toEqual([
    { reason: 'text dropped', stream: 'downstream', bytes: 3, offset: accepted.length, delivered: false },
    { reason: 'text dropped', stream: 'downstream', bytes: 3, offset: accepted.length + 6, delivered: false },
  ]);
});

it('websocket_drop picks by occasion over both directions when created for both', () => {
  const ws = new Opened({ type: 'websocket_drop', stream: 'both', attributes: { every: 2 } });
  ws.server('text', '1');
  ws.client('ping', '2');
  ws.server('pong', '3');
  ws.client('text', '4');
  ws.server('text', '5');

  expect(ws.frames()).toEqual(['text 1', 'pong 3', 'text 5']);
  expect(ws.frames('upstream')).toEqual([]);
});

it('websocket_drop resets when it is lifted within a message that it dropped, and only then', () => {
  const within = new Opened({ type: 'websocket_drop', attributes: {} });
  within.server('text', 'first', { fin: false });
  within.rig.lift();
  expect(within.connection).toEqual(['close reset']);

  const between = new Opened({ type: 'websocket_drop', attributes: {} });
  between.server('text', 'whole');
  between.rig.lift();
  between.server('text', 'passes');
  expect(between.connection).toEqual([]);
  expect(between.frames()).toEqual(['text passes']);
});

it('websocket_delay delays messages from their arrival, and what follows waits for them', async () => {
  const ws = new Opened({ type: 'websocket_delay', attributes: { delay: 100, opcode: 'pong' } });
  ws.server('text', 'a');
  ws.server('pong', 'b');
  await ws.rig.advance(60);
  ws.server('text', 'c');
  ws.server('pong', 'd');
  await ws.rig.advance(500);

  const times = ws.rig.outcomes.slice(2).map(({ at, what }) => [at, what.slice(2)]);
  expect(times).toEqual([
    [0, 'a'],
    [100, 'b'],
    [100, 'c'],
    [160, 'd'],
  ]);
});

it('websocket_fragment splits data messages legally, also when masked, compressed or fragmented already', () => {
  const ws = new Opened({ type: 'websocket_fragment', stream: 'both', attributes: { fragments: 3 } });
  ws.server('text', 'abcdefg', { reserved: 4 });
  ws.server('ping', 'p');
  ws.server('text', '');
  ws.server('binary', 'xyz', { fin: false });
  ws.server('continuation', 'uvw');
  ws.client('text', 'Hello, world');

  expect(ws.frames()).toEqual([
    ...['text ab…', 'continuation cd…', 'continuation efg', 'ping p'],
    ...['text …', 'continuation …', 'continuation'],
    ...[
      'binary x…',
      'continuation y…',
      'continuation z…',
      'continuation u…',
      'continuation v…',
      'continuation w',
    ],
  ]);
  expect(ws.frames('upstream')).toEqual(['text Hell…', 'continuation o, w…', 'continuation orld']);
  const compressed = Buffer.from(ws.rig.output().slice(accepted.length), 'latin1');
  expect(readHeader(compressed)?.reserved).toBe(4);
  expect(readHeader(compressed.subarray(4))?.reserved).toBe(0);
});

it('websocket_fragment passes a frame of more than 1 MiB as it is, without holding it', () => {
  const ws = new Opened({ type: 'websocket_fragment', attributes: {} });
  const large = writeFrame(opcode.binary, Buffer.alloc(1024 * 1024 + 1));
  ws.rig.arrive(large.subarray(0, 5_000));
  expect(ws.rig.output()).toHaveLength(accepted.length + 5_000);
  ws.rig.arrive(large.subarray(5_000));

  expect(ws.rig.output()).toHaveLength(accepted.length + large.length);
  expect(ws.rig.strikes).toEqual([]);
});

it('websocket_damage replaces a message, and damages nothing between fragments', () => {
  const ws = new Opened({
    type: 'websocket_damage',
    attributes: { kind: 'stray_continuation', opcode: 'ping' },
  });
  ws.server('text', 'a', { fin: false });
  ws.server('ping', 'between');
  ws.server('continuation', 'b');
  ws.server('ping', 'after');

  expect(ws.frames()).toEqual(['text a…', 'ping between', 'continuation b', 'continuation x']);
});

it('websocket_damage declares the length that it is told', () => {
  const ws = new Opened({
    type: 'websocket_damage',
    attributes: { kind: 'oversized', declared_bytes: 70_000 },
  });
  ws.server('text', 'a');

  expect(ws.rig.output().slice(accepted.length)).toBe('\x82\x7f\0\0\0\0\0\x01\x11\x70');
});

it('websocket_close sends its frame once the upgrade has passed, and nothing after it', async () => {
  const attributes = { code: 1_012, reason: 'restart' };
  const ws = new Opened({ type: 'websocket_close', attributes });
  ws.server('text', 'swallowed');
  ws.client('text', 'passes');
  await ws.rig.advance(1_000);

  expect(ws.frames()).toEqual(['close \x03\xf4restart']);
  expect(ws.frames('upstream')).toEqual(['text passes']);
  expect(ws.rig.strikes).toEqual([
    { reason: 'close frame 1012', stream: 'downstream', offset: accepted.length, bytes: 0, delivered: true },
  ]);
  ws.rig.lift();
  expect(ws.connection).toEqual(['close fin']);
});

it('websocket_close masks what it sends to the server, and waits there for its time', async () => {
  const attributes = { code: 0, after_ms: 100 };
  const ws = new Opened({ type: 'websocket_close', stream: 'upstream', attributes });
  await ws.rig.advance(99);
  expect(ws.frames('upstream')).toEqual([]);
  await ws.rig.advance(1);

  expect(ws.frames('upstream')).toEqual(['close']);
  expect(
    readHeader(Buffer.from(ws.rig.output('upstream').slice(request.length), 'latin1'))?.maskKey,
  ).toBeDefined();
});

it('websocket_close counts frames, waits after them, and completes a frame that is under way', async () => {
  const attributes = { code: 1_000, after_frames: 2, opcode: 'text', after_ms: 50 };
  const ws = new Opened({ type: 'websocket_close', attributes });
  ws.server('text', '1');
  ws.server('ping', 'p');
  ws.server('text', '2');
  await ws.rig.advance(40);
  const long = writeFrame(opcode.text, Buffer.from('long'));
  ws.rig.arrive(long.subarray(0, 3));
  await ws.rig.advance(40);
  ws.rig.arrive(long.subarray(3));

  expect(ws.frames()).toEqual(['text 1', 'ping p', 'text 2', 'text long', 'close \x03\xe8']);
  expect(ws.rig.outcomes.at(-1)?.at).toBe(80);
});

it.each([
  ['fin', ['close fin']],
  ['reset', ['close reset']],
  ['hold', []],
  ['handshake', []],
])('websocket_close with ending %s does %j to the connection', (ending, done) => {
  const ws = new Opened({ type: 'websocket_close', attributes: { ending } });

  expect(ws.connection).toEqual(done);
});

it('websocket_close for both directions ends the connection when each has its frame', () => {
  const ws = new Opened({ type: 'websocket_close', stream: 'both', attributes: { ending: 'fin' } });

  expect([ws.frames(), ws.frames('upstream')]).toEqual([['close \x03\xe9'], ['close \x03\xe9']]);
  expect(ws.connection).toEqual(['close fin']);
});

it('websocket_close with ending hold swallows the answer', () => {
  const ws = new Opened({ type: 'websocket_close', attributes: { ending: 'hold' } });
  ws.client('close', '\x03\xe9');

  expect(ws.frames('upstream')).toEqual([]);
});

it.each([
  [{ code: 999 }, 'code'],
  [{ code: 1_006 }, 'code'],
  [{ code: 0, reason: 'why' }, 'reason'],
  [{ reason: 'ü'.repeat(100) }, 'reason'],
])('websocket_close refuses %j', (attributes, name) => {
  expect(() => new ToxicRig({ type: 'websocket_close', attributes })).toThrow(`invalid attribute ${name}`);
});

it('websocket_cut ends between frames, or inside the next one', async () => {
  const between = new Opened({ type: 'websocket_cut', attributes: { after_frames: 1 } });
  between.server('text', 'whole');
  expect([between.frames(), between.connection]).toEqual([['text whole'], ['close fin']]);

  const inside = new Opened({
    type: 'websocket_cut',
    attributes: { action: 'reset', bytes: 4, after_ms: 10 },
  });
  await inside.rig.advance(20);
  expect(inside.connection).toEqual([]);
  inside.server('text', 'abcdef');
  expect(inside.rig.output().slice(accepted.length)).toBe('\x81\x06ab');
  expect(inside.connection).toEqual(['close reset']);
});

it('websocket_cut closes one direction and lets the other live', async () => {
  const attributes = { action: 'half_close', after_ms: 30 };
  const ws = new Opened({ type: 'websocket_cut', stream: 'upstream', attributes });
  await ws.rig.advance(30);
  ws.client('text', 'lost');
  ws.server('text', 'still there');

  expect(ws.rig.log().filter((entry) => entry.endsWith('<end>'))).toEqual(['30: <end>']);
  expect([ws.frames(), ws.frames('upstream'), ws.connection]).toEqual([['text still there'], [], []]);
});

it('websocket_stall reads no more after its moment, and loses nothing', () => {
  const ws = new Opened({ type: 'websocket_stall', attributes: { after_frames: 1 } });
  ws.server('text', 'a');
  ws.server('text', 'b');
  ws.server('text', 'c');
  expect(ws.frames()).toEqual(['text a']);
  expect(ws.rig.full()).toBe(true);

  ws.rig.lift();

  expect(ws.frames()).toEqual(['text a', 'text b', 'text c']);
});

it('acts on a connection that was open before it, from the first frame on', () => {
  const rig = new ToxicRig({ type: 'websocket_drop', attributes: { opcode: 'ping' } }, { passed: 500 });
  rig.arrive(writeFrame(opcode.text, Buffer.from('a')));
  rig.arrive(writeFrame(opcode.ping, Buffer.from('b')));

  expect(rig.output()).toBe('\x81\x01a');
  expect(rig.strikes).toMatchObject([{ reason: 'ping dropped', offset: 503 }]);
});

it.each([
  ['827fffffffffffffffff', 'downstream'],
  ['82ffffffffffffffffff01020304', 'upstream'],
] as const)('a length that no frame can have passes at once, and is told: %s', (header, stream) => {
  const { rig } = new Opened({ type: 'websocket_drop', stream: 'both', attributes: {} });
  const before = rig.output(stream).length;
  rig.arrive(Buffer.from(header, 'hex'), stream);

  expect(rig.output(stream).slice(before)).toBe(Buffer.from(header, 'hex').toString('latin1'));
  expect(rig.skips).toEqual(['frames of WebSocket that cannot be read']);
});

it('websocket_fragment leaves frames of unknown kinds alone', () => {
  const { rig } = new Opened({ type: 'websocket_fragment', attributes: {} });
  const before = rig.output().length;
  rig.arrive(writeFrame(3, Buffer.from('reserved')));

  expect(rig.output().slice(before)).toBe(writeFrame(3, Buffer.from('reserved')).toString('latin1'));
  expect(rig.strikes).toEqual([]);
});

it('websocket_no_compression takes the extensions out of lines that end with a line feed alone', () => {
  const rig = new ToxicRig({ type: 'websocket_no_compression', attributes: {} });
  rig.arrive(request.replaceAll('\r', ''), 'upstream');

  expect(rig.output('upstream')).toBe(
    request.replaceAll('\r', '').replace(/sec-websocket-extensions:.*\n/i, ''),
  );
});
