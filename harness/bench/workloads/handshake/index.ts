/** `handshake`: what a TLS handshake costs, full and resumed. */
import type { NamedComparison, Row, Table } from '../../bench-result.ts';
import { compareRows, type Pair } from '../../rounds/compare-rows.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { amountOf, type HandshakeCase, handshakeCases, lineOf, roundTrips } from './cases.ts';
import { type HandshakeRig, startHandshakeRig } from './rig.ts';
import { handshakeUnits, takeOf } from './take.ts';

export const handshake: Workload = {
  name: 'handshake',
  title: 'TLS handshakes, full and resumed: time, round trips, bytes, processor time',
  seconds: { quick: 12, full: 150 },
  run,
};

const control = 'control';

async function run(context: BenchContext): Promise<Measured> {
  const { quick } = context;
  await using rig = await startHandshakeRig({ seed: context.seed });
  const cases = handshakeCases(quick ? roundTrips.quick : roundTrips.full);
  const [first] = cases;
  if (!first) throw new RangeError('Expected cases');
  const variants = [...cases, { ...first, id: control }].map((one) => ({
    id: one.id,
    take: () => take(rig, one, quick),
  }));
  const pairs = pairsOf(cases);
  const rowsOf = (takes: ReadonlyMap<string, readonly Take[]>): Row[] =>
    [...takes].map(([id, rounds]) => summarizeRow(id, rounds, handshakeUnits));
  const compare = (rows: readonly Row[], wanted: readonly Pair[]): NamedComparison[] =>
    compareRows(rows, wanted, { random: context.random.fork('compare'), threshold: context.threshold });

  const takes = await takeRounds({
    ...context,
    variants,
    fewest: quick ? 3 : 10,
    enough: (so) => {
      const rows = rowsOf(so);
      const decided = compare(rows, pairs).every(({ decision }) => decision !== 'undecided');
      return decided && context.isDecided(handshake.name, rows);
    },
    onProgress: ({ done, of, variant }) => context.progress.step(done, of, variant),
  });
  const rows = rowsOf(takes);
  const [same] = compare(rows, [
    { base: first.id, other: control, of: 'handshake', title: 'the same row twice' },
  ]);
  return {
    rounds: takes.get(first.id)?.length ?? 0,
    tables: tables(),
    matrix: {
      title: 'handshake by round trip',
      lineTitle: 'version, key, and whether a session is resumed',
      of: 'handshake',
      cells: cases.map((one) => ({ row: one.id, line: lineOf(one), column: `${one.roundTripMs} ms` })),
    },
    rows: rows.filter(({ id }) => id !== control),
    comparisons: compare(rows, pairs),
    ...(same ? { control: same } : {}),
    notes: [
      'Time is from the established TCP connection to the end of the handshake at the client, with certificates verified. The proxy answers the TCP connect itself, so no latency is in that.',
      'Round trips and bytes are counted at the proxy: flights that the client waits for, without TCP and without tickets of TLS 1.3. Processor time is of a whole connection with one byte there and back.',
      'At 0 ms connections come one after the other; at 20 ms six at a time, at 100 ms twelve.',
    ],
  };
}

async function take(rig: HandshakeRig, one: HandshakeCase, quick: boolean): Promise<Take> {
  const offer = one.mode === 'resumed' ? 'always' : 'never';
  return takeOf(one, await rig.shake(one, { version: one.version, offer, ...amountOf(one, quick) }));
}

/** Resumed beside full, and the kinds of keys beside each other where nothing but the processor counts. */
function pairsOf(cases: readonly HandshakeCase[]): Pair[] {
  return cases.flatMap((base) => {
    const other = cases.find(
      ({ mode, version, key, roundTripMs }) =>
        base.mode === 'full' &&
        mode === 'resumed' &&
        version === base.version &&
        key === base.key &&
        roundTripMs === base.roundTripMs,
    );
    return other ? [{ base: base.id, other: other.id, of: 'handshake', title: `${base.id} → resumed` }] : [];
  });
}

function tables(): Table[] {
  return [
    {
      title: 'a handshake: ms, processor ms of client and server, round trips, bytes',
      columns: [
        { title: 'p50', of: 'handshake', take: 'p50', digits: 2 },
        { title: 'p90', of: 'handshake', take: 'p90', digits: 2 },
        { title: 'cpu C', of: 'clientCpu', digits: 2 },
        { title: 'cpu S', of: 'serverCpu', digits: 2 },
        { title: 'RT', of: 'roundTrips', digits: 0 },
        { title: 'up', of: 'bytesUp', digits: 0 },
        { title: 'down', of: 'bytesDown', digits: 0 },
      ],
    },
  ];
}
