/**
 * Whether a program waits between its attempts as it should: not less and less, never the same for all, and no shorter than it
 * says (R2.6, R3.3, field issue D11). It reads what the program announces, on every path that announces anything.
 */
import * as z from 'zod';
import type { Entry } from '../journal/entry.ts';
import { type Matcher, select, valueAt } from '../journal/matcher.ts';
import { figure } from './bounds.ts';
import { defineCheck, finding, nothingToJudge } from './check.ts';
import { fieldName, matcher } from './params.ts';

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
}

/** Equal waits after one attempt that are no accident any more: a spread of 200 ms gives them once in 40,000 times. */
const equalWaits = 3;
/** Shorter waits have too few values to differ. */
const shortestJitteredMs = 500;
/** What the widest jitter, of 50 to 150 %, leaves of a wait from one attempt to the next where both are at the cap, and some more. */
const leastGrowth = 0.45;
/** How much of an announced wait has to pass. */
const leastKept = 0.9;
const usualEarlyMs = 100;

/** Passes when announced waits do not fall back from one attempt to the next, are not the same again and again, and are kept. */
export const soundWaits = defineCheck<SoundWaitsParams>(
  'sound-waits',
  {
    of: matcher,
    wait: fieldName,
    attempt: fieldName,
    by: z.array(fieldName).min(1),
    earlyMs: z.number().positive().optional(),
    ends: matcher.optional(),
  },
  { of: ['wait', 'attempt'], ends: [] },
  (entries, params) => {
    const expected = 'waits that do not fall back, differ, and are kept';
    const waits = select(entries, params.of).filter((entry) => waitOf(entry, params) > 0);
    if (waits.length === 0) return nothingToJudge(expected, 'no wait was announced');
    const ends = params.ends ? select(entries, params.ends) : [];
    const series = Map.groupBy([...waits, ...ends].toSorted(inOrder), (entry) => seriesOf(entry, params));
    const pairs = [...series.values()].flatMap((group) => pairsOf(group, params));
    const found = {
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
      `of ${waits.length} waits ${measured}${first}`,
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
