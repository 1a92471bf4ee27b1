/** Where a figure is from, in words: its rounds, their middle, and how far they lie apart. */
import { showNumber } from '../../../report/text.ts';
import type { Figure, Times } from '../../bench-result.ts';
import { deviation } from '../../statistics/order.ts';

/** Rounds that are written out before the rest is left to `bench.json`. */
const mostRounds = 40;

export function timesInWords({ count, p50, max, p99, p99Interval, roundMedians }: Times): string {
  const interval = p99Interval ? ` (95 %: ${three(p99Interval[0])}–${three(p99Interval[1])})` : '';
  const apart = roundMedians.length > 0 ? `, deviation of them ${three(deviation(roundMedians))} ms` : '';
  return `${showNumber(count)} values, p50 ${three(p50)}, p99 ${three(p99)}${interval}, max ${three(max)} ms; medians of ${roundMedians.length} rounds ${listOf(roundMedians)}${apart}`;
}

export function figureInWords({ unit, median, deviation: apart, rounds }: Figure): string {
  return `${three(median)} ${unit}, median of ${rounds.length} rounds ${listOf(rounds)}, deviation of them ${three(apart)}`;
}

/** The rounds one after the other, in their order. */
export function listOf(rounds: readonly number[]): string {
  const more = rounds.length > mostRounds ? ` … (+${rounds.length - mostRounds})` : '';
  return `${rounds.slice(0, mostRounds).map(three).join(' · ')}${more}`;
}

/** Three digits that say something; whole numbers as they are. */
export const three = (value: number): string =>
  Number.isInteger(value) ? showNumber(value) : String(Number(value.toPrecision(3)));
