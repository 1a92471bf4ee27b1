import { expect, it } from 'vitest';
import type { Entry } from '../../../../harness/journal/entry.ts';
import { drawAxis } from '../../../../harness/report/html/draw-axis.ts';
import { barAt, columnsOf, markAt } from '../../../../harness/report/html/lane-columns.ts';
import { lanesOf } from '../../../../harness/report/html/lanes.ts';
import { type AxisData, packLanes, unpackLanes } from '../../../../harness/report/html/packed-lanes.ts';
import { strikesOn, strikeTable, struckByAny } from '../../../../harness/report/html/strike-table.ts';
import { struckBy } from '../../../../harness/report/html/strikes.ts';
import { entriesOf, fleetJournal } from '../fixture-run.ts';

const link = 'agent→server';

const drawn = (entries: readonly Entry[], cited: readonly number[] = []) =>
  lanesOf({ entries, end: entries.at(-1)?.t ?? 0, pace: 20, cited: new Set(cited) });

it('has no lane for an empty journal', () => {
  expect(drawn([])).toEqual([]);
});

it('draws a connection from open to close, by its handshake and its end', () => {
  const [lane] = drawn(
    entriesOf([
      [0, 'proxy', 'connection.open', { link, connection: 1 }],
      [5, 'proxy', 'tls.handshake', { link, connection: 1, outcome: 'complete', resumed: false }],
      [50, 'proxy', 'connection.close', { link, connection: 1, end: 'reset' }],
    ]),
  );

  expect(lane).toMatchObject({ name: `connections ${link}`, note: '1', rows: 1 });
  expect(lane?.bars).toEqual([
    { from: 0, to: 50, row: 0, look: 'secure', ending: 'reset', kept: true, entries: [1, 2, 3] },
  ]);
});

it('puts connections that overlap into rows, and uses a row again once it is free', () => {
  const [lane] = drawn(
    entriesOf([
      [0, 'proxy', 'connection.open', { link, connection: 1 }],
      [10, 'proxy', 'connection.open', { link, connection: 2 }],
      [20, 'proxy', 'connection.close', { link, connection: 1, end: 'fin' }],
      [30, 'proxy', 'connection.open', { link, connection: 3 }],
      [90, 'subject', 'subject.note', { name: 'end' }],
    ]),
  );

  expect(lane?.bars.map(({ row, to, ending }) => [row, to, ending])).toEqual([
    [0, 20, undefined],
    [1, 90, 'open'],
    [0, 90, 'open'],
  ]);
});

it('tells connections apart that two links number alike', () => {
  const lanes = drawn(
    entriesOf([
      [0, 'proxy', 'connection.open', { link: 'a', connection: 1 }],
      [1, 'proxy', 'connection.open', { link: 'b', connection: 1 }],
      [2, 'proxy', 'connection.close', { link: 'a', connection: 1, end: 'fin' }],
    ]),
  );

  expect(lanes.map(({ name, bars }) => [name, bars.length, bars[0]?.ending])).toEqual([
    ['connections a', 1, undefined],
    ['connections b', 1, 'open'],
  ]);
});

it('draws each fault while it is in force, and its strikes', () => {
  const lanes = drawn(
    entriesOf([
      [10, 'fault', 'fault.installed', { fault: 'cut', faultKind: 'tls_cut', link }],
      [15, 'fault', 'fault.strike', { fault: 'cut', link }],
      [20, 'fault', 'fault.lifted', { fault: 'cut' }],
      [30, 'fault', 'fault.installed', { fault: 'idle' }],
      [40, 'subject', 'subject.note', { name: 'end' }],
    ]),
  );

  expect(lanes.slice(0, 2)).toMatchObject([
    { name: 'fault cut (tls_cut)', note: 'strikes: 1', bars: [{ from: 10, to: 20 }], marks: [{ t: 15 }] },
    { name: 'fault idle', note: 'never struck', bars: [{ from: 30, to: 40 }] },
  ]);
});

it('tells answers apart by status and effect', () => {
  const request = (status: number, effect?: string) => ({
    event: 'request',
    status,
    ...(effect && { effect }),
  });
  const [lane] = drawn(
    entriesOf([
      [1, 'server', 'server.log', request(200, 'applied')],
      [2, 'server', 'server.log', request(200, 'duplicate')],
      [3, 'server', 'server.log', request(401)],
      [4, 'server', 'server.log', request(503)],
    ]),
  );

  expect(lane?.marks.map(({ look }) => look)).toEqual(['answered', 'duplicate', 'rejected', 'broken']);
});

