/** From a batch of connections to one round of a row. */
import { disagreement, errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import { median } from '../../statistics/order.ts';
import type { HandshakeCase } from './cases.ts';
import type { Batch } from './rig.ts';

/** The unit of each figure. */
export const handshakeUnits = Object.freeze({
  clientCpu: 'ms',
  serverCpu: 'ms',
  bytesUp: 'bytes',
  bytesDown: 'bytes',
  roundTrips: 'round trips',
  full: 'handshakes',
  resumed: 'handshakes',
  failed: 'handshakes',
});

/** Figures are for one connection, except counts, which are the proxy's. */
export function takeOf(
  { mode }: Pick<HandshakeCase, 'mode'>,
  { load, proxy, clientCpuMs, serverCpuMs }: Omit<Batch, 'serverCpuMs'> & Partial<Batch>,
): Take {
  const counted = disagreement(load, proxy);
  const refused = load.offered - load.resumed;
  const { full, resumed, failed } = proxy;
  return {
    times: { handshake: load.timesMs[mode] },
    figures: {
      clientCpu: clientCpuMs / proxy.connections,
      // Unknown of a server that is not ours.
      ...(serverCpuMs === undefined ? {} : { serverCpu: serverCpuMs / proxy.connections }),
      full,
      resumed,
      failed,
      ...wireFigures(proxy),
    },
    failures: [
      ...(load.failed > 0 ? [`handshakes failed: ${errorsInWords(load.errors)}`] : []),
      ...(mode === 'resumed' && load.offered === 0 && load.failed === 0
        ? ['the server gave no session that could be resumed']
        : []),
      ...(mode === 'resumed' && refused > 0
        ? [`${refused} of ${load.offered} sessions were not resumed`]
        : []),
    ],
    doubts: counted === undefined ? [] : [counted],
  };
}

function wireFigures({
  roundTrips,
  handshakeBytesUp,
  handshakeBytesDown,
}: Batch['proxy']): Record<string, number> {
  if (roundTrips.length === 0) return {};
  return {
    roundTrips: median(roundTrips),
    bytesUp: median(handshakeBytesUp),
    bytesDown: median(handshakeBytesDown),
  };
}
