/**
 * How a program waits between its attempts when nobody told it how to: the shape of its back-off, read from the wire alone.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge, type Scope, within } from './check.ts';
import { fewest, matcher, ms, scope, share } from './params.ts';

/** Parameters of {@link backOff}. */
export interface BackOffParams extends Scope {
  /** One entry an attempt. */
  readonly of: Matcher;
  /** The most attempts in any minute of lab time. */
  readonly atMost?: number;
  /** The last waits are at least so many times as long as the first. */
  readonly growth?: number;
  /** No wait is longer than this, in lab milliseconds, with a fifth for the attempt itself. */
  readonly capMs?: number;
  /** No wait is shorter than this, in lab milliseconds. */
  readonly leastMs?: number;
  /** No wait is shorter than this share of the one before: what jitter leaves of it. */
  readonly keeps?: number;
  /** Waits of the same length differ at least by this share of their mean. */
  readonly jitter?: number;
  /** How many attempts there have to be. @default 2 */
  readonly fewest?: number;
}

/** Attempts that come together are one: a pool that opens two connections at once waits once. */
const togetherMs = 50;
const minuteMs = 60_000;
/** What an attempt itself takes, and a busy machine, above a cap. */
const spare = 1.2;

/** Passes when attempts are no more than allowed, and waits grow, never fall back, lie in their bounds and differ as far as asked for. */
export const backOff = defineCheck<BackOffParams>(
  'back-off',
  {
    of: matcher,
    atMost: z.number().min(0).optional(),
    growth: z.number().min(0).optional(),
    capMs: ms.optional(),
    leastMs: ms.optional(),
    keeps: share.optional(),
    jitter: z.number().min(0).optional(),
    fewest,
    ...scope,
  },
  { of: [] },
  (entries, params) => {
    const { atMost, growth, capMs, leastMs = 0, keeps = 0, jitter, fewest = 2 } = params;
    const expected = inWords(params);
    const all = select(within(entries, params) ?? [], params.of);
    const attempts = apart(all);
    if (attempts.length < fewest)
      return nothingToJudge(expected, `${attempts.length} attempts seen, ${fewest} needed`);
    const waits = attempts.slice(1).map((entry, index) => entry.t - (attempts[index]?.t ?? entry.t));
    const most = mostInAMinute(all);
    const grown = growthOf(waits);
    const longest = Math.max(0, ...waits);
    const shortest = Math.min(...waits);
    const fallen = waits.find((wait, index) => wait < (waits[index - 1] ?? 0) * keeps);
    const spread = spreadOf(waits);
    const wrong = [
      atMost !== undefined && most > atMost,
      growth !== undefined && (grown === undefined || grown < growth),
      capMs !== undefined && longest > capMs * spare,
      shortest < leastMs,
      fallen !== undefined,
      jitter !== undefined && (spread === undefined || spread < jitter),
    ];
    const measured = [
      `${most} attempts in the busiest minute`,
      `waits ${waits
        .slice(0, 6)
        .map((wait) => figure(wait, 'ms'))
        .join(', ')}${waits.length > 6 ? ', …' : ''}`,
      ...(grown === undefined ? [] : [`growth ×${grown.toFixed(1)}`]),
      `longest ${figure(longest, 'ms')}`,
      ...(leastMs > 0 && waits.length > 0 ? [`shortest ${figure(shortest, 'ms')}`] : []),
      ...(fallen === undefined ? [] : [`back to ${figure(fallen, 'ms')}`]),
      ...(spread === undefined ? [] : [`jitter ${figure(spread, '%')}`]),
    ].join(', ');
    return finding(!wrong.includes(true), measured, expected, attempts, most);
  },
);

function inWords({ atMost, growth, capMs, leastMs, keeps, jitter }: BackOffParams): string {
  const asked = [
    ...(atMost === undefined ? [] : [`at most ${atMost} attempts a minute`]),
    ...(growth === undefined ? [] : [`waits that grow by ×${growth}`]),
    ...(capMs === undefined ? [] : [`none longer than ${figure(capMs, 'ms')}`]),
    ...(leastMs === undefined ? [] : [`none shorter than ${figure(leastMs, 'ms')}`]),
    ...(keeps === undefined ? [] : [`each at least ${figure(keeps, '%')} of the one before`]),
    ...(jitter === undefined ? [] : [`a jitter of ${figure(jitter, '%')}`]),
  ];
  return asked.length === 0 ? 'attempts' : asked.join(', ');
}

function apart(entries: readonly Entry[]): Entry[] {
  return entries.filter((entry, index) => index === 0 || entry.t - (entries[index - 1]?.t ?? 0) > togetherMs);
}

function mostInAMinute(entries: readonly Entry[]): number {
  let start = 0;
  let most = 0;
  for (const [end, entry] of entries.entries()) {
    while (entry.t - (entries[start]?.t ?? entry.t) > minuteMs) start += 1;
    most = Math.max(most, end + 1 - start);
  }
  return most;
}

/** The longest wait of the last half as a multiple of the first one: one cycle's own pause after giving up is no fall-back. */
function growthOf(waits: readonly number[]): number | undefined {
  const [first] = waits;
  if (first === undefined || first <= 0 || waits.length < 2) return undefined;
  return Math.max(...waits.slice(Math.floor(waits.length / 2))) / first;
}

/** The spread of the last waits, which are as long as each other once they are capped, as a share of their mean. */
function spreadOf(waits: readonly number[]): number | undefined {
  const last = waits.slice(-Math.max(3, Math.floor(waits.length / 2)));
  if (last.length < 3) return undefined;
  const mean = last.reduce((sum, wait) => sum + wait, 0) / last.length;
  return mean === 0 ? undefined : (Math.max(...last) - Math.min(...last)) / mean;
}
