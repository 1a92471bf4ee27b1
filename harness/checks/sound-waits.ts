/**
 * Whether a program waits between its attempts as it should: not less and less, never the same for all, and no shorter than it
 * says (R2.6, R3.3, field issue D11). It reads what the program announces, on every path that announces anything.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher, ms } from './params.ts';

/** Parameters of {@link soundWaits}. */
export interface SoundWaitsParams {
  /** Entries that announce a wait before another attempt. */
  readonly of: Matcher;
  /** The field with the wait, in lab milliseconds. */
  readonly wait: string;
  /** The field with the number of the attempt that failed; the first is 1. */
  readonly attempt: string;
  /** Fields that tell the series apart, as log and operation. */
  readonly by: readonly string[];
  /** How much earlier than announced a wait may end, in lab milliseconds, beside a tenth of it. @default 100 */
  readonly earlyMs?: number;
  /** Other entries with number and fields that end an attempt, as the one that gives up. */
  readonly ends?: Matcher;
  /** No wait after a first attempt is shorter than this, in lab milliseconds. @default any will do */
  readonly leastFirstMs?: number;
}

/** Equal waits after one attempt that are no accident any more: a spread of 200 ms gives them once in 40,000 times. */
const equalWaits = 3;
/** Shorter waits have too few values to differ. */
const shortestJitteredMs = 500;
/** What the widest jitter, of 50 to 150 %, leaves of a wait from one attempt to the next where both are at the cap, and some more. */
const leastGrowth = 0.45;
/** Waits that double are four times as long two attempts later; of that the widest jitter leaves 1.33. */
const leastGrowthOfTwo = 1.25;
/** What is so long may be at its cap, which the widest jitter cuts in half. */
const cappedFromMs = 15_000;
/** How much of an announced wait has to pass. */
const leastKept = 0.9;
const usualEarlyMs = 100;

/** Passes when announced waits are long enough at first, grow and do not fall back, are not the same again and again, and are kept. */
export const soundWaits = defineCheck<SoundWaitsParams>(
  'sound-waits',
  {
    of: matcher,
    wait: fieldName,
    attempt: fieldName,
    by: z.array(fieldName).min(1),
    earlyMs: z.number().positive().optional(),
    ends: matcher.optional(),
    leastFirstMs: ms.optional(),
  },
  { of: ['wait', 'attempt'], ends: [] },
  (entries, params) => {
    const { leastFirstMs = 0 } = params;
    const least = leastFirstMs > 0 ? `, the first at least ${figure(leastFirstMs, 'ms')}` : '';
    const expected = `waits that grow, differ, and are kept${least}`;
    const announced = select(entries, params.of);
    const waits = announced.filter((entry) => waitOf(entry, params) > 0);
    const hasty = announced.filter((entry) => isHasty(entry, params));
    if (waits.length + hasty.length === 0) return nothingToJudge(expected, 'no wait was announced');
    const ends = params.ends ? select(entries, params.ends) : [];
    const series = Map.groupBy([...waits, ...ends].toSorted(inOrder), (entry) => seriesOf(entry, params));
    const pairs = [...series.values()].flatMap((group) => pairsOf(group, params));
    const found = {
      'too short at first': hasty,
      'no longer two attempts later': [...series.values()].flatMap((group) => flatIn(group, params)),
      'less than half of the one before': pairs.filter((pair) => shrinks(pair, params)).map(second),
      'cut short': pairs.filter((pair) => isCutShort(pair, params)).map(second),
      'the same again and again': sameAgain(waits, params),
    };
    const wrong = Object.values(found).flat();
    const measured = Object.entries(found)
      .map(([what, where]) => `${where.length} ${what}`)
      .join(', ');
    const first = wrong[0] === undefined ? '' : `, as ${figure(waitOf(wrong[0], params), 'ms')}`;
    return finding(
      wrong.length === 0,
      `of ${announced.length} waits ${measured}${first}`,
      expected,
      wrong.length > 0 ? wrong : waits,
      wrong.length,
    );
  },
);

type Pair = readonly [Entry, Entry];

const second = ([, entry]: Pair): Entry => entry;
const inOrder = (a: Entry, b: Entry): number => a.n - b.n;
const numberAt = (entry: Entry, field: string): number => Number(valueAt(entry, field) ?? Number.NaN);
const waitOf = (entry: Entry, { wait }: SoundWaitsParams): number => numberAt(entry, wait) || 0;

const seriesOf = (entry: Entry, { by }: SoundWaitsParams): string =>
  JSON.stringify(by.map((field) => valueAt(entry, field) ?? null));

/** Each wait with what came after the attempt that followed it. */
function pairsOf(group: readonly Entry[], { attempt }: SoundWaitsParams): Pair[] {
  return group.flatMap((entry, index): Pair[] => {
    const next = group[index + 1];
    return next && numberAt(next, attempt) === numberAt(entry, attempt) + 1 ? [[entry, next]] : [];
  });
}

function isHasty(entry: Entry, params: SoundWaitsParams): boolean {
  const isFirst = numberAt(entry, params.attempt) === 1;
  return isFirst && numberAt(entry, params.wait) < (params.leastFirstMs ?? 0);
}

/** Waits that are about as long as the one two attempts before. */
function flatIn(group: readonly Entry[], params: SoundWaitsParams): Entry[] {
  return group.filter((entry, index) => {
    const [before, between] = [group[index - 2], group[index - 1]];
    if (!before || !between) return false;
    const numbers = [before, between, entry].map((each) => numberAt(each, params.attempt));
    const areInARow = numbers.every((number, place) => number === (numbers[0] ?? 0) + place);
    const waitMs = waitOf(entry, params);
    if (!areInARow || waitMs === 0 || waitMs >= cappedFromMs) return false;
    return waitMs < waitOf(before, params) * leastGrowthOfTwo;
  });
}

function shrinks([entry, next]: Pair, params: SoundWaitsParams): boolean {
  const waitMs = waitOf(next, params);
  return waitMs > 0 && waitMs < waitOf(entry, params) * leastGrowth;
}

function isCutShort([entry, next]: Pair, params: SoundWaitsParams): boolean {
  const { earlyMs = usualEarlyMs } = params;
  return next.t - entry.t < waitOf(entry, params) * leastKept - earlyMs;
}

function sameAgain(waits: readonly Entry[], params: SoundWaitsParams): Entry[] {
  const long = waits.filter((entry) => waitOf(entry, params) >= shortestJitteredMs);
  const alike = Map.groupBy(long, (entry) => `${numberAt(entry, params.attempt)} ${waitOf(entry, params)}`);
  return [...alike.values()].filter((group) => group.length >= equalWaits).flat();
}
