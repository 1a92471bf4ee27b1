/** The reader of HTTP/2 on bytes. */
import { expect, it } from 'vitest';
import type { Stream } from '../../../../proxy/core/events.ts';
import { Http2Reader } from '../../../../proxy/protocols/http2.ts';
import {
  answer,
  block,
  continuedHeaders,
  data,
  headers,
  index62,
  indexedField,
  ping,
  preface,
  request,
  settings,
} from './http2-bytes.ts';

/** What the reader makes of some bytes, a line for each part. */
function read(reader: Http2Reader, stream: Stream, ...bytes: readonly Buffer[]): string[] {
  return [...reader.read(stream, Buffer.concat(bytes))].map((part) => {
    if (part.kind === 'other') return `other ${part.bytes.length}`;
    if (part.kind === 'frame') return `frame ${part.frame.type} on ${part.frame.streamId}`;
    const fields = part.fields?.map(({ name, value }) => `${name}=${value}`).join(' ');
    return `${part.role} ${part.streamId} ${fields}`;
  });
}

const fromTheStart = (): Http2Reader => new Http2Reader({ joinedLate: false });
const get = ':method=GET :scheme=http :authority=a.example';

it('reads a request, its interim and final answer, content and trailers', () => {
  const reader = fromTheStart();

  expect(read(reader, 'upstream', preface, settings, request(1))).toEqual([
    'other 24',
    'frame 4 on 0',
    `request 1 ${get} :path=/`,
  ]);
  expect(reader.exchanges.open).toMatchObject([{ id: 1, answered: false }]);
  expect(
    read(
      reader,
      'downstream',
      settings,
      answer(1, 103),
      answer(1),
      data(1, 'text', { ends: false }),
      headers(1, block({ 'grpc-status': '0' })),
    ),
  ).toEqual([
    'frame 4 on 0',
    'interim 1 :status=103',
    'answer 1 :status=200',
    'frame 0 on 1',
    'trailers 1 grpc-status=0',
  ]);
  expect(reader.exchanges.open).toEqual([]);
});

it('reads blocks in several frames, and fields of the table, also when they come byte by byte', () => {
  const bytes = Buffer.concat([
    preface,
    settings,
    continuedHeaders(1, block({ ':path': '/a' }), indexedField('token', 'x'), block({ last: '1' })),
    headers(3, index62),
  ]);
  const reader = fromTheStart();
  const parts = [...bytes].flatMap((byte) => read(reader, 'upstream', Buffer.from([byte])));

  expect(parts.slice(-2)).toEqual(['request 1 :path=/a token=x last=1', 'request 3 token=x']);
  expect(reader.unreadable).toBeUndefined();
});

it('lets the server speak first', () => {
  const reader = fromTheStart();

  expect(read(reader, 'downstream', settings)).toEqual(['frame 4 on 0']);
  expect(reader.takesFrames('downstream')).toBe(false);
  read(reader, 'upstream', preface);
  expect(reader.takesFrames('downstream')).toBe(true);
});

it('takes no frame of another between the parts of one, nor before SETTINGS', () => {
  const reader = fromTheStart();
  read(reader, 'upstream', preface);
  expect(reader.takesFrames('upstream')).toBe(false);
  read(reader, 'upstream', settings, request(1));
  expect(reader.takesFrames('upstream')).toBe(true);
  expect(reader.takesFrames('downstream')).toBe(false);

  const content = data(1, 'abcdef');
  read(reader, 'downstream', settings, answer(1), content.subarray(0, 12));
  expect(reader.takesFrames('downstream')).toBe(false);
  read(reader, 'downstream', content.subarray(12));
  expect(reader.takesFrames('downstream')).toBe(true);
});

it('writes blocks without the table once one of them was taken out', () => {
  const reader = fromTheStart();
  read(reader, 'upstream', preface, settings, headers(1, indexedField('token', 'x')));
  reader.tookBlockOut('upstream');
  const [part] = reader.read('upstream', headers(3, Buffer.concat([index62, block({ a: 'b' })])));

  // The other end has not heard of the entry: it has an empty table.
  const other = fromTheStart();
  read(other, 'upstream', preface, settings);
  expect(read(other, 'upstream', part?.bytes ?? Buffer.alloc(0))).toEqual(['request 3 token=x a=b']);
});

it('writes a block that has become larger than a frame in several', () => {
  const reader = fromTheStart();
  const long = 'v'.repeat(100);
  read(reader, 'upstream', preface, settings, headers(1, indexedField('n', long)));
  reader.tookBlockOut('upstream');
  const [part] = reader.read('upstream', headers(3, Buffer.alloc(400, index62)));
  const bytes = part?.bytes ?? Buffer.alloc(0);

  expect(bytes.length).toBeGreaterThan(40_000);
  const other = fromTheStart();
  expect(read(other, 'upstream', preface, settings, bytes).at(-1)).toBe(
    `request 3 ${Array.from({ length: 400 }, () => `n=${long}`).join(' ')}`,
  );
});

it('finds frames on a connection that it joined late, and says what it cannot know', () => {
  const reader = new Http2Reader({ joinedLate: true });
  const content = data(7, 'middle of a frame');

  expect(read(reader, 'upstream', content.subarray(12))).toEqual([`other ${content.length - 12}`]);
  expect(reader.unreadable).toBe('no frames of HTTP/2');
  expect(read(reader, 'upstream', request(9), ping)).toEqual(['request 9 undefined', 'frame 6 on 0']);
  expect(reader.unreadable).toBeUndefined();
  expect(read(reader, 'downstream', data(7, 'x', { ends: false }), answer(9))).toEqual([
    'frame 0 on 7',
    'answer 9 undefined',
  ]);
  expect(reader.readsBlocks).toBe(false);
});

it.each([
  ['a block that another frame interrupts', [continuedHeaders(1, index62).subarray(0, 10), ping]],
  ['fields that are in no table', [headers(1, index62)]],
  ['a CONTINUATION of nothing', [continuedHeaders(1, block({ a: 'b' }), block({ c: 'd' })).subarray(14)]],
  ['padding that is longer than its frame', [Buffer.from([0, 0, 2, 1, 0x0d, 0, 0, 0, 1, 9, 0])]],
  ['a frame that is no DATA and of 1 MiB', [Buffer.from([16, 0, 0, 4, 0, 0, 0, 0, 0, 1, 2, 3])]],
])('reads no further behind %s, and loses no byte', (_what, bytes) => {
  const reader = fromTheStart();
  const all = Buffer.concat([preface, settings, ...bytes, ping]);
  const out = [...reader.read('upstream', all)].map((part) => part.bytes);

  expect(reader.unreadable).toBe('HTTP/2 that cannot be read');
  expect(Buffer.concat(out)).toEqual(all);
});
