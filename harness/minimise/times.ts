/** When a fault of a run holds, and what is a shorter time: it comes sooner after what it waits for, and does not hold as long. */
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Entry } from '../journal/entry.ts';
import type { FaultTimes, Reduction } from './reduction.ts';

/** A fault with its times. */
export interface TimedFault extends FaultTimes {
  readonly id: string;
  /** How long it held in the run that failed, lab milliseconds; undefined for one that never came into force. */
  readonly heldMs?: number;
}

/** How the faults of a scenario held in a run, by its journal. */
export function timedFaults(
  faults: Readonly<Record<string, PlannedFault>>,
  entries: readonly Entry[],
): TimedFault[] {
  const end = entries.at(-1)?.t ?? 0;
  return Object.entries(faults).map(([id, { from, until }]) => {
    const installed = entries.find((entry) => entry.kind === 'fault.installed' && entry.fault === id);
    const lifted = entries.find((entry) => entry.kind === 'fault.lifted' && entry.fault === id);
    return {
      id,
      ...(from === undefined ? {} : { from }),
      ...(until === undefined ? {} : { until }),
      ...(installed === undefined ? {} : { heldMs: Math.round((lifted?.t ?? end) - installed.t) }),
    };
  });
}

/** The faults that are left, with the times that differ from those of the scenario. */
export function reductionOf(
  left: readonly TimedFault[],
  whole: Readonly<Record<string, PlannedFault>>,
): Reduction {
  const faults = left.map(({ id, from, until }) => {
    const before = whole[id];
    const times: FaultTimes = {
      ...(from === undefined || from === before?.from ? {} : { from }),
      ...(until === undefined || until === before?.until ? {} : { until }),
    };
    return [id, times] as const;
  });
  return { faults: Object.fromEntries(faults) };
}

/** The same fault with a shorter time, the shortest first; `shortestMs` is the shortest that a busy machine keeps, lab milliseconds. */
export function* shorterTimes(fault: TimedFault, shortestMs: number): Generator<TimedFault> {
  const { from, until, heldMs } = fault;
  if (typeof from === 'object') {
    const delayMs = 'afterMs' in from ? from.afterMs : (from.delayMs ?? 0);
    for (const ms of delayMs < shortestMs ? [0] : [0, ...partsOf(delayMs, 0)])
      if (ms < delayMs)
        yield { ...fault, from: 'afterMs' in from ? { afterMs: ms } : { ...from, delayMs: ms } };
  }
  if (until !== undefined && 'strikes' in until) {
    for (const strikes of new Set([1, Math.floor(until.strikes / 2)]))
      if (strikes >= 1 && strikes < until.strikes) yield { ...fault, until: { strikes } };
    return;
  }
  const holdsMs = until !== undefined && 'afterMs' in until ? until.afterMs : heldMs;
  if (holdsMs === undefined) return;
  for (const ms of partsOf(holdsMs, shortestMs)) yield { ...fault, until: { afterMs: ms } };
}

/** An eighth and a half of a time and what is a little less, each 1, 2 or 5 with zeros behind. */
function partsOf(ms: number, leastMs: number): number[] {
  const parts = [ms / 8, ms / 2, ms - 1].map(roundDown);
  return [...new Set(parts)].filter((part) => part >= leastMs && part > 0 && part < ms);
}

export function roundDown(ms: number): number {
  if (ms < 1) return 0;
  const digit = 10 ** Math.floor(Math.log10(ms));
  return ([5, 2].find((factor) => factor * digit <= ms) ?? 1) * digit;
}

/** The next of them that is no less. */
export function roundUp(ms: number): number {
  const digit = 10 ** Math.floor(Math.log10(Math.max(1, ms)));
  return ([1, 2, 5].find((factor) => factor * digit >= ms) ?? 10) * digit;
}
