import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv } from 'ajv';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { expect, it } from 'vitest';
import { toHistogramLog } from '../../../harness/bench/report/histogram-log.ts';
import { parseBench } from '../../../harness/bench/report/parse-bench.ts';
import { toBenchMarkdown } from '../../../harness/bench/report/summary.ts';
import { benchLines } from '../../../harness/bench/report/text.ts';
import { compareWithSaved } from '../../../harness/bench/rounds/compare-rows.ts';
import { outcomeOf } from '../../../harness/bench/run-bench.ts';
import { summarizeTimes } from '../../../harness/bench/statistics/times.ts';
import type { Claim } from '../../../harness/report/run-result.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { sampleBench, sampleRow, sampleWorkload } from './sample-bench.ts';

const full = sampleRow('20 ms TLSv1.2 ECDSA full', 40);
const resumed = sampleRow('20 ms TLSv1.2 ECDSA resumed', 20);
const failed = sampleRow('broken', 10, { failures: ['handshakes failed: 3 × ECONNRESET'] });
const doubtful = sampleRow('void', 10, { doubts: ['the load counted 1 full, the proxy 2'] });
const claim: Claim = {
  id: 'handshakes-per-minute',
  figure: 'TLS handshakes per minute at a 5 s cycle',
  requirement: 'R1.1',
  reportedBefore: 12,
  reportedAfter: 1,
  naive: 14,
  hardened: 3.5,
  unit: 'handshakes/min',
  holds: false,
};
const compare = (saved: number, now: number) =>
  compareWithSaved([sampleRow('row', saved)], [sampleRow('row', now)], {
    random: seededRandom(1),
    threshold: 0.05,
  });

const bench = sampleBench(
  [
    sampleWorkload([full, resumed, failed, doubtful], { claims: [claim] }),
    sampleWorkload([], { name: 'other', comparisons: [] }),
  ],
  {
    quick: true,
    baseline: {
      file: 'saved.json',
      id: 'bench-1',
      startedAt: '2026-01-01T00:00:00.000Z',
      sameMachine: true,
      comparisons: compare(10, 20),
    },
  },
);

it('keeps within 80 columns', () => {
  const lines = benchLines(bench);

  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines.length).toBeGreaterThan(20);
});

it('shows figures, comparisons, claims with their ratio, and why a row is not measured', () => {
  const text = benchLines(bench).join('\n');

  expect(text).toMatch(/20 ms TLSv1.2 ECDSA full +4\d\.\d\d +0 +–/);
  expect(text).toMatch(/×0\.50 \(0\.\d\d–0\.\d\d\) +faster/);
  expect(text).toContain('failed broken: handshakes failed: 3 × ECONNRESET');
  expect(text).toContain('void void: the load counted 1 full, the proxy 2');
  expect(text).toMatch(/reported 12 → 1 +ratio ×0\.08\n +measured 14 → 3\.5 +ratio ×0\.25 +✕ does not hold/);
  expect(text).toMatch(/a\s+hint, no proof/);
});

it('says the same in Markdown, where nothing of a row ends its cell', () => {
  const markdown = toBenchMarkdown(
    sampleBench([sampleWorkload([sampleRow('a | b', 10)], { claims: [claim] })], { outcome: 'inconclusive' }),
  );

  expect(markdown).toContain('| a \\| b | ');
  expect(markdown).toContain('| 12 | 1 | 14 | 3.5 | ×0.25 | ✕ does not hold | R1.1 |');
});

it('is what the published schema says, and what is missing there is refused', () => {
  const schema = JSON.parse(
    readFileSync(resolve(import.meta.dirname, '../../../harness/bench/bench-schema.json'), 'utf8'),
  ) as object;
  const validate = new Ajv({ allowUnionTypes: true }).compile(schema);
  const control = bench.workloads[0]?.comparisons[0];
  const whole = sampleBench([
    sampleWorkload([full, resumed], { claims: [claim], ...(control ? { control } : {}) }),
  ]);

  expect(validate(JSON.parse(JSON.stringify(whole))), JSON.stringify(validate.errors)).toBe(true);
  expect(validate(JSON.parse(JSON.stringify(bench))), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...whole, seed: undefined })).toBe(false);
  expect(validate({ ...whole, more: 1 })).toBe(false);
});

