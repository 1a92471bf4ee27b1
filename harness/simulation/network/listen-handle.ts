/** A listening handle on the memory network, for Node's own `net.Server`. */

import type { Listener, Network } from './network.ts';
import { StreamHandle } from './stream-handle.ts';

export class ListenHandle {
  /** Set by `net.Server`: called for each connection. */
  onconnection: ((this: ListenHandle, error: number, handle: StreamHandle) => void) | undefined;
  readonly #network: Network;
  readonly #host: string;
  readonly #port: number;
  #listener: Listener | undefined;

  constructor(network: Network, host: string, port: number) {
    this.#network = network;
    this.#host = host;
    this.#port = port;
  }

  listen(): number {
    const listener = this.#network.listen(this.#host, this.#port, (endpoint) =>
      this.onconnection?.call(this, 0, new StreamHandle(this.#network, endpoint)),
    );
    if (typeof listener === 'number') return listener;
    this.#listener = listener;
    return 0;
  }

  getsockname(out: object): number {
    Object.assign(out, this.#listener?.address);
    return 0;
  }

  close(done?: () => void): void {
    if (this.#listener) this.#network.unlisten(this.#listener);
    this.#listener = undefined;
    if (done) setImmediate(done);
  }

  ref(): void {}
  unref(): void {}
}
