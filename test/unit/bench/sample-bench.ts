/** A benchmark as a file would have it, made from numbers. */
import type { BenchResult, Row, WorkloadResult } from '../../../harness/bench/bench-result.ts';
import { compareRows } from '../../../harness/bench/rounds/compare-rows.ts';
import { summarizeRow, type Take } from '../../../harness/bench/rounds/summarize-row.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

/** Rounds of a row in which each handshake took about `ms`; `figure` is one more that it may have. */
export function sampleRow(id: string, ms: number, change: Partial<Take> = {}, figure = 'failed'): Row {
  const takes = Array.from({ length: 10 }, (_, round) => ({
    times: { handshake: [ms, ms * 1.1, ms * (1 + round / 100)] },
    figures: { failed: 0 },
    failures: [],
    doubts: [],
    ...change,
  }));
  const units = { full: 'handshakes', resumed: 'handshakes', failed: 'handshakes', [figure]: 'handshakes' };
  return summarizeRow(id, takes, units);
}

export function sampleWorkload(rows: readonly Row[], change: Partial<WorkloadResult> = {}): WorkloadResult {
  const [one, other = one] = rows;
  const pair = {
    title: `${one?.id} → ${other?.id}`,
    base: one?.id ?? '',
    other: other?.id ?? '',
    of: 'handshake',
  };
  return {
    name: 'handshake',
    title: 'TLS handshakes, full and resumed: time, round trips, bytes, processor time',
    replay: 'shaketable bench handshake --seed 1',
    durationMs: 61_000,
    rounds: 10,
    tables: [
      {
        title: 'a handshake, ms',
        columns: [
          { title: 'p50', of: 'handshake', take: 'p50', digits: 2 },
          { title: 'failed', of: 'failed', digits: 0 },
          { title: 'not there', of: 'nothing', digits: 0 },
        ],
      },
    ],
    rows,
    comparisons: compareRows(rows, [pair], { random: seededRandom(1), threshold: 0.05 }),
    notes: [
      'Certificates are verified, and a sentence that is long enough to need a second line of text is wrapped.',
    ],
    ...change,
  };
}

export function sampleBench(
  workloads: readonly WorkloadResult[],
  change: Partial<BenchResult> = {},
): BenchResult {
  return {
    version: 1,
    id: 'bench-2026-01-02T03-04-05-seed-1',
    seed: 1,
    quick: false,
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 62_000,
    machine: { platform: 'linux x64', processor: 'A processor', cores: 2, memoryBytes: 8_000_000_000 },
    versions: { node: 'v24.21.0', shaketable: '0.1.0', openssl: '3.5' },
    outcome: 'expected',
    workloads,
    ...change,
  };
}
