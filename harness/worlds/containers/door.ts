/**
 * A door: a port of 127.0.0.1 that leads into a container. Whatever is in containers has one, so that the lab, its
 * administrator's connections and its certificates see the same addresses as in the world `local`. Links have no door: a
 * reset would not come through it.
 */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { resetStream } from 'shaketable-proxy';
import { LabError } from '../../errors.ts';

/** An open door. */
export interface Door extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
}

/** Opens a door to whatever `target` says at the time of each connection. */
export async function openDoor(
  target: () => { readonly host: string; readonly port: number },
  port = 0,
): Promise<Door> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.once('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = keep(connect({ ...target(), noDelay: true, allowHalfOpen: true }));
    keep(near);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.pipe(other);
      one.on('error', () => resetStream(other));
      one.once('close', () => other.destroySoon());
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EADDRINUSE') throw cause;
    const hint = 'Stop what listens there, or choose another port.';
    throw new LabError('LAB_PORT_TAKEN', `Port ${port} of 127.0.0.1 is in use`, { hint, cause });
  });
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
