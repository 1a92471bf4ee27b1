/**
 * Whether a subject talks past the lab: to an address that is none of those it was given. What it does there meets no fault and is not
 * judged, so the report warns of it.
 */
import { isLoopbackAddress, type TcpSocket, tcpSocketsOf } from '../probes/peers.ts';

/** So many addresses are noted. */
const mostNoted = 20;

/** Looks at processes; tells each address once to which they talk past the lab. `ours` are the URLs that the subject was given; some may be empty. */
export function watchPeers(
  ours: readonly string[],
  tell: (address: string) => void,
): (pids: readonly number[]) => Promise<void> {
  const given = ours.filter((url) => url !== '').map((url) => new URL(url));
  const noted = new Set<string>();
  return async (pids) => {
    const sockets = (await Promise.all(pids.map(tcpSocketsOf))).flat();
    for (const to of talkedPast(sockets, given)) {
      if (noted.has(to) || noted.size >= mostNoted) continue;
      noted.add(to);
      tell(to);
    }
  };
}

/** The addresses, as `192.0.2.7:443`, that are neither given nor another process of the subject's own. */
export function talkedPast(sockets: readonly TcpSocket[], given: readonly URL[]): string[] {
  const own = new Set(sockets.flatMap(({ local, remote }) => (remote === undefined ? local.port : [])));
  const ports = new Set(given.map(portOf));
  const names = new Set(given.map(({ hostname }) => hostname.replace(/^\[|\]$/g, '')));
  return sockets.flatMap(({ local, remote }) => {
    // What others opened to a port of its own, and what it opened there itself.
    if (remote === undefined || own.has(local.port)) return [];
    const isHere = isLoopbackAddress(remote.address);
    if (isHere ? own.has(remote.port) || ports.has(remote.port) : names.has(remote.address)) return [];
    const { address, port } = remote;
    return [`${address.includes(':') ? `[${address}]` : address}:${port}`];
  });
}

const usual: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'mysql:': 3306 };
const portOf = ({ port, protocol }: URL): number => (port === '' ? (usual[protocol] ?? 0) : Number(port));
