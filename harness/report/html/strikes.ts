/**
 * Which fault struck what: an entry of a connection is struck by each fault that met this connection, namely by the
 * fault's latest strike before the entry, or by its first one if that came later.
 */
import type { Entry, EntryOf } from '../../journal/entry.ts';
import { showValue } from '../text.ts';

/** For each struck entry, by its number, the numbers of the strikes; one for each fault. */
export type Struck = ReadonlyMap<number, readonly number[]>;

type Strike = EntryOf<'fault.strike'>;

export function struckBy(entries: readonly Entry[]): Struck {
  const strikes = Map.groupBy(entries.filter(isOnConnection), connectionOf);
  if (strikes.size === 0) return new Map();
  const byConnection = new Map(
    [...strikes].map(([connection, own]) => [
      connection,
      [...Map.groupBy(own, ({ fault }) => showValue(fault)).values()],
    ]),
  );
  return new Map(
    entries.flatMap((entry): [number, number[]][] => {
      const faults = isStrike(entry) ? undefined : byConnection.get(connectionOf(entry));
      return faults === undefined ? [] : [[entry.n, faults.map((own) => nearest(own, entry.n))]];
    }),
  );
}

const isStrike = (entry: Entry): entry is Strike => entry.kind === 'fault.strike';

const isOnConnection = (entry: Entry): entry is Strike => isStrike(entry) && connectionOf(entry) !== '';

/** Connections are counted on each link, so that it takes both to name one; empty for an entry of none. */
function connectionOf(entry: Entry): string {
  if (!('connection' in entry && 'link' in entry) || entry.connection === undefined) return '';
  return `${showValue(entry.link)}\n${showValue(entry.connection)}`;
}

/** Strikes are in order, and there may be thousands on one connection. */
function nearest(strikes: readonly Strike[], n: number): number {
  let [low, high] = [0, strikes.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((strikes[middle]?.n ?? 0) <= n) low = middle + 1;
    else high = middle;
  }
  return strikes[Math.max(0, low - 1)]?.n ?? n;
}
