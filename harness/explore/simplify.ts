/**
 * What is simpler than a fault, the simplest first. Simple is what holds throughout, then what begins and ends at round times; of two
 * that are as round, the longer one, since it depends the least on the moment, and so fails on real sockets as well. Each candidate is
 * strictly simpler, so that trying them comes to an end.
 */
import type { JsonObject } from '../journal/entry.ts';
import type { ScheduledFault } from './schedule.ts';

/** Faults that are simpler than `fault`, and differ in one thing, in a storm that lasts so long. */
export function* simplerFaults(fault: ScheduledFault, stormMs: number): Generator<ScheduledFault> {
  for (const [atMs, forMs] of simplerTimes(fault, stormMs)) yield { ...fault, atMs, forMs };
  for (const [name, value] of Object.entries(fault.params))
    for (const simple of simplerValues(name, value))
      yield { ...fault, params: { ...fault.params, [name]: simple } as JsonObject };
}

const steps = [10_000, 5_000, 1_000, 500, 100, 50, 10];

type Times = readonly [atMs: number, forMs: number];

/** The whole storm; from its beginning, or to its end; round times around those that it has, and shorter ones at last. */
function simplerTimes({ atMs, forMs }: ScheduledFault, stormMs: number): Times[] {
  const endMs = atMs + forMs;
  const down = (step: number): number => Math.floor(atMs / step) * step;
  const up = (step: number): number => Math.min(stormMs, Math.ceil(endMs / step) * step);
  const candidates: Times[] = [
    [0, stormMs],
    [0, endMs],
    [atMs, stormMs - atMs],
    ...steps.map((step): Times => [down(step), up(step) - down(step)]),
    ...steps.map((step): Times => [down(step), endMs - down(step)]),
    ...steps.map((step): Times => [atMs, up(step) - atMs]),
    ...steps.map(
      (step): Times => [
        Math.ceil(atMs / step) * step,
        Math.floor(endMs / step) * step - Math.ceil(atMs / step) * step,
      ],
    ),
  ];
  const current = complexity([atMs, forMs], stormMs);
  return candidates.filter((times) => times[1] > 0 && isLess(complexity(times, stormMs), current));
}

/** How much there is to say about it, and of two about which there is as much, the shorter one last. */
function complexity([atMs, forMs]: Times, stormMs: number): readonly number[] {
  const atEnd = atMs + forMs === stormMs;
  return [digits(atMs) + (atEnd ? 0 : digits(forMs) + 1), -forMs];
}

/** Digits before the zeros at the end; none for nothing. */
const digits = (ms: number): number => (ms === 0 ? 0 : String(ms).replace(/0+$/, '').length);

function isLess(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index]);
  return at >= 0 && (one[at] ?? 0) < (other[at] ?? 0);
}

/** Parameters that say how much; the others say which, and no number is simpler than another there. */
const amounts: ReadonlySet<string> = new Set(['latency', 'jitter', 'delay', 'bytes', 'byMs']);

/** Smaller amounts of the same sign; where it goes both ways, one way; else nothing. */
function simplerValues(name: string, value: unknown): unknown[] {
  if (value === 'both') return ['upstream', 'downstream'];
  if (!amounts.has(name) || typeof value !== 'number') return [];
  if (name === 'jitter') return value === 0 ? [] : [0];
  return Math.abs(value) > 100 ? [Math.trunc(value / 2)] : [];
}
