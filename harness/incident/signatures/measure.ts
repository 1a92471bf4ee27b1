/** What signatures measure in the same way: the rhythm of the work, the attempts, the time-out; each says where it comes from. */
import type { Failures, Observed } from '../features/observed.ts';
import { seriesOf } from '../features/series.ts';
import type { IncidentPlan, Part } from '../plan.ts';
import type { Parameter } from './signature.ts';

/** The rhythm of work in ms where the data tell none: that of the lab’s agents. */
const usualMs = { report: 5_000, heartbeat: 30_000, message: 5_000, batch: 10_000 } as const;
/** Rhythms that the lab can keep. */
const [shortest, longest] = [200, 600_000];

/** A rhythm as it was measured, and the nearest that the lab can keep. */
export interface Rhythm extends Parameter {
  readonly value: number;
  readonly playMs: number;
}

/** How often the program does its work: by its failures where these are given, else by its requests or connections. */
export function rhythm(
  observed: Observed,
  failures: Failures | undefined,
  work: IncidentPlan['work'],
): Rhythm {
  const rows = [
    ...(failures ? [{ what: failures.family, ...failures }] : []),
    ...observed.requests.map((requests) => ({ what: requests.operation, ...requests })),
    {
      what: 'connections',
      ...seriesOf(observed.events.flatMap(({ kind, t }) => (kind === 'connect' ? (t ?? []) : []))),
    },
  ];
  for (const { what, periodMs, jitter = 1, gaps } of rows)
    if (periodMs !== undefined && periodMs >= 100 && jitter < 0.6)
      return rhythmOf(periodMs, `the median of ${gaps.length} gaps between ${what}`);
  const [gap] = failures?.gaps ?? [];
  if (gap !== undefined && gap >= shortest && gap <= longest)
    return rhythmOf(gap, `the one gap between ${failures?.family}`);
  return rhythmOf(usualMs[work], 'a default: the data tell no period');
}

function rhythmOf(ms: number, from: string): Rhythm {
  const value = Math.round(ms);
  return { name: 'everyMs', value, unit: 'ms', from, playMs: Math.min(longest, Math.max(shortest, value)) };
}

/** The rhythm of requests of which one in so many fails, by that of the failures. */
export function inTurn(ofFailures: Rhythm, turn = 1): Rhythm {
  const { value, from } = ofFailures;
  if (turn === 1 || from.startsWith('a default')) return ofFailures;
  return rhythmOf(value / turn, `${from}, of which one request in ${turn} is one`);
}

/** What the program’s requests are about. */
export function workOf({ events }: Observed): 'report' | 'heartbeat' {
  const operations = events.flatMap(({ operation }) => operation ?? []);
  const beats = operations.filter((operation) => /heartbeat|\bping\b|poll|commands/i.test(operation)).length;
  return beats * 2 > operations.length ? 'heartbeat' : 'report';
}

/** Which part plays a program that repeats its requests: one that says so, or one that does not. */
export function partOf({ retries, timeoutMs, failuresOf }: Observed): Part {
  const announces = retries.attempts !== undefined || retries.waitsMs.length > 0 || timeoutMs !== undefined;
  return announces || failuresOf('timeout') !== undefined ? 'retrying' : 'agent';
}

/** How the program tries again, as far as it says. */
export function tries({ retries, timeoutMs }: Observed): {
  readonly plan: Pick<IncidentPlan, 'attempts' | 'waits' | 'timeoutMs'>;
  readonly parameters: Parameter[];
} {
  const { attempts, waitsMs } = retries;
  const waits = (waitsMs[0] ?? 0) >= 20_000 ? 'capped' : 'quick';
  const needed = attempts ?? (waitsMs.length > 0 ? waitsMs.length + 1 : undefined);
  return {
    plan: {
      ...(needed === undefined ? {} : { attempts: needed }),
      ...(waitsMs.length === 0 ? {} : { waits }),
      ...(timeoutMs === undefined ? {} : { timeoutMs: Math.round(timeoutMs) }),
    },
    parameters: [
      ...(needed === undefined ? [] : [{ name: 'attempts', value: needed, from: 'as the log says' }]),
      ...(waitsMs.length === 0
        ? []
        : [
            {
              name: 'waits',
              value: waitsMs.map((ms) => `${ms / 1_000} s`).join(', '),
              from: 'as the log announces them',
            },
          ]),
      ...(timeoutMs === undefined
        ? []
        : [{ name: 'timeoutMs', value: Math.round(timeoutMs), unit: 'ms', from: 'as the log says' }]),
    ],
  };
}

/** So many rounds are played that a period can be measured. */
export const rounds = (everyMs: number, count = 6): number => Math.round(everyMs * (count + 0.5));
