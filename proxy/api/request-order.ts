/**
 * The requests of one connection are carried out in their order, each when the one before is answered, as a client expects
 * that sends several at once (RFC 9112, section 9.3.2). Node hands them out as they are parsed.
 */
import type http from 'node:http';
import type { Duplex } from 'node:stream';

export class RequestOrder {
  readonly #lastAnswered = new WeakMap<Duplex, Promise<void>>();

  /** Settles when it is the request's turn; never, once its connection is gone. */
  async turn({ socket }: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const before = this.#lastAnswered.get(socket);
    this.#lastAnswered.set(socket, new Promise((resolve) => response.once('close', resolve)));
    await before;
    if (before && socket.destroyed) await new Promise<never>(() => {});
  }

  /** Settles when all requests so far of a connection are answered. */
  async answered(socket: Duplex): Promise<void> {
    await this.#lastAnswered.get(socket);
  }
}
