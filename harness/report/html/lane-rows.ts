/**
 * Lanes as arrays of numbers: a third of the size, and quick to read where there are a hundred thousand marks.
 */
import { type Bar, barLooks, type Lane, type Mark, type MarkLook, markLooks } from './lane.ts';

/** `[from, to, row, look, ending, kept, ...entries]`; an ending of -1 is none. */
type BarRow = readonly number[];
/** `[t, row, look, kept, ...entries]`. */
type MarkRow = readonly number[];

/** A lane as it stands in a page. */
export interface PackedLane extends Omit<Lane, 'bars' | 'marks'> {
  readonly bars: readonly BarRow[];
  readonly marks: readonly MarkRow[];
}

const barNames = Object.keys(barLooks) as (keyof typeof barLooks)[];
const markNames = Object.keys(markLooks) as MarkLook[];

export function packLane(lane: Lane): PackedLane {
  return {
    ...lane,
    bars: lane.bars.map(({ from, to, row, look, ending, kept, entries }) => [
      ...[from, to, row, barNames.indexOf(look), ending === undefined ? -1 : markNames.indexOf(ending)],
      ...[Number(kept), ...entries],
    ]),
    marks: lane.marks.map(({ t, row, look, kept, entries }) => [
      ...[t, row, markNames.indexOf(look), Number(kept)],
      ...entries,
    ]),
  };
}

export function unpackLane(packed: PackedLane): Lane {
  return { ...packed, bars: packed.bars.map(unpackBar), marks: packed.marks.map(unpackMark) };
}

// Fields are read by their place: taking an array apart by a pattern takes five times as long.
function unpackBar(row: BarRow): Bar {
  const bar = {
    from: row[0] ?? 0,
    to: row[1] ?? 0,
    row: row[2] ?? 0,
    look: barNames[row[3] ?? 0] ?? 'plain',
    kept: row[5] === 1,
    entries: row.slice(6),
  };
  const ending = markNames[row[4] ?? -1];
  return ending === undefined ? bar : { ...bar, ending };
}

function unpackMark(row: MarkRow): Mark {
  return {
    t: row[0] ?? 0,
    row: row[1] ?? 0,
    look: markNames[row[2] ?? 0] ?? 'note',
    kept: row[3] === 1,
    entries: row.slice(4),
  };
}
