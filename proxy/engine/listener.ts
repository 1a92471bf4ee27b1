/** Binds a proxy's listening socket, with Go's wording when that fails. */
import net from 'node:net';
import { formatAddress, isEverywhere } from '../core/address.ts';
import { listenFailed } from '../core/api-error.ts';
import type { Target } from '../core/dial.ts';
import { mostWaiting } from '../core/sockets.ts';
import { adopt } from './lending-socket.ts';
import { clientAdmitted } from './reading-turns.ts';

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
};

/** A listening socket, and the address it got. */
export interface Listener {
  readonly address: Target;
  close(): void;
}

/**
 * Listens on `address`; no host or `0.0.0.0` means every interface, IPv4 and IPv6. Accepted sockets are not read yet.
 * @throws {ApiError} 500, `listen tcp ADDRESS: bind: REASON`
 */
export async function listen(address: Target, accept: (socket: net.Socket) => void): Promise<Listener> {
  const everywhere = isEverywhere(address.host);
  try {
    return await bind({ host: everywhere ? '::' : address.host, port: address.port }, accept);
  } catch (error) {
    const { code = '' } = error as { code?: string };
    if (everywhere && code === 'EAFNOSUPPORT') return bind({ host: '0.0.0.0', port: address.port }, accept);
    const reason = reasons[code] ?? (error as Error).message;
    throw listenFailed(`listen tcp ${formatAddress(address)}: bind: ${reason}`, error);
  }
}

async function bind({ host, port }: Target, accept: (socket: net.Socket) => void): Promise<Listener> {
  const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
    clientAdmitted();
    accept(adopt(socket));
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  server.listen({ host, port, backlog: mostWaiting });
  await promise;
  server.on('error', () => {});
  const bound = server.address() as net.AddressInfo;
  return { address: { host: bound.address, port: bound.port }, close: () => void server.close() };
}
