/**
 * Many short lists of numbers in two columns: an array for each would cost more than what is in it.
 */
import type { ColumnReader, ColumnWriter } from './number-columns.ts';

export interface NumberLists {
  /** Where each list begins in `numbers`, and at last where the last one ends. */
  readonly starts: Uint32Array;
  readonly numbers: Uint32Array;
}

export function listsOf(lists: readonly (readonly number[])[]): NumberLists {
  const starts = new Uint32Array(lists.length + 1);
  lists.forEach((list, index) => {
    starts[index + 1] = (starts[index] ?? 0) + list.length;
  });
  return { starts, numbers: Uint32Array.from(lists.flat()) };
}

export const listAt = ({ starts, numbers }: NumberLists, index: number): number[] => [
  ...numbers.subarray(starts[index], starts[index + 1]),
];

/** Where each has one number, as most have, nothing says so but a byte. */
export function writeLists(lists: NumberLists, writer: ColumnWriter): void {
  const isOneEach = lists.starts.every((start, index) => start === index);
  writer.writeBytes(Uint8Array.of(Number(isOneEach)));
  if (!isOneEach) writer.write(lists.starts);
  writer.write(lists.numbers);
}

/** Reads `length` lists. */
export function readLists(length: number, reader: ColumnReader): NumberLists {
  const isOneEach = reader.readBytes(1)[0] === 1;
  const starts = new Uint32Array(length + 1);
  if (isOneEach) for (let index = 1; index <= length; index += 1) starts[index] = index;
  else reader.read(starts);
  return { starts, numbers: reader.read(new Uint32Array(starts[length] ?? 0)) };
}
