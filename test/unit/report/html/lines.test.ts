import { expect, it } from 'vitest';
import { Lines } from '../../../../harness/report/html/client/lines.ts';

/** Lines in blocks of two, and how often each of them was unpacked. */
function linesOf(all: readonly string[]): { lines: Lines; unpacked: number[] } {
  const unpacked: number[] = [];
  const parts = all.flatMap((_, index) => (index % 2 === 0 ? [all.slice(index, index + 2)] : []));
  const blocks = parts.map((part, place) => {
    unpacked.push(0);
    const unpack = async () => {
      unpacked[place] = (unpacked[place] ?? 0) + 1;
      return part.join('\n');
    };
    const [n, t] = part[0]?.split('\t') ?? [];
    return { lines: part.length, n: Number(n), t: Number(t), unpack };
  });
  return { lines: new Lines(blocks), unpacked };
}

const texts = [
  '2\t10\tone',
  '5\t20\tTwo',
  '9\t20\tthree',
  '12\t35.5\tfour\twith a tab',
  '13\t40\tone and two',
];
const { lines } = linesOf(texts);

async function withWords(words: readonly string[]): Promise<number[]> {
  const found: number[] = [];
  for await (const some of lines.withWords(words)) found.push(...some);
  return found;
}

it('finds a line by its number', async () => {
  expect(await Promise.all([2, 5, 9, 12, 13].map((n) => lines.indexOf(n)))).toEqual([0, 1, 2, 3, 4]);
  expect(await Promise.all([1, 3, 6, 99].map((n) => lines.indexOf(n)))).toEqual([-1, -1, -1, -1]);
  expect(await lines.find(12)).toEqual(['12', '35.5', 'four', 'with a tab']);
  expect(await lines.find(6)).toBeUndefined();
});

it('finds the last line at a time, or before it', async () => {
  const latest = await Promise.all([0, 10, 15, 20, 35, 36, 40, 99].map((t) => lines.latestAt(t)));

  expect(latest).toEqual([0, 0, 0, 2, 2, 3, 4, 4]);
});

it('finds words in whatever case, all of them in one line', async () => {
  expect(await withWords(['two'])).toEqual([1, 4]);
  expect(await withWords(['t', '20'])).toEqual([1, 2]);
  expect(await withWords(['tw', 'one'])).toEqual([4]);
  expect(await withWords(['one', 'four'])).toEqual([]);
  expect(await withWords(['35.5', 'WITH'])).toEqual([3]);
  expect(await withWords(['3.5'])).toEqual([]);
});

it('unpacks what is looked at, once', async () => {
  const { lines, unpacked } = linesOf(texts);

  expect([lines.length, lines.at(2)]).toEqual([5, undefined]);
  await Promise.all([lines.ready(2, 4), lines.ready(3, 3), lines.indexOf(9)]);

  expect(unpacked).toEqual([0, 1, 1]);
  expect(lines.ready(2, 4)).toBeUndefined();
  expect([lines.at(2)?.[2], lines.at(4)?.[2]]).toEqual(['three', 'one and two']);
});

it('has nothing where there are no lines', async () => {
  const none = new Lines([]);

  expect([none.length, none.ready(0, 3), none.at(0)]).toEqual([0, undefined, undefined]);
  expect([await none.indexOf(1), await none.latestAt(5)]).toEqual([-1, 0]);
});
