import { expect, it } from 'vitest';
import { chartGroups } from '../../../../harness/bench/report/html/chart-groups.ts';
import { namedPoints, percentilePoints } from '../../../../harness/bench/report/html/percentile-points.ts';
import { summarizeTimes } from '../../../../harness/bench/statistics/times.ts';
import { sampleRow, sampleWorkload } from '../sample-bench.ts';

/** 1 to 1,000 ms, each once: percentile p is 10 p. */
const thousand = summarizeTimes([Array.from({ length: 1_000 }, (_, index) => index + 1)]);
if (!thousand) throw new Error('Expected times');

it('has the known percentiles of a histogram on its curve', () => {
  const points = percentilePoints(thousand);

  for (const { share, ms } of points.slice(1, -1)) {
    // The value that this share of 1,000 does not exceed, within the three digits that are kept.
    const exact = Math.ceil(share * 1_000 - 1e-6);
    expect(Math.abs(ms - exact), `${share}`).toBeLessThanOrEqual(exact * 0.001 + 1);
  }
  expect(points.length).toBeGreaterThan(40);
});

it('begins at the smallest value and ends at the largest, whose place is 99.9 % of 1,000', () => {
  const points = percentilePoints(thousand);

  expect(points[0]?.share).toBe(0);
  expect(points[0]?.ms).toBeCloseTo(1, 2);
  expect(points.at(-1)?.share).toBeCloseTo(0.999);
  expect(points.at(-1)?.ms).toBeGreaterThanOrEqual(1_000);
  expect(points.at(-1)?.ms).toBeLessThan(1_001);
});

it('never goes down', () => {
  const values = percentilePoints(thousand).map(({ ms }) => ms);

  expect(values).toEqual(values.toSorted((one, other) => one - other));
});

it('marks no percentile beyond which there is no value', () => {
  const shares = (count: number) =>
    namedPoints(summarizeTimes([Array.from({ length: count }, () => 5)]) ?? thousand).map(
      ({ share }) => share,
    );

  expect(shares(1_000)).toEqual([0.5, 0.9, 0.99, 0.999]);
  expect(shares(999)).toEqual([0.5, 0.9, 0.99]);
  expect(shares(10)).toEqual([0.5, 0.9]);
  expect(shares(1)).toEqual([]);
});

it('draws a single value as a curve that is a point', () => {
  const points = percentilePoints(summarizeTimes([[7]]) ?? thousand);

  expect(points.map(({ share }) => share)).toEqual([0, 0]);
});

it('puts the rows of a column into one chart, where a line keeps its look without the others', () => {
  const rows = [
    sampleRow('near a', 1, { failures: ['broken'] }),
    sampleRow('near b', 2),
    sampleRow('far a', 10),
    sampleRow('far b', 20),
    sampleRow('alone', 3),
  ];
  const cells = ['near a', 'near b', 'far a', 'far b'].map((row) => {
    const [column = '', line = ''] = row.split(' ');
    return { row, line, column };
  });
  const workload = sampleWorkload(rows, {
    matrix: { title: 'm', lineTitle: 'line', of: 'handshake', cells },
  });

  const groups = chartGroups(workload, 'handshake').map(({ title, rows: members }) => ({
    title,
    members: members.map(({ name, look }) => `${name} ${look}`),
  }));

  expect(groups).toEqual([
    { title: 'near', members: ['b 1'] },
    { title: 'far', members: ['a 0', 'b 1'] },
    { title: 'others', members: ['alone 0'] },
  ]);
});

it('draws no more rows in a chart than can be told apart', () => {
  const rows = Array.from({ length: 19 }, (_, index) => sampleRow(`row ${index}`, index + 1));

  const groups = chartGroups(sampleWorkload(rows), 'handshake');

  expect(groups.map((group) => group.rows.length)).toEqual([8, 8, 3]);
});
