import { expect, it } from 'vitest';
import { ColumnReader, ColumnWriter } from '../../../../harness/report/html/number-columns.ts';
import { listAt, listsOf, readLists, writeLists } from '../../../../harness/report/html/number-lists.ts';
import fc from '../../../support/fast-check.ts';

it('reads back whatever numbers it wrote', () => {
  const most = 2 ** 51;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -most, max: most })), fc.uint8Array(), (numbers, bytes) => {
      const written = new ColumnWriter().write(numbers).writeBytes(bytes).write(numbers).bytes;
      const reader = new ColumnReader(written);

      expect([...reader.read(new Float64Array(numbers.length))]).toEqual(numbers.map((one) => one + 0));
      expect(reader.readBytes(bytes.length)).toEqual(bytes);
      expect([...reader.read(new Float64Array(numbers.length))]).toEqual(numbers.map((one) => one + 0));
    }),
  );
});

it('keeps three decimals of a time, over days', () => {
  const times = Float64Array.of(0, 0.001, 35.125, 86_400_000.999, 3);

  const { bytes } = new ColumnWriter().writeThousandths(times);

  expect(new ColumnReader(bytes).readThousandths(times.length)).toEqual(times);
});

it('takes a byte for each number of a column that rises slowly', () => {
  const numbers = Array.from({ length: 1_000 }, (_, index) => index * 3);

  expect(new ColumnWriter().write(numbers).bytes).toHaveLength(1_000);
});

it.each([
  { lists: [[5, 2], [], [7], [1, 1, 9]] },
  { lists: [[3, 4], []] },
  { lists: [[9], [8]] },
  { lists: [] as number[][] },
])('has lists of any length in two columns: $lists', ({ lists }) => {
  const writer = new ColumnWriter();

  writeLists(listsOf(lists), writer);
  const found = readLists(lists.length, new ColumnReader(writer.bytes));

  expect(lists.map((_, index) => listAt(found, index))).toEqual(lists);
});
