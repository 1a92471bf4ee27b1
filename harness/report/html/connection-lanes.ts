/**
 * The lanes of connections, one for each link: a bar from open to close, coloured by what became of its handshake,
 * with a mark where it did not end in peace. Connections that overlap stand in rows.
 */
import type { Entry, EntryOf } from '../../journal/entry.ts';
import { showNumber, showValue } from '../text.ts';
import type { Bar, BarLook, Lane, LaneContext, Mark, MarkLook } from './lane.ts';

/** Rows that a lane may have; when more connections are open at once, some are drawn over others. */
const mostRows = 8;

/** Share of the axis that even the shortest bar takes up, so that neighbours do not melt together. */
const shortest = 0.004;

interface Connection {
  readonly opened: EntryOf<'connection.open'>;
  handshake?: EntryOf<'tls.handshake'>;
  closed?: EntryOf<'connection.close'>;
}

export function connectionLanes(context: LaneContext): Lane[] {
  const byLink = Map.groupBy(context.entries.filter(isOnLink), ({ link }) => showValue(link));
  return [...byLink].flatMap(([link, entries]) => linkLane(link, entries, context) ?? []);
}

const kinds = ['connection.open', 'connection.close', 'connection.refused', 'tls.handshake'] as const;

type LinkEntry = { [K in (typeof kinds)[number]]: EntryOf<K> }[(typeof kinds)[number]];

const isOnLink = (entry: Entry): entry is LinkEntry => kinds.some((kind) => kind === entry.kind);

function linkLane(link: string, entries: readonly LinkEntry[], context: LaneContext): Lane | undefined {
  const { cited, end } = context;
  const all = connectionsOf(entries);
  const marks = entries
    .filter((entry) => entry.kind === 'connection.refused')
    .map(({ t, n }): Mark => ({ t, row: 0, look: 'refused', kept: cited.has(n), entries: [n] }));
  if (all.length + marks.length === 0) return undefined;
  const { bars, rows } = pack(all, end, cited);
  const refused = marks.length === 0 ? '' : `, refused: ${showNumber(marks.length)}`;
  return { name: `connections ${link}`, note: `${showNumber(all.length)}${refused}`, rows, bars, marks };
}

function connectionsOf(entries: readonly LinkEntry[]): Connection[] {
  const all: Connection[] = [];
  const current = new Map<string, Connection>();
  for (const entry of entries) {
    const key = showValue(entry.connection);
    if (entry.kind === 'connection.open') {
      const opened: Connection = { opened: entry };
      all.push(opened);
      current.set(key, opened);
    }
    const connection = current.get(key);
    if (connection && entry.kind === 'tls.handshake') connection.handshake = entry;
    if (connection && entry.kind === 'connection.close') connection.closed = entry;
  }
  return all;
}

/** Puts each connection into the first row that is free when it opens. */
function pack(
  connections: readonly Connection[],
  end: number,
  cited: ReadonlySet<number>,
): { bars: Bar[]; rows: number } {
  const freeFrom: number[] = [];
  const bars = connections.map((connection): Bar => {
    const from = connection.opened.t;
    const to = connection.closed?.t ?? end;
    const row = rowFor(freeFrom, from);
    freeFrom[row] = Math.max(to, from + end * shortest);
    const ending = endingOf(connection);
    const [look, numbers] = [lookOf(connection), numbersOf(connection)];
    const kept = ending === 'reset' || look === 'failed' || numbers.some((n) => cited.has(n));
    const bar = { from, to, row, look, kept, entries: numbers };
    return ending === undefined ? bar : { ...bar, ending };
  });
  return { bars, rows: Math.max(1, freeFrom.length) };
}

function rowFor(freeFrom: readonly number[], from: number): number {
  const free = freeFrom.findIndex((time) => time <= from);
  if (free >= 0) return free;
  if (freeFrom.length < mostRows) return freeFrom.length;
  return freeFrom.indexOf(Math.min(...freeFrom));
}

function lookOf({ handshake }: Connection): BarLook {
  if (handshake === undefined) return 'plain';
  if (handshake.outcome !== 'complete') return 'failed';
  return handshake.resumed === true ? 'resumed' : 'secure';
}

function endingOf({ closed }: Connection): MarkLook | undefined {
  if (closed === undefined || closed.end === 'stopped') return 'open';
  return closed.end === 'reset' ? 'reset' : undefined;
}

function numbersOf({ opened, handshake, closed }: Connection): number[] {
  return [opened, handshake, closed].flatMap((entry) => (entry === undefined ? [] : [entry.n]));
}
