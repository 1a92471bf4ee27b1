/** HPACK: the examples of RFC 7541, appendix C, and blocks that no encoder may send. */

import { describe, expect, it } from 'vitest';
import { FieldBlockReader, type HeaderField, writeFieldBlock } from '../../../../proxy/protocols/hpack.ts';
import { decodeHuffman } from '../../../../proxy/protocols/hpack-huffman.ts';
import fc from '../../../support/fast-check.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const lines = (fields: readonly HeaderField[] | undefined): string[] | undefined =>
  fields?.map(({ name, value }) => `${name}: ${value}`);

const requests = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [
    ':method: GET',
    ':scheme: https',
    ':path: /index.html',
    ':authority: www.example.com',
    'custom-key: custom-value',
  ],
];
const date21 = 'Mon, 21 Oct 2013 20:13:21 GMT';
const date22 = 'Mon, 21 Oct 2013 20:13:22 GMT';
const location = 'location: https://www.example.com';
const cookie = 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1';
const responses = [
  [':status: 302', 'cache-control: private', `date: ${date21}`, location],
  [':status: 307', 'cache-control: private', `date: ${date21}`, location],
  [
    ':status: 200',
    'cache-control: private',
    `date: ${date22}`,
    location,
    'content-encoding: gzip',
    `set-cookie: ${cookie}`,
  ],
];
/** Appendix C.5 and C.6: a table of 256 bytes, from which entries are evicted. */
const smallTable = '3fe101';

describe.each([
  {
    section: 'C.3',
    expected: requests,
    blocks: [
      '828684410f7777772e6578616d706c652e636f6d',
      '828684be58086e6f2d6361636865',
      '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
    ],
  },
  {
    section: 'C.4',
    expected: requests,
    blocks: [
      '828684418cf1e3c2e5f23a6ba0ab90f4ff',
      '828684be5886a8eb10649cbf',
      '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
    ],
  },
  {
    section: 'C.6',
    expected: responses,
    blocks: [
      `${smallTable}488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3`,
      '4883640effc1c0bf',
      '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
    ],
  },
])('the blocks of RFC 7541, $section', ({ expected, blocks }) => {
  it('are read one after the other', () => {
    const reader = new FieldBlockReader();

    expect(blocks.map((block) => lines(reader.read(hex(block))?.fields))).toEqual(expected);
  });

  it('say the same when they are written without state, each by itself', () => {
    const reader = new FieldBlockReader();
    const rewritten = blocks.map((block) => {
      const read = reader.read(hex(block));
      if (!read) throw new Error(`Cannot read ${block}`);
      return writeFieldBlock(read);
    });

    expect(rewritten.map((block) => lines(new FieldBlockReader().read(block)?.fields))).toEqual(expected);
  });
});

it('keeps what must not be indexed as such, and the changes of the size of the table', () => {
  const reader = new FieldBlockReader();
  const block = reader.read(hex('20 3fe101 100870617373776f726406736563726574'));

  expect(block?.fields).toEqual([{ name: 'password', value: 'secret', neverIndexed: true }]);
  expect(block && writeFieldBlock(block).toString('hex')).toBe('203fe101100870617373776f726406736563726574');
});

it('writes texts of any length, of all bytes', () => {
  const byte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code));
  const text = fc.string({ unit: byte, maxLength: 400 });
  const field = fc.record({ name: text, value: text, neverIndexed: fc.boolean() });
  fc.assert(
    fc.property(fc.array(field, { maxLength: 5 }), (fields) => {
      const block = writeFieldBlock({ fields, sizeUpdates: Buffer.alloc(0) });
      expect(new FieldBlockReader().read(block)?.fields).toEqual(fields);
    }),
  );
});

it.each([
  ['an index that is in no table', 'be'],
  ['index 0', '80'],
  ['a text that is cut short', '400a637573'],
  ['a number without an end', 'ffffffffffffffffffff'],
  ['a table of 16 MiB', '3fe1ffff07'],
  ['a text that contains EOS', '0085ffffffffff0161'],
])('does not read %s', (_what, block) => {
  expect(new FieldBlockReader().read(hex(block))).toBeUndefined();
});

it('reads no Huffman code with padding of a byte and more, or that is not all ones', () => {
  expect(decodeHuffman(hex('1f'))?.toString()).toBe('a');
  expect(decodeHuffman(hex('1fff'))).toBeUndefined();
  expect(decodeHuffman(hex('18'))).toBeUndefined();
});

it('reads any bytes without an error', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      new FieldBlockReader().read(Buffer.from(bytes));
    }),
  );
});

it('takes no change of the table within a block, which would be written twice', () => {
  expect(new FieldBlockReader().read(hex('82 3f e1 1f'))).toBeUndefined();
});

it('takes no block that stands for more than a megabyte', () => {
  const entry = Buffer.concat([hex('40 01 61 7f a1 1e'), Buffer.alloc(4_000, 'x')]);
  const of = (times: number): Buffer => Buffer.concat([entry, Buffer.alloc(times, 0xbe)]);

  expect(new FieldBlockReader().read(of(200))?.fields).toHaveLength(201);
  expect(new FieldBlockReader().read(of(300))).toBeUndefined();
});
