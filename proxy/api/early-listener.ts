/**
 * Takes the API's address before the rest of the program is loaded, so that a client that comes meanwhile waits for its
 * answer in place of being refused. Loads next to nothing itself.
 */
import type http from 'node:http';
import net from 'node:net';
import { resolveListen } from '../core/address.ts';
import { mostWaiting } from '../core/sockets.ts';

export class EarlyListener {
  readonly #server: net.Server;
  readonly #waiting: net.Socket[] = [];

  private constructor(server: net.Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      socket.on('error', () => {});
      this.#waiting.push(socket);
    });
  }

  /** Undefined where it cannot listen: who comes later finds out why. */
  static async on(address: string): Promise<EarlyListener | undefined> {
    const server = net.createServer({
      pauseOnConnect: true,
      noDelay: true,
      keepAlive: true,
      allowHalfOpen: true,
    });
    const early = new EarlyListener(server);
    try {
      const { host, port } = await resolveListen(address);
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('listening', resolve).once('error', reject);
      server.listen({ port, backlog: mostWaiting, ...(host !== '' && { host }) });
      await promise;
      return early;
    } catch {
      return undefined;
    }
  }

  /** Lets `server` listen in its place, and serve who waits. */
  handOver(server: http.Server): void {
    // Node keeps account of a server's connections, to close them with it, from when it listens.
    server.once('listening', () => {
      for (const socket of this.#waiting.splice(0)) {
        server.emit('connection', socket);
        socket.resume();
      }
    });
    server.listen(this.#server, mostWaiting);
  }

  /** For when nothing is to be served. */
  close(): void {
    this.#server.close();
    for (const socket of this.#waiting.splice(0)) socket.destroy();
  }
}
