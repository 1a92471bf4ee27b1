/**
 * A journal as it would be had the machine not stood still: the time of each stall is taken out of the clock, and out of what
 * entries measured across it. Entries keep their numbers, so that evidence means the same in both.
 */
import type { Entry, EntryOf, JsonObject } from './entry.ts';

/** How long the machine stood still in all. */
export interface Stalled {
  readonly labMs: number;
  readonly realMs: number;
}

/** What entries announce or ask for; no time has passed in it. */
const announced = new Set(['delayMs', 'retryAfterMs', 'withinMs', 'boundMs', 'earlyMs', 'lateMs', 'realMs']);

/** The stalls of a journal in sum; undefined where there was none. */
export function stalledIn(entries: readonly Entry[]): Stalled | undefined {
  const stalls = stallsOf(entries);
  if (stalls.length === 0) return undefined;
  const sum = (field: 'lateMs' | 'realMs'): number =>
    stalls.reduce((all, stall) => all + Number(stall[field]), 0);
  return { labMs: sum('lateMs'), realMs: sum('realMs') };
}

/** How long the lab's thread did not go on, by the machine's doing or by a call that held it, real milliseconds. */
export function delayedMs(entries: readonly Entry[]): number {
  return entries.reduce(
    (sum, entry) => (entry.kind === 'lab.stall' || entry.kind === 'lab.held' ? sum + entry.realMs : sum),
    0,
  );
}

/** The same entries, in the same order, at the times and with the durations that they would have without the stalls. */
export function withoutStalls(entries: readonly Entry[]): Entry[] {
  const lostBefore = lostTime(entries);
  return entries.map((entry) => {
    const lost = lostBefore(entry.t);
    const durations = Object.entries(entry as JsonObject).flatMap(([field, value]): [string, number][] =>
      typeof value === 'number' && field.endsWith('Ms') && !announced.has(field)
        ? [[field, Math.max(0, value - (lost - lostBefore(entry.t - value)))]]
        : [],
    );
    return { ...entry, ...Object.fromEntries(durations), t: entry.t - lost };
  });
}

/** How much time of the journal was lost up to a moment of it; stalls that overlap lose it once. */
function lostTime(entries: readonly Entry[]): (t: number) => number {
  const stalls = stallsOf(entries)
    .map(({ t, lateMs }) => ({ from: t - Number(lateMs), to: t }))
    .toSorted((a, b) => a.from - b.from);
  /** In order and apart, each with what was lost before it. */
  const apart: { from: number; to: number; before: number }[] = [];
  for (const { from, to } of stalls) {
    const last = apart.at(-1);
    if (last && from <= last.to) last.to = Math.max(last.to, to);
    else apart.push({ from, to, before: last ? last.before + last.to - last.from : 0 });
  }
  return (t) => {
    let [low, high] = [0, apart.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((apart[middle]?.from ?? t) < t) low = middle + 1;
      else high = middle;
    }
    const last = apart[low - 1];
    return last ? last.before + Math.min(t, last.to) - last.from : 0;
  };
}

const stallsOf = (entries: readonly Entry[]): EntryOf<'lab.stall'>[] =>
  entries.filter((entry) => entry.kind === 'lab.stall');
