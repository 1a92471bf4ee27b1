import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import type { BenchResult, Row } from '../../../harness/bench/bench-result.ts';
import { toBenchHtml } from '../../../harness/bench/report/html/page.ts';
import { problemsOf } from '../../../harness/bench/report/html/problems.ts';
import { toBenchMarkdown } from '../../../harness/bench/report/summary.ts';
import { benchLines } from '../../../harness/bench/report/text.ts';
import { compareRows } from '../../../harness/bench/rounds/compare-rows.ts';
import { outcomeOf } from '../../../harness/bench/run-bench.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { sampleBench, sampleRow, sampleWorkload } from './sample-bench.ts';

const schema = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../harness/bench/bench-schema.json'), 'utf8'),
);

/** A benchmark in which `row` took 40 ms, and in the older version `ms`. */
function beside(ms: number, change: Parameters<typeof sampleRow>[2] = {}): BenchResult {
  const row = sampleRow('row', 40);
  const old = sampleRow('row @ v1', ms, change);
  const pair = { title: 'row', base: old.id, other: row.id, of: 'handshake' };
  const comparisons = compareRows([row, old], [pair], { random: seededRandom(1), threshold: 0.05 });
  return sampleBench([sampleWorkload([row], { older: { rows: [old], comparisons }, comparisons: [] })], {
    against: { ref: 'v1', commit: '0123456789abcdef' },
  });
}

const nothingOlder = (rows: readonly Row[]): BenchResult =>
  sampleBench([sampleWorkload(rows, { older: { rows: [], comparisons: [] } })], {
    against: { ref: 'v1', commit: '0123456789abcdef' },
  });

it.each([
  { ms: 30, outcome: 'unexpected', word: 'slower' },
  { ms: 40, outcome: 'expected', word: 'equal' },
  { ms: 60, outcome: 'expected', word: 'faster' },
])('is $outcome when the older version took $ms ms instead of 40', ({ ms, outcome, word }) => {
  const bench = beside(ms);

  expect(outcomeOf(bench.workloads, undefined)).toBe(outcome);
  expect(benchLines(bench).join('\n')).toMatch(
    new RegExp(`beside v1 \\(0123456789\\), measured in the same rounds:\\nrow .*${word}`),
  );
});

it('is unexpected when a row of the older version failed, and tells its reason', () => {
  const bench = beside(40, { failures: ['handshakes failed: 3 × ECONNRESET'] });

  expect(outcomeOf(bench.workloads, undefined)).toBe('unexpected');
  expect(benchLines(bench).join('\n')).toContain('failed row @ v1: handshakes failed: 3 × ECONNRESET');
});

it('proves nothing when the older version has none of the rows', () => {
  const bench = nothingOlder([sampleRow('row', 40)]);

  expect(outcomeOf(bench.workloads, undefined)).toBe('inconclusive');
  expect(benchLines(bench)).toContain('v1 has nothing to be measured here.');
  expect(toBenchHtml(bench)).toContain('v1 has nothing to be measured here.');
});

it('tells first on the page what became slower than in the older version', () => {
  const [problem] = problemsOf(beside(30));

  expect(problem).toMatchObject({ tone: 'unexpected', anchor: 'against', name: 'handshake beside v1' });
  expect(problem?.text).toMatch(/^row became slower: ×1\.3/);
  expect(toBenchHtml(beside(30))).toContain('<h2 id="against">Beside v1');
});

it('stands in the summary and fits the schema', () => {
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);

  expect(toBenchMarkdown(beside(30))).toContain('This version beside `v1` (0123456789)');
  expect(validate(beside(30)), JSON.stringify(validate.errors)).toBe(true);
});
