/**
 * Lanes by columns: what an axis is drawn from, and how lanes stand in a page. Of a hundred thousand marks only the few that
 * are drawn become objects.
 */
import {
  type Bar,
  type BarLook,
  barLooks,
  type Curve,
  type Lane,
  type Mark,
  type MarkLook,
  markLooks,
} from './lane.ts';
import { listAt, listsOf, type NumberLists } from './number-lists.ts';
import { thinIndexes } from './thin.ts';
import type { View } from './time-scale.ts';

/** A lane whose bars, marks and points are columns. */
export interface LaneColumns extends Omit<Lane, 'bars' | 'marks' | 'curve'> {
  readonly bars: Things;
  readonly marks: Things;
  readonly curve?: CurveColumns;
}

/** Bars, or marks, which begin and end at once. */
export interface Things {
  readonly from: Float64Array;
  readonly to: Float64Array;
  readonly row: Uint8Array;
  /** Place in the table of looks, of bars or of marks. */
  readonly look: Uint8Array;
  /** Place in the table of the looks of marks, from 1; 0 for none. */
  readonly ending: Uint8Array;
  readonly kept: Uint8Array;
  readonly entries: NumberLists;
}

/** Values have three decimals. */
export interface CurveColumns {
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly highest: number;
}

const barNames = Object.keys(barLooks) as BarLook[];
const markNames = Object.keys(markLooks) as MarkLook[];

export function columnsOf({ bars, marks, curve, ...rest }: Lane): LaneColumns {
  const columns = { ...rest, bars: barColumns(bars), marks: markColumns(marks) };
  return curve === undefined ? columns : { ...columns, curve: curveColumns(curve) };
}

function barColumns(bars: readonly Bar[]): Things {
  return {
    from: Float64Array.from(bars, ({ from }) => from),
    to: Float64Array.from(bars, ({ to }) => to),
    row: Uint8Array.from(bars, ({ row }) => row),
    look: Uint8Array.from(bars, ({ look }) => barNames.indexOf(look)),
    ending: Uint8Array.from(bars, ({ ending }) => (ending === undefined ? 0 : 1 + markNames.indexOf(ending))),
    kept: Uint8Array.from(bars, ({ kept }) => Number(kept)),
    entries: listsOf(bars.map(({ entries }) => entries)),
  };
}

function markColumns(marks: readonly Mark[]): Things {
  const at = Float64Array.from(marks, ({ t }) => t);
  return {
    from: at,
    to: at,
    row: Uint8Array.from(marks, ({ row }) => row),
    look: Uint8Array.from(marks, ({ look }) => markNames.indexOf(look)),
    ending: new Uint8Array(marks.length),
    kept: Uint8Array.from(marks, ({ kept }) => Number(kept)),
    entries: listsOf(marks.map(({ entries }) => entries)),
  };
}

function curveColumns({ points, highest }: Curve): CurveColumns {
  const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
  return {
    times: Float64Array.from(points, ([t]) => t),
    values: Float64Array.from(points, ([, value]) => rounded(value)),
    highest: rounded(highest),
  };
}

export function barAt(bars: Things, index: number): Bar {
  const bar = {
    from: bars.from[index] ?? 0,
    to: bars.to[index] ?? 0,
    row: bars.row[index] ?? 0,
    look: barNames[bars.look[index] ?? 0] ?? 'plain',
    kept: bars.kept[index] === 1,
    entries: listAt(bars.entries, index),
  };
  const ending = markNames[(bars.ending[index] ?? 0) - 1];
  return ending === undefined ? bar : { ...bar, ending };
}

export function markAt(marks: Things, index: number): Mark {
  return {
    t: marks.from[index] ?? 0,
    row: marks.row[index] ?? 0,
    look: markNames[marks.look[index] ?? 0] ?? 'note',
    kept: marks.kept[index] === 1,
    entries: listAt(marks.entries, index),
  };
}

/** Which of the things reach into `view`, `limit` of them at most, and how many there are. */
export function thingsIn(
  { from, to, kept }: Things,
  view: View,
  limit: number,
): { all: number; drawn: number[] } {
  const [wanted, others]: [number[], number[]] = [[], []];
  for (let index = 0; index < from.length; index += 1) {
    if ((from[index] ?? 0) > view.to || (to[index] ?? 0) < view.from) continue;
    (kept[index] === 1 ? wanted : others).push(index);
  }
  return { all: wanted.length + others.length, drawn: thinIndexes(wanted, others, limit) };
}

/** The times of marks of one look. */
export function timesOf({ from, look }: Things, which: MarkLook): Float64Array {
  const place = markNames.indexOf(which);
  return look.includes(place) ? from.filter((_, index) => look[index] === place) : new Float64Array();
}

/** The bars of one look. */
export function barsOf({ bars }: LaneColumns, which: BarLook): Bar[] {
  const place = barNames.indexOf(which);
  const found: Bar[] = [];
  for (let index = bars.look.indexOf(place); index >= 0; index = bars.look.indexOf(place, index + 1))
    found.push(barAt(bars, index));
  return found;
}
