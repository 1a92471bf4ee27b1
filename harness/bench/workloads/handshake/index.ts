/** `handshake`: what a TLS handshake costs, full and resumed. */
import type { Pair } from '../../rounds/compare-rows.ts';
import { roundsWorkload } from '../../rounds/rounds-workload.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import type { OpenOptions, OpenVariants } from '../../workload.ts';
import { amountOf, type HandshakeCase, handshakeCases, lineOf, roundTrips } from './cases.ts';
import { type HandshakeRig, startHandshakeRig } from './rig.ts';
import { handshakeUnits, takeOf } from './take.ts';

export const handshake = roundsWorkload({
  name: 'handshake',
  title: 'TLS handshakes, full and resumed: time, round trips, bytes, processor time',
  seconds: { quick: 12, full: 150 },
  rounds: { quick: { fewest: 3, discard: 1 }, full: { fewest: 10, discard: 1 } },
  units: handshakeUnits,
  control: { id: '0 ms TLSv1.2 RSA full', of: 'handshake' },
  pairs: (quick) => pairsOf(casesOf(quick)),
  untilDecided: true,
  matrix: (quick) => ({
    title: 'handshake by round trip',
    lineTitle: 'version, key, and whether a session is resumed',
    of: 'handshake',
    cells: casesOf(quick).map((one) => ({ row: one.id, line: lineOf(one), column: `${one.roundTripMs} ms` })),
  }),
  tables: [
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
  ],
  notes: [
    'Time is from the established TCP connection to the end of the handshake at the client, with certificates verified. The proxy answers the TCP connect itself, so no latency is in that.',
    'Round trips and bytes are counted at the proxy: flights that the client waits for, without TCP and without tickets of TLS 1.3. Processor time is of a whole connection with one byte there and back.',
    'At 0 ms connections come one after the other; at 20 ms six at a time, at 100 ms twelve.',
  ],
  open,
});

const casesOf = (quick: boolean): HandshakeCase[] =>
  handshakeCases(quick ? roundTrips.quick : roundTrips.full);

async function open({ seed, quick }: OpenOptions): Promise<OpenVariants> {
  const rig = await startHandshakeRig({ seed });
  return {
    variants: casesOf(quick).map((one) => ({ id: one.id, take: () => take(rig, one, quick) })),
    [Symbol.asyncDispose]: () => rig[Symbol.asyncDispose](),
  };
}

async function take(rig: HandshakeRig, one: HandshakeCase, quick: boolean): Promise<Take> {
  const offer = one.mode === 'resumed' ? 'always' : 'never';
  return takeOf(one, await rig.shake(one, { version: one.version, offer, ...amountOf(one, quick) }));
}

/** Resumed beside full. */
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