it('says how many it shows when it thins, and keeps what is cited', () => {
  const lines = Array.from({ length: 500 }, (_, n) => [n, 'agent', 'agent.log', { level: 'debug' }] as const);
  const lanes = drawn(entriesOf(lines.map((line) => [...line])), [333]);

  const { text } = drawAxis([{ name: 'naive', remark: '', key: 'e0a', lanes: lanes.map(columnsOf) }], {
    view: { from: 0, to: 499 },
    limit: 20,
  });

  expect(text).toContain('500, 20 of 500 shown');
  expect(text.match(/<use /g)).toHaveLength(20);
  expect(text).toContain('data-n="333"');
});

it('draws what is in view, and bars that reach into it', () => {
  const lanes = drawn(
    entriesOf([
      [0, 'proxy', 'connection.open', { link, connection: 1 }],
      [10, 'agent', 'agent.log', { level: 'info' }],
      [50, 'agent', 'agent.log', { level: 'warn' }],
      [90, 'proxy', 'connection.close', { link, connection: 1, end: 'reset' }],
    ]),
  );

  const { text } = drawAxis([{ name: 'naive', remark: '', key: 'e0a', lanes: lanes.map(columnsOf) }], {
    view: { from: 40, to: 60 },
    limit: 20,
  });

  expect([...text.matchAll(/data-n="([^"]+)"/g)].map(([, n]) => n)).toEqual(['1 4', '3']);
  expect(text).toContain('x="0%" y="18" width="100%"');
  expect(text).toContain('x="50%"');
});

it('draws what the process held, each quantity that was sampled twice', () => {
  const lanes = drawn(
    entriesOf([
      [0, 'process', 'process.sample', { rssBytes: 60e6, cpuMs: 0, sockets: 2 }],
      [20_000, 'process', 'process.sample', { rssBytes: 80e6, cpuMs: 500, sockets: 2, fds: 20 }],
      [40_000, 'process', 'process.sample', { rssBytes: 70e6, cpuMs: 600 }],
    ]),
  );

  expect(lanes.map(({ name, note }) => `${name}: ${note}`)).toEqual([
    'memory: 60 to 80 MB',
    'processor: 10 to 50 %',
    'open sockets: 2',
  ]);
});

it('packs lanes into columns and finds all of them again', () => {
  const journal = fleetJournal('a/b', 'naive');
  const lanes = lanesOf({ entries: journal.entries, end: 60_000, pace: 20, cited: new Set([9]) });
  const struck = struckBy(journal.entries);

  const axis = unpacked(packLanes({ lanes: lanes.map(columnsOf), strikes: strikeTable(struck) }));

  expect(lanes.length).toBeGreaterThan(5);
  expect(axis.lanes.map(({ name, note, rows }) => [name, note, rows])).toEqual(
    lanes.map(({ name, note, rows }) => [name, note, rows]),
  );
  for (const [place, { bars, marks, curve }] of axis.lanes.entries()) {
    const lane = lanes[place];
    expect(Array.from(bars.from, (_, index) => barAt(bars, index))).toEqual(lane?.bars);
    expect(Array.from(marks.from, (_, index) => markAt(marks, index))).toEqual(lane?.marks);
    expect(curve && Array.from(curve.times, (t, index) => [t, curve.values[index]])).toEqual(
      lane?.curve?.points,
    );
  }
  expect(new Map([...struck.keys()].map((n) => [n, strikesOn(axis.strikes, n)]))).toEqual(struck);
});

it('knows who struck whom from both sides', () => {
  const table = strikeTable(
    new Map([
      [9, [3, 4]],
      [12, [4]],
      [5, [3]],
    ]),
  );

  expect([5, 9, 10, 12, 99].map((n) => strikesOn(table, n))).toEqual([[3], [3, 4], [], [4], []]);
  expect(struckByAny(table, new Set([3]))).toEqual([5, 9]);
  expect(struckByAny(table, new Set([3, 4]))).toEqual([5, 9, 12]);
  expect(struckByAny(table, new Set([5]))).toEqual([]);
});

/** What the page's script makes of the bytes, lane by lane. */
function unpacked(bytes: Uint8Array): AxisData {
  const steps = unpackLanes(bytes);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}
