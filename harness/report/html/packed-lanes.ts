/**
 * The lanes of a journal, and who struck whom, as they stand in a page: a line of JSON with names and lengths, then columns.
 */
import type { CurveColumns, LaneColumns, Things } from './lane-columns.ts';
import { ColumnReader, ColumnWriter } from './number-columns.ts';
import { readLists, writeLists } from './number-lists.ts';
import type { StrikeTable } from './strike-table.ts';

interface Head {
  readonly lanes: readonly LaneHead[];
  /** Entries that were struck. */
  readonly struck: number;
}

interface LaneHead extends Pick<LaneColumns, 'name' | 'note' | 'rows'> {
  /** How many there are. */
  readonly bars: number;
  readonly marks: number;
  readonly points?: number;
  readonly highest?: number;
}

export interface AxisData {
  readonly lanes: readonly LaneColumns[];
  readonly strikes: StrikeTable;
}

export function packLanes({ lanes, strikes }: AxisData): Uint8Array {
  const head: Head = { lanes: lanes.map(headOf), struck: strikes.struck.length };
  const writer = new ColumnWriter();
  for (const { bars, marks, curve } of lanes) {
    writer.writeThousandths(bars.to).writeBytes(bars.ending);
    writeThings(bars, writer);
    writeThings(marks, writer);
    if (curve) writer.writeThousandths(curve.times).writeThousandths(curve.values);
  }
  writer.write(strikes.struck);
  writeLists(strikes.strikes, writer);
  const text = new TextEncoder().encode(`${JSON.stringify(head)}\n`);
  const columns = writer.bytes;
  const bytes = new Uint8Array(text.length + columns.length);
  bytes.set(text);
  bytes.set(columns, text.length);
  return bytes;
}

const headOf = ({ name, note, rows, bars, marks, curve }: LaneColumns): LaneHead => ({
  ...{ name, note, rows, bars: bars.from.length, marks: marks.from.length },
  ...(curve && { points: curve.times.length, highest: curve.highest }),
});

function writeThings({ from, row, look, kept, entries }: Things, writer: ColumnWriter): void {
  writer.writeThousandths(from).writeBytes(row).writeBytes(look).writeBytes(kept);
  writeLists(entries, writer);
}

/** Gives the caller a pause after each lane, since there may be many things in one. */
export function* unpackLanes(bytes: Uint8Array): Generator<undefined, AxisData> {
  const headEnd = bytes.indexOf(0x0a);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(0, headEnd))) as Head;
  const reader = new ColumnReader(bytes.subarray(headEnd + 1));
  const lanes: LaneColumns[] = [];
  for (const lane of head.lanes) {
    lanes.push(readLane(lane, reader));
    yield;
  }
  const struck = reader.read(new Uint32Array(head.struck));
  return { lanes, strikes: { struck, strikes: readLists(head.struck, reader) } };
}

function readLane(
  { bars, marks, points, highest = 0, ...named }: LaneHead,
  reader: ColumnReader,
): LaneColumns {
  const [to, ending] = [reader.readThousandths(bars), reader.readBytes(bars)];
  const lane = {
    ...named,
    bars: { ...readThings(bars, reader), to, ending },
    marks: { ...readThings(marks, reader), ending: new Uint8Array(marks) },
  };
  return points === undefined ? lane : { ...lane, curve: readCurve(points, highest, reader) };
}

function readThings(length: number, reader: ColumnReader): Omit<Things, 'ending'> {
  const from = reader.readThousandths(length);
  const [row, look, kept] = [reader.readBytes(length), reader.readBytes(length), reader.readBytes(length)];
  return { from, to: from, row, look, kept, entries: readLists(length, reader) };
}

function readCurve(points: number, highest: number, reader: ColumnReader): CurveColumns {
  return { times: reader.readThousandths(points), values: reader.readThousandths(points), highest };
}
