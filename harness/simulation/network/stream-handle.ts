/**
 * A TCP handle on the memory network: what libuv's is to Node's own `net.Socket`. All above it is Node's code as it is, with its events,
 * its errors and their order.
 *
 *   net.Socket, TLSSocket, HTTP parser  (Node)  ─►  StreamHandle  ─►  Endpoint ═══ way ═══ Endpoint …
 */

import { type Address, Endpoint } from './endpoint.ts';
import { cancelled, connectionReset, notConnected } from './errors.ts';
import type { Network } from './network.ts';
import { emitReadError, JsStream } from './node-internals.ts';

interface ConnectRequest {
  oncomplete(status: number, handle: unknown, request: unknown, readable: boolean, writable: boolean): void;
}

interface PendingWrite {
  readonly request: object;
  readonly bytes: Buffer[];
}

export class StreamHandle extends JsStream {
  /** What reads are told to where TLS lies above; Node's own TLS does not pass errors on from a stream of this kind. */
  above: JsStream | undefined;
  /** Kept by Node's code; TLS puts its own in its place. */
  reading = false;
  #isReading = false;
  readonly #network: Network;
  #endpoint: Endpoint | undefined;
  #bound: { address?: string; port?: number } = {};
  #giveUp: (() => void) | undefined;
  readonly #writes: PendingWrite[] = [];
  #shutdown: object | undefined;
  #isClosed = false;
  #hasEnded = false;

  constructor(network: Network, endpoint?: Endpoint) {
    super();
    this.#network = network;
    if (endpoint) this.#take(endpoint);
  }

  get writeQueueSize(): number {
    return this.#writes.reduce(
      (sum, { bytes }) => sum + bytes.reduce((all, { length }) => all + length, 0),
      0,
    );
  }

  bind(address: string, port: number): number {
    this.#bound = { address, port };
    return 0;
  }

  bind6(address: string, port: number): number {
    return this.bind(address, port);
  }

  connect(request: ConnectRequest, address: string, port: number): number {
    return this.#connect(request, { address, port, family: 'IPv4' });
  }

  connect6(request: ConnectRequest, address: string, port: number): number {
    return this.#connect(request, { address, port, family: 'IPv6' });
  }

  getsockname(out: object): number {
    return tell(out, this.#endpoint?.local);
  }

  getpeername(out: object): number {
    return tell(out, this.#endpoint?.remote);
  }

  setNoDelay(): number {
    return 0;
  }

  setKeepAlive(enable: boolean, initialDelayS: number): number {
    this.#endpoint?.setKeepAlive(enable ? Math.max(1, initialDelayS) * 1_000_000 : undefined);
    return 0;
  }

  setTypeOfService(): number {
    return 0;
  }

  ref(): void {}
  unref(): void {}
  hasRef(): boolean {
    return true;
  }

  close(done?: () => void): void {
    this.#end(done, (endpoint) => endpoint.close());
  }

  /** Closes by RST. */
  reset(done?: () => void): number {
    this.#end(done, (endpoint) => endpoint.reset());
    return 0;
  }

  // What Node's stream of this kind asks of its JavaScript side.

  isClosing(): boolean {
    return this.#isClosed;
  }

  onreadstart(): number {
    this.#isReading = true;
    // As with the system's own: what is there is told in a turn of its own.
    process.nextTick(() => this.#read());
    return 0;
  }

  onreadstop(): number {
    this.#isReading = false;
    return 0;
  }

  onwrite(request: object, bytes: Buffer[]): number {
    const endpoint = this.#endpoint;
    if (endpoint === undefined || this.#isClosed) return notConnected;
    // Copied: who writes may use its memory again once this returns.
    const copies = bytes.map((part) => Buffer.from(part));
    const write: PendingWrite = { request, bytes: copies };
    const isFirst = this.#writes.length === 0;
    if (isFirst) {
      const error = push(endpoint, write);
      if (error < 0) return error;
    }
    if (isFirst && write.bytes.length === 0) process.nextTick(() => this.#finishWrite(request, 0));
    else this.#writes.push(write);
    return 0;
  }

  onshutdown(request: object): number {
    this.#shutdown = request;
    process.nextTick(() => this.#shutDown());
    return 0;
  }

  readable(): void {
    this.#read();
  }

  writable(): void {
    const endpoint = this.#endpoint;
    for (let first = this.#writes[0]; first && endpoint; first = this.#writes[0]) {
      const error = push(endpoint, first);
      if (error >= 0 && first.bytes.length > 0) return;
      this.#writes.shift();
      this.#finishWrite(first.request, Math.min(error, 0));
    }
    this.#shutDown();
  }

  #connect(request: ConnectRequest, to: Address): number {
    this.#giveUp = this.#network.connect(this.#bound, to, (result) => {
      if (this.#isClosed) {
        if (result instanceof Endpoint) result.close();
        return;
      }
      if (result instanceof Endpoint) {
        this.#take(result);
        request.oncomplete(0, this, request, true, true);
        this.#read();
      } else request.oncomplete(result, this, request, false, false);
    });
    return 0;
  }

  #take(endpoint: Endpoint): void {
    this.#endpoint = endpoint;
    endpoint.owner = this;
  }

  #read(): void {
    const endpoint = this.#endpoint;
    while (this.#isReading && !this.#isClosed && !this.#hasEnded && endpoint) {
      const read = endpoint.read();
      if (read === undefined) return;
      if (read === 'end') {
        this.#hasEnded = true;
        this.emitEOF();
      } else if (typeof read === 'number') {
        this.#hasEnded = true;
        emitReadError(this.above ?? this, read);
      } else this.readBuffer(read);
    }
  }

  #shutDown(): void {
    const request = this.#shutdown;
    if (request === undefined || this.#writes.length > 0 || this.#isClosed) return;
    this.#shutdown = undefined;
    const status = this.#endpoint?.shutdown() ?? notConnected;
    this.finishShutdown(request, status === connectionReset ? notConnected : status);
  }

  #finishWrite(request: object, status: number): void {
    this.finishWrite(request, status);
  }

  #end(done: (() => void) | undefined, how: (endpoint: Endpoint) => void): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#giveUp?.();
      if (this.#endpoint) {
        how(this.#endpoint);
        this.#endpoint.owner = undefined;
      }
    }
    setImmediate(() => {
      for (const { request } of this.#writes.splice(0)) this.#finishWrite(request, cancelled);
      if (this.#shutdown) this.finishShutdown(this.#shutdown, cancelled);
      this.#shutdown = undefined;
      done?.();
    });
  }
}

/** Writes what there is room for; what is left stays. A negative number is libuv's error. */
function push(endpoint: Endpoint, write: PendingWrite): number {
  while (write.bytes.length > 0) {
    const [part] = write.bytes as [Buffer];
    const taken = endpoint.write(part);
    if (taken < 0) return taken;
    if (taken === part.length) write.bytes.shift();
    else if (taken === 0) return 0;
    else write.bytes[0] = part.subarray(taken);
  }
  return 0;
}

function tell(out: object, address: Address | undefined): number {
  if (address === undefined) return notConnected;
  Object.assign(out, address);
  return 0;
}
