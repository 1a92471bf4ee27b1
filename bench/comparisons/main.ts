/**
 * `npm run bench:comparisons`: whether comparisons of rounds can be trusted. A handshake is compared with itself, and with one
 * that costs a known share more; each comparison takes rounds until it is decided, or its budget is spent. See ../README.md.
 */
import { scriptArguments } from '../../build/script-arguments.ts';
import { comparing } from '../../harness/bench/rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../harness/bench/rounds/summarize-row.ts';
import { takeRounds } from '../../harness/bench/rounds/take-rounds.ts';
import { median } from '../../harness/bench/statistics/order.ts';
import { type HandshakeRig, startHandshakeRig } from '../../harness/bench/workloads/handshake/rig.ts';
import { handshakeUnits, takeOf } from '../../harness/bench/workloads/handshake/take.ts';
import { systemClock } from '../../proxy/core/clock.ts';
import { seededRandom } from '../../proxy/core/random.ts';

/** A cost that is planted, as a share of the handshake's own, and how many of 20 comparisons have to see it. */
const kinds = [
  { title: 'A/A', cost: 0, wanted: 0 },
  { title: '+20 %', cost: 0.2, wanted: 19 },
  { title: '+5 %', cost: 0.05, wanted: 15 },
] as const;

const help = `npm run bench:comparisons [-- options]

Compares a TLS handshake with itself, and with one that costs 20 % and 5 % more. An hour and a half at most; run it while
the machine does nothing else.

  --count N             comparisons of each kind (20)
  --budget S            seconds for a comparison that stays undecided (90)
  --threshold PERCENT   differences below this do not count (2)
  --seed N              seed of every random choice (1)
  --help                print this

Exit codes: 0 as it should be · 1 a difference was seen where there is none, or too few where there is one · 64 wrong usage`;

const { number } = scriptArguments(help, {
  options: {
    count: { type: 'string', default: '20' },
    budget: { type: 'string', default: '90' },
    threshold: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
  },
});
const [count, budget, threshold, seed] = [
  number('count'),
  number('budget'),
  number('threshold'),
  number('seed', 0),
];

const handshake = { mode: 'full', version: 'TLSv1.3', key: 'ec', roundTripMs: 0 } as const;
const clock = systemClock();
const controller = new AbortController();
process.once('SIGINT', () => controller.abort(new Error('Interrupted')));

async function take(rig: HandshakeRig, burdenMs: number): Promise<Take> {
  const job = { version: handshake.version, offer: 'never', count: 40, concurrency: 1 } as const;
  return takeOf(handshake, await rig.shake({ ...handshake, burdenMs }, job));
}

/** What a handshake takes here, ms: the median of some rounds after the first. */
async function usualMs(rig: HandshakeRig): Promise<number> {
  const medians: number[] = [];
  for (let round = 0; round < 10; round += 1)
    medians.push(median((await take(rig, 0)).times.handshake ?? []));
  return median(medians.slice(2));
}

async function compareOnce(rig: HandshakeRig, burdenMs: number, name: string) {
  const random = seededRandom(seed).fork(name);
  const compare = comparing({ random, threshold: threshold / 100 });
  const pair = { base: 'A', other: 'B', of: 'handshake', title: name };
  const judge = (takes: ReadonlyMap<string, readonly Take[]>) =>
    compare(
      [...takes].map(([id, rounds]) => summarizeRow(id, rounds, handshakeUnits)),
      [pair],
    )[0];
  const startedAt = clock.now();
  const takes = await takeRounds({
    variants: [
      { id: 'A', take: () => take(rig, 0) },
      { id: 'B', take: () => take(rig, burdenMs) },
    ],
    random,
    clock,
    signal: controller.signal,
    fewest: 6,
    budgetMs: budget * 1_000,
    enough: (so) => judge(so)?.decision !== 'undecided',
  });
  const comparison = judge(takes);
  if (!comparison) throw new Error(`${name}: no rounds to compare`);
  return { comparison, seconds: (clock.now() - startedAt) / 1_000 };
}

await using rig = await startHandshakeRig({ seed });
const handshakeMs = await usualMs(rig);
console.log(
  `TLS 1.3 ECDSA full: ${handshakeMs.toFixed(3)} ms; threshold ${threshold} %, at most ${budget} s each, seed ${seed}\n`,
);
console.log('        decision     ratio  interval       rounds  s');
// Kinds take turns, so that a slow minute of the machine hits all of them.
const seen = new Map<string, Record<string, number>>();
for (let number = 1; number <= count; number += 1) {
  for (const { title, cost } of kinds) {
    const { comparison, seconds } = await compareOnce(rig, cost * handshakeMs, `${title} ${number}`);
    const { decision, ratio, interval, rounds } = comparison;
    const [low, high] = interval.map((bound) => bound.toFixed(3));
    console.log(
      `${title.padEnd(7)} ${decision.padEnd(11)}  ${ratio.toFixed(3)}  ${low}-${high}  ${String(rounds).padStart(6)}  ${seconds.toFixed(0)}`,
    );
    const tally = seen.get(title) ?? {};
    seen.set(title, { ...tally, [decision]: (tally[decision] ?? 0) + 1 });
  }
}

console.log(`\n        regression  improvement  equal  undecided   of ${count}`);
for (const { title, wanted } of kinds) {
  const { regression = 0, improvement = 0, equal = 0, undecided = 0 } = seen.get(title) ?? {};
  const held = wanted === 0 ? regression + improvement === 0 : regression >= Math.ceil((wanted / 20) * count);
  if (!held) process.exitCode = 1;
  console.log(
    `${title.padEnd(7)} ${String(regression).padStart(10)}  ${String(improvement).padStart(11)}  ${String(equal).padStart(5)}  ${String(undecided).padStart(9)}   ${held ? 'as it should be' : 'NOT as it should be'}`,
  );
}
