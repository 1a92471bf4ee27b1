/**
 * The lanes of faults, one for each: a bar while it is in force, a mark where it strikes.
 */
import type { Entry, EntryOf } from '../../journal/entry.ts';
import { showNumber, showValue } from '../text.ts';
import type { Bar, Lane, LaneContext, Mark } from './lane.ts';

export function faultLanes(context: LaneContext): Lane[] {
  const faults = Map.groupBy(context.entries.filter(isOfFault), ({ fault }) => showValue(fault));
  return [...faults].map(([id, entries]) => faultLane(id, entries, context));
}

const kinds = ['fault.installed', 'fault.strike', 'fault.skipped', 'fault.lifted'] as const;

type FaultEntry = { [K in (typeof kinds)[number]]: EntryOf<K> }[(typeof kinds)[number]];

const isOfFault = (entry: Entry): entry is FaultEntry => kinds.some((kind) => kind === entry.kind);

function faultLane(id: string, entries: readonly FaultEntry[], { end, cited }: LaneContext): Lane {
  const marks = entries
    .filter((entry) => entry.kind === 'fault.strike')
    .map(({ t, n }): Mark => ({ t, row: 0, look: 'strike', kept: cited.has(n), entries: [n] }));
  const note = marks.length === 0 ? 'never struck' : `strikes: ${showNumber(marks.length)}`;
  return { name: `fault ${nameOf(id, entries)}`, note, rows: 1, bars: spans(entries, end), marks };
}

/** The fault's id, and its kind where that says more. */
function nameOf(id: string, entries: readonly FaultEntry[]): string {
  const kind = entries.find((entry) => typeof entry.faultKind === 'string')?.faultKind;
  return kind === undefined || kind === id ? id : `${id} (${showValue(kind)})`;
}

/** From each installation to the lifting that follows it, or to the end. */
function spans(entries: readonly FaultEntry[], end: number): Bar[] {
  const bars: Bar[] = [];
  let installed: FaultEntry | undefined;
  for (const entry of entries) {
    if (entry.kind === 'fault.installed') installed ??= entry;
    if (entry.kind !== 'fault.lifted' || installed === undefined) continue;
    bars.push(span(installed, entry.t, [installed.n, entry.n]));
    installed = undefined;
  }
  if (installed) bars.push(span(installed, end, [installed.n]));
  return bars;
}

const span = (installed: FaultEntry, to: number, entries: readonly number[]): Bar => ({
  from: installed.t,
  to,
  row: 0,
  look: 'fault',
  kept: true,
  entries,
});
