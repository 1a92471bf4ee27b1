/** `handshake` of a server that is not ours: versions that it speaks, full and resumed, near and further away. */
import { lookup } from 'node:dns/promises';
import { LabError } from '../../../errors.ts';
import type { Table } from '../../bench-result.ts';
import type { Pair } from '../../rounds/compare-rows.ts';
import { judgeRows } from '../../rounds/judge-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { roundTrip } from '../handshake/rig.ts';
import { handshakeUnits, takeOf } from '../handshake/take.ts';
import { expectRounds, type OpenedServer, openServer } from './server.ts';

export const urlHandshake: Workload = {
  name: 'handshake',
  title: 'TLS handshakes with your server, full and resumed: time, round trips, bytes',
  seconds: { quick: 10, full: 60 },
  run,
};

interface UrlCase {
  readonly id: string;
  readonly line: string;
  readonly column: string;
  readonly version: 'TLSv1.2' | 'TLSv1.3';
  readonly mode: 'full' | 'resumed';
  readonly addedMs: number;
}

const addedTrips = { quick: [0], full: [0, 20] };
const perTake = { quick: 4, full: 8 };
const concurrency = 2;
const control = 'control';

async function run(context: BenchContext): Promise<Measured> {
  const { quick } = context;
  await using server = await openServer(context, lookup);
  const cases = casesOf(server, quick);
  const [first] = cases;
  if (!first) {
    throw new LabError(
      'LAB_BAD_INPUT',
      'There is no handshake to measure: the URL is one of http, or no version is spoken',
      {
        hint: 'Give a URL of https, or measure `policy` alone.',
      },
    );
  }
  const count = quick ? perTake.quick : perTake.full;
  const variants = [...cases, { ...first, id: control }].map((one) => ({
    id: one.id,
    take: () => takeCase(server, one, count),
  }));
  const takes = await takeRounds({
    ...context,
    variants,
    fewest: quick ? 3 : 8,
    discard: quick ? 0 : 1,
    enough: () => true,
    mayTake: () => server.fits(((count + 1) / server.perSecond) * 1_000),
    onProgress: ({ done, of, variant }) => context.progress.step(done, of, variant),
  });
  const rows = [...takes].map(([id, rounds]) => summarizeRow(id, rounds, handshakeUnits));
  const rounds = takes.get(first.id)?.length ?? 0;
  expectRounds(rounds, context.server);
  return {
    rounds,
    tables: [table],
    matrix: {
      title: 'handshake by added round trip',
      lineTitle: 'version, and whether a session is resumed',
      of: 'handshake',
      cells: cases.map(({ id, line, column }) => ({ row: id, line, column })),
    },
    ...judgeRows(rows, { id: first.id, again: control, of: 'handshake' }, pairsOf(cases), context),
    notes: [
      ...server.notes,
      'Time is from the TCP connection to the proxy to the end of the handshake at the client; the way to the server is in it, and what the row adds. Round trips and bytes are counted at the proxy.',
      'What the server spends cannot be known from here.',
    ],
  };
}

function casesOf({ abilities }: OpenedServer, quick: boolean): UrlCase[] {
  return (quick ? addedTrips.quick : addedTrips.full).flatMap((addedMs) =>
    abilities.versions.flatMap((version) =>
      (['full', 'resumed'] as const).map((mode) => {
        const [line, column] = [`${version} ${mode}`, `+${addedMs} ms`];
        return { id: `${column} ${line}`, line, column, version, mode, addedMs };
      }),
    ),
  );
}

async function takeCase({ rig }: OpenedServer, one: UrlCase, count: number): Promise<Take> {
  const link = { name: `handshake ${one.column}`, toxics: roundTrip(one.addedMs) };
  const offer = one.mode === 'resumed' ? 'always' : 'never';
  const { load, proxy, client } = await rig.shake(link, { version: one.version, offer, count, concurrency });
  return takeOf(one, { load, proxy, clientCpuMs: client.cpuMs });
}

function pairsOf(cases: readonly UrlCase[]): Pair[] {
  return cases
    .filter(({ mode }) => mode === 'full')
    .map(({ id }) => ({
      base: id,
      other: id.replace(/full$/, 'resumed'),
      of: 'handshake',
      title: `${id} → resumed`,
    }));
}

const table: Table = {
  title: 'a handshake: ms, processor ms of the client, round trips, bytes, handshakes',
  columns: [
    { title: 'p50', of: 'handshake', take: 'p50', digits: 2 },
    { title: 'p90', of: 'handshake', take: 'p90', digits: 2 },
    { title: 'cpu C', of: 'clientCpu', digits: 2 },
    { title: 'RT', of: 'roundTrips', digits: 0 },
    { title: 'up', of: 'bytesUp', digits: 0 },
    { title: 'down', of: 'bytesDown', digits: 0 },
    { title: 'full', of: 'full', digits: 0 },
    { title: 'resum.', of: 'resumed', digits: 0 },
  ],
};