it('reads back what it wrote', () => {
  expect(parseBench(JSON.stringify(bench), 'bench.json')).toEqual(bench);
});

it.each([
  ['', 'half-written'],
  ['{}', 'names no version'],
  ['{"version":2}', 'has version 2'],
  ['{"version":1}', 'machine should be an object'],
  [JSON.stringify({ ...bench, workloads: [{ name: 'a', rows: [{ id: 'b' }] }] }), 'workloads[0].rows[0]'],
])('refuses %s as a baseline', (text, message) => {
  expect(() => parseBench(text, 'file')).toThrow(message);
});

it('is unexpected when a row failed or became slower, and inconclusive when something is in doubt', () => {
  const quiet = { rows: [full] };
  const [control] = bench.workloads[0]?.comparisons ?? [];

  expect(outcomeOf([quiet], undefined)).toBe('expected');
  expect(outcomeOf([quiet, { rows: [failed] }], undefined)).toBe('unexpected');
  expect(outcomeOf([{ rows: [doubtful] }], undefined)).toBe('inconclusive');
  expect(outcomeOf([{ ...quiet, ...(control ? { control } : {}) }], undefined)).toBe('inconclusive');
  expect(outcomeOf([quiet], { comparisons: compare(10, 20) })).toBe('unexpected');
  expect(outcomeOf([quiet], { comparisons: compare(20, 10) })).toBe('expected');
  expect(outcomeOf([quiet], { comparisons: compare(10, 10.4) })).toBe('inconclusive');
  expect(outcomeOf([quiet], { comparisons: [] })).toBe('inconclusive');
});

it('compares no row that was not measured', () => {
  const options = { random: seededRandom(1), threshold: 0.05 };

  expect(compareWithSaved([failed], [failed], options)).toEqual([]);
});

it('says once what is to be known of several rows that were measured', () => {
  const remarks = ['the generator was the limit'];
  const rows = [sampleRow('one', 10, { remarks }), sampleRow('other', 10, { remarks })];
  const sample = sampleBench([sampleWorkload(rows)]);

  expect(rows.map(({ status }) => status)).toEqual(['measured', 'measured']);
  expect(benchLines(sample)).toContain('the generator was the limit (one, other)');
});

it('keeps all values of all rounds in a histogram that other tools read', () => {
  const rounds = [
    Array.from({ length: 600 }, (_, index) => index + 1),
    Array.from({ length: 600 }, () => 20.5),
  ];

  const times = summarizeTimes(rounds);

  const decoded = decodeFromCompressedBase64(times?.histogram ?? '');
  expect(decoded.totalCount).toBe(1_200);
  expect(times?.count).toBe(1_200);
  expect(times?.p50).toBeCloseTo(20.5, 1);
  expect(times?.max).toBeCloseTo(600, -1);
  expect(times?.roundMedians).toEqual([300.5, 20.5]);
  expect(times?.p99Interval?.[0]).toBeLessThan(times?.p99 ?? 0);
  expect(times?.p99Interval?.[1]).toBeGreaterThan(times?.p99 ?? 0);
});

it('writes a log of histograms, one line for each name of each row', () => {
  const lines = toHistogramLog(sampleBench([sampleWorkload([full, resumed])]))
    .trimEnd()
    .split('\n');

  expect(lines).toContain('#[Histogram log format version 1.3]');
  const [tag, start, interval, max, histogram = ''] = (lines.at(-1) ?? '').split(',');
  expect(tag).toBe('Tag=handshake_20_ms_TLSv1.2_ECDSA_resumed_handshake');
  expect([start, interval]).toEqual(['0.000', '61.000']);
  expect(Number(max)).toBeCloseTo(22_000, -2);
  expect(decodeFromCompressedBase64(histogram).totalCount).toBe(30);
  expect(lines.filter((line) => line.startsWith('Tag='))).toHaveLength(2);
});

it('gives no interval of p99 where there are too few values for one', () => {
  expect(summarizeTimes([[1, 2, 3]])?.p99Interval).toBeNull();
  expect(summarizeTimes([[], []])).toBeUndefined();
});
