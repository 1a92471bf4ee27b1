/** A benchmark with everything that its page can show. */
import type { BenchResult } from '../../../../harness/bench/bench-result.ts';
import { compareRows } from '../../../../harness/bench/rounds/compare-rows.ts';
import { seededRandom } from '../../../../proxy/core/random.ts';
import { sampleBench, sampleRow, sampleWorkload } from '../sample-bench.ts';

const hands = { figures: { full: 5, resumed: 3, failed: 1 } };

export function matrixBench(): BenchResult {
  const rows = [
    sampleRow('near: full', 20, hands),
    sampleRow('near: resumed', 10, hands),
    sampleRow('near: broken', 10, { ...hands, failures: ['handshakes failed: 3 × ECONNRESET'] }),
    sampleRow('far: full', 100, hands),
    sampleRow('far: resumed', 101, hands),
    sampleRow('far: broken', 300, hands),
    sampleRow('miscounted', 10, { doubts: ['the load counted 1 full, the proxy 2'] }),
  ];
  const cells = rows.slice(0, 6).map(({ id }) => {
    const [column = '', line = ''] = id.split(': ');
    return { row: id, line, column };
  });
  const [control] = compareRows(
    [sampleRow('a', 20), sampleRow('b', 20)],
    [{ title: 'the same row twice', base: 'a', other: 'b', of: 'handshake' }],
    { random: seededRandom(1), threshold: 0.05 },
  );
  return sampleBench(
    [
      sampleWorkload(rows, {
        matrix: { title: 'handshake by distance', lineTitle: 'handshake', of: 'handshake', cells },
        ...(control ? { control } : {}),
        claims: [
          {
            id: 'handshakes-per-minute',
            figure: 'TLS handshakes per minute',
            requirement: 'R1.1',
            reportedBefore: 12,
            reportedAfter: 1,
            naive: 14,
            hardened: 3.5,
            unit: 'handshakes/min',
            holds: false,
          },
        ],
      }),
    ],
    { outcome: 'unexpected' },
  );
}
