/**
 * The lane of faults: a bar while one is in force, a mark where it strikes, a row for each fault.
 */
import type { Entry } from '../../journal/entry.ts';
import { showValue } from '../text.ts';
import { type Bar, type Lane, type LaneContext, type Mark, shownNote } from './lane.ts';
import { thin } from './limits.ts';

/** Rows that the lane may have; further faults share the last one. */
const mostRows = 6;

export function faultLane({ entries, end, limit, cited }: LaneContext): Lane | undefined {
  const ids = [...new Set(entries.filter(isOfFault).map(idOf))];
  if (ids.length === 0) return undefined;
  const rowOf = (id: string): number => Math.min(ids.indexOf(id), mostRows - 1);
  const strikes = entries.filter((entry) => entry.kind === 'fault.strike');
  const marks = thin(strikes, limit, (entry) => cited.has(entry.n)).map(
    (entry): Mark => ({ t: entry.t, row: rowOf(idOf(entry)), look: 'strike', entries: [entry.n] }),
  );
  const bars = ids.flatMap((id) => spans(entries, id, end, rowOf(id)));
  const note = strikes.length === 0 ? 'no strike' : `strikes: ${shownNote(strikes.length, marks.length)}`;
  return { name: 'faults', note, rows: Math.min(ids.length, mostRows), bars, marks };
}

const isOfFault = (entry: Entry): boolean => entry.kind.startsWith('fault.');

const idOf = (entry: Entry): string => showValue(entry.fault);

/** From each installation to the lifting that follows it, or to the end. */
function spans(entries: readonly Entry[], id: string, end: number, row: number): Bar[] {
  const bars: Bar[] = [];
  let installed: Entry | undefined;
  for (const entry of entries) {
    if (!isOfFault(entry) || idOf(entry) !== id) continue;
    if (entry.kind === 'fault.installed') installed ??= entry;
    if (entry.kind !== 'fault.lifted' || installed === undefined) continue;
    bars.push(span(installed, entry.t, row, [installed.n, entry.n]));
    installed = undefined;
  }
  if (installed) bars.push(span(installed, end, row, [installed.n]));
  return bars;
}

function span(installed: Entry, to: number, row: number, numbers: readonly number[]): Bar {
  const kind = installed.faultKind;
  const id = idOf(installed);
  const label = typeof kind === 'string' && kind !== id ? `${id} (${kind})` : id;
  return { from: installed.t, to, row, look: 'fault', label, entries: numbers };
}
