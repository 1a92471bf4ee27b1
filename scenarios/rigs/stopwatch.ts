/**
 * A relay in front of a link that takes the time of each exchange, as the subject feels it: from its first byte, or its
 * connection, to the last byte of the answer, with all attempts between.
 *
 *     subject ──► stopwatch ──► link
 *
 * Exchanges are told apart by the quiet between them. What the server says after the subject has ended its side belongs to
 * no answer.
 */
import { once } from 'node:events';
import net from 'node:net';
import type { Table } from 'shaketable';
import { resetStream } from 'shaketable/proxy';

/** Nothing moves for so long, wall-clock ms: the exchange is over. */
const quietMs = 1_000;

/** A running stopwatch. Each exchange is a note `{ name: 'exchange', ms, packets }`, ms of the wall clock. */
export interface Stopwatch {
  readonly port: number;
  /** Exchanges noted so far. */
  readonly exchanges: number;
  /** Notes the exchange under way. */
  finish(): void;
}

export async function startStopwatch(table: Table, link: { host: string; port: number }): Promise<Stopwatch> {
  const exchange = new Exchanges(table);
  const open = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    exchange.moved();
    const upstream = net.connect({ ...link, noDelay: true, allowHalfOpen: true });
    let ended = false;
    client.on('data', () => exchange.moved(true));
    client.on('end', () => {
      ended = true;
    });
    upstream.on('data', () => ended || exchange.answered());
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(from);
      from.on('error', () => resetStream(to));
      from.once('close', () => {
        open.delete(from);
        if (from.errored) to.destroy();
      });
      from.pipe(to);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  table.use({
    [Symbol.asyncDispose]: async () => {
      server.close();
      for (const socket of open) socket.destroy();
      await once(server, 'close');
    },
  });
  return {
    port: (server.address() as net.AddressInfo).port,
    get exchanges() {
      return exchange.count;
    },
    finish: () => exchange.finish(),
  };
}

class Exchanges {
  count = 0;
  readonly #table: Table;
  #startedAt: number | undefined;
  #answeredAt: number | undefined;
  #movedAt = 0;
  #packets = 0;

  constructor(table: Table) {
    this.#table = table;
  }

  /** The subject did something; with `data`, a packet of it came. */
  moved(data = false): void {
    const now = performance.now();
    if (this.#startedAt !== undefined && now - this.#movedAt > quietMs) this.finish();
    this.#startedAt ??= now;
    this.#movedAt = now;
    if (data) this.#packets += 1;
  }

  answered(): void {
    this.#answeredAt = performance.now();
    this.#movedAt = this.#answeredAt;
    this.#packets += 1;
  }

  finish(): void {
    if (this.#startedAt === undefined || this.#answeredAt === undefined) return;
    this.#table.note('exchange', { ms: this.#answeredAt - this.#startedAt, packets: this.#packets });
    this.count += 1;
    this.#startedAt = undefined;
    this.#answeredAt = undefined;
    this.#packets = 0;
  }
}
