/** What the proxy has to reach, as ratios taken round by round: both sides of a pair met the same minute. */
import type { Figures } from './measures.ts';
import { deviation, median } from './statistics.ts';
import type { SubjectName } from './subjects.ts';

/** The rounds of one measure, by subject. */
export type Rounds = ReadonlyMap<SubjectName, readonly Figures[]>;

interface Goal {
  readonly text: string;
  readonly measure: string;
  readonly bound: { readonly atLeast: number } | { readonly atMost: number };
  /** The ratio of one round; `of` gives a subject's figure in it. */
  ratio(of: (subject: SubjectName, figure: string) => number): number;
}

/** What became of a goal. */
export interface GoalOutcome {
  readonly text: string;
  readonly ratio: number;
  /** Median absolute deviation of the ratio over the rounds. */
  readonly noise: number;
  readonly bound: string;
  readonly reached: boolean;
}

const goals: readonly Goal[] = [
  {
    text: 'bulk, of Toxiproxy',
    measure: 'bulk',
    bound: { atLeast: 1.3 },
    ratio: (of) => of('shaketable', 'throughput') / of('toxiproxy', 'throughput'),
  },
  {
    text: 'added round trip, of Toxiproxy',
    measure: 'requests-1',
    bound: { atMost: 0.8 },
    ratio: (of) =>
      (of('shaketable', 'trip') - of('direct', 'trip')) / (of('toxiproxy', 'trip') - of('direct', 'trip')),
  },
  {
    text: 'requests/s at 64 connections, of Toxiproxy',
    measure: 'requests-64',
    bound: { atLeast: 1 },
    ratio: (of) => of('shaketable', 'rate') / of('toxiproxy', 'rate'),
  },
  ...[1, 20, 200].map(
    (latencyMs): Goal => ({
      text: `error of ${latencyMs} ms of latency at p99, of Toxiproxy`,
      measure: `latency-${latencyMs}`,
      bound: { atMost: 1 },
      ratio: (of) => of('shaketable', 'p99') / of('toxiproxy', 'p99'),
    }),
  ),
  ...['handshakes', 'throughput'].map(
    (figure): Goal => ({
      text: `TLS ${figure} with taps, of those without`,
      measure: 'taps',
      bound: { atLeast: 0.85 },
      ratio: (of) => of('taps on', figure) / of('taps off', figure),
    }),
  ),
];

/** The goals of the measures that were taken, whose subjects were all there. */
export function judge(results: ReadonlyMap<string, Rounds>): GoalOutcome[] {
  return goals.flatMap((goal) => {
    const rounds = results.get(goal.measure);
    const [first] = rounds?.values() ?? [];
    const count = first?.length ?? 0;
    const ratios = Array.from({ length: count }, (_, round) =>
      goal.ratio((subject, figure) => rounds?.get(subject)?.[round]?.[figure] ?? Number.NaN),
    );
    if (count === 0 || ratios.some(Number.isNaN)) return [];
    return [outcome(goal, median(ratios), deviation(ratios))];
  });
}

function outcome({ text, bound }: Goal, ratio: number, noise: number): GoalOutcome {
  if ('atLeast' in bound)
    return { text, ratio, noise, bound: `≥ ${bound.atLeast}`, reached: ratio >= bound.atLeast };
  return { text, ratio, noise, bound: `≤ ${bound.atMost}`, reached: ratio <= bound.atMost };
}
