/**
 * The network of a simulated machine: addresses, ports, listeners, names. All of it is loopback; what is slow or broken about a
 * connection is made by the fault proxy, as in the world `local`, or by a hole.
 */
import { isIPv6 } from 'node:net';
import type { EventQueue, QueuedEvent } from '../time/event-queue.ts';
import { type Address, Endpoint } from './endpoint.ts';
import { addressInUse, connectionRefused, timedOut } from './errors.ts';
import type { Way } from './path.ts';

/**
 * One way over a connection: what a busy machine takes to hand bytes from one socket to another, on the lab clock of a fast run in `local`.
 * Whatever crosses the network is later by a whole millisecond, and so are the times that both ends write of it.
 */
const loopbackUs = 1_000;

/** The ports that connections get which choose none; Linux's own range, ip-sysctl. */
const ephemeral = { first: 32_768, last: 60_999 } as const;

/** When a SYN without an answer is sent again, in seconds after the first, and when Linux gives up; tcp_syn_retries is 6. */
const synAtS = [0, 1, 3, 7, 15, 31, 63] as const;
const connectTimeoutUs = 127_000_000;

/** Who takes connections at a port. */
export interface Listener {
  readonly address: Address;
  accept(endpoint: Endpoint): void;
}

/** What a try to connect came to: an endpoint, or libuv's number of what the system answered. */
type Connected = (result: Endpoint | number) => void;

export class Network {
  readonly #queue: EventQueue;
  readonly #listeners = new Map<string, Listener>();
  readonly #holes = new Map<number, { depth: number; readonly healed: (() => void)[] }>();
  readonly #names = new Map<string, string>([['localhost', '127.0.0.1']]);
  #nextPort: number = ephemeral.first;
  #latencyUs = loopbackUs;

  constructor(queue: EventQueue) {
    this.#queue = queue;
  }

  /** Microseconds from one end of each connection that is made from now on to its other. */
  set latencyUs(us: number) {
    this.#latencyUs = us;
  }

  /** The address of a name, or undefined where nobody has it. */
  resolve(name: string): string | undefined {
    return this.#names.get(name);
  }

  /** Gives a name an address; without one, takes it away. */
  setName(name: string, address: string | undefined): void {
    if (address === undefined) this.#names.delete(name);
    else this.#names.set(name, address);
  }

  /** Takes a port for a listener, or says why it cannot be had. */
  listen(host: string, port: number, accept: Listener['accept']): Listener | number {
    if (port !== 0 && this.#listenerAt(host, port, true)) return addressInUse;
    const taken = port === 0 ? this.#freePort() : port;
    const family = isIPv6(host) ? 'IPv6' : 'IPv4';
    const listener: Listener = { address: { address: host, family, port: taken }, accept };
    this.#listeners.set(`${host} ${taken}`, listener);
    return listener;
  }

  /** Gives the port back. Connections that were accepted stay. */
  unlisten({ address: { address, port } }: Listener): void {
    this.#listeners.delete(`${address} ${port}`);
  }

  /**
   * Connects; the function returned gives up. A peer that nobody listens for answers with RST at once, a hole never does.
   */
  connect(
    from: { address?: string | undefined; port?: number | undefined },
    to: Address,
    done: Connected,
  ): () => void {
    const way = this.#wayTo(to.port);
    const local: Address = {
      address: from.address ?? (to.family === 'IPv6' ? '::1' : '127.0.0.1'),
      family: to.family,
      port: from.port || this.#ephemeralPort(),
    };
    let isOver = false;
    let isAnswered = false;
    const finish = (result: Endpoint | number): void => {
      if (isOver) return;
      isOver = true;
      this.#queue.cancel(event);
      done(result);
    };
    const answered = (): void => {
      if (isOver || isAnswered) return;
      isAnswered = true;
      const listener = this.#listenerAt(to.address, to.port);
      if (listener === undefined) {
        this.#queue.schedule(way.latencyUs, () => finish(connectionRefused));
        return;
      }
      const client = new Endpoint(this.#queue, way, local, to);
      const server = new Endpoint(this.#queue, way, ...this.#seenBy(listener, to, local));
      Endpoint.join(client, server);
      this.#queue.schedule(way.latencyUs, () => {
        if (isOver) return client.reset();
        finish(client);
      });
      this.#queue.schedule(2 * way.latencyUs, () => {
        if (this.#listeners.get(`${listener.address.address} ${listener.address.port}`) !== listener)
          return server.reset();
        listener.accept(server);
      });
    };
    const begunUs = this.#queue.nowUs;
    let event: QueuedEvent;
    const send = ([seconds, ...later]: readonly number[]): void => {
      if (seconds === undefined) {
        event = this.#queue.schedule(begunUs + connectTimeoutUs - this.#queue.nowUs, () => finish(timedOut));
        return;
      }
      event = this.#queue.schedule(begunUs + seconds * 1_000_000 + way.latencyUs - this.#queue.nowUs, () => {
        if (way.isHole()) send(later);
        else answered();
      });
    };
    send(synAtS);
    return () => {
      isOver = true;
      this.#queue.cancel(event);
    };
  }

  /** Loses what is sent to and from the connections of a listening port; calls nest, and the function returned heals. */
  makeHole(port: number): () => void {
    const hole = this.#holes.get(port) ?? { depth: 0, healed: [] };
    this.#holes.set(port, hole);
    hole.depth += 1;
    let isHealed = false;
    return () => {
      if (isHealed) return;
      isHealed = true;
      hole.depth -= 1;
      if (hole.depth > 0) return;
      this.#holes.delete(port);
      for (const listener of hole.healed) listener();
    };
  }

  #wayTo(port: number): Way {
    return {
      latencyUs: this.#latencyUs,
      isHole: () => this.#holes.has(port),
      onHealed: (listener) => void this.#holes.get(port)?.healed.push(listener),
    };
  }

  /** The listener behind an address; whoever listens on all addresses comes last. */
  #listenerAt(host: string, port: number, any = false): Listener | undefined {
    const exact = this.#listeners.get(`${host} ${port}`);
    if (exact) return exact;
    const everywhere =
      this.#listeners.get(`:: ${port}`) ??
      (isIPv6(host) ? undefined : this.#listeners.get(`0.0.0.0 ${port}`));
    if (everywhere || !any || (host !== '::' && host !== '0.0.0.0')) return everywhere;
    return [...this.#listeners.values()].find((listener) => listener.address.port === port);
  }

  /** Both addresses as the server's end has them: one that listens for both families sees IPv4 in IPv6's clothes. */
  #seenBy({ address: { family } }: Listener, to: Address, from: Address): [local: Address, remote: Address] {
    const seen = (address: Address): Address =>
      family === 'IPv6' && address.family === 'IPv4'
        ? { ...address, family: 'IPv6', address: `::ffff:${address.address}` }
        : address;
    return [seen(to), seen(from)];
  }

  #freePort(): number {
    for (;;) {
      const port = this.#ephemeralPort();
      if (![...this.#listeners.values()].some((listener) => listener.address.port === port)) return port;
    }
  }

  #ephemeralPort(): number {
    const port = this.#nextPort;
    this.#nextPort = port === ephemeral.last ? ephemeral.first : port + 1;
    return port;
  }
}
