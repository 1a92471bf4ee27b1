/**
 * Figures of the proxies. Toxiproxy's two counters keep its names, labels and manners: a series appears, and grows,
 * when a connection ends. Ours begin with `shaketable_proxy_` and count as things happen.
 */

import type { ProxyEvent } from '../core/events.ts';
import type { ConnectionTable, ListedConnection } from '../engine/connection-table.ts';
import { Family } from './family.ts';

const counter = (name: string, help: string, labels: readonly string[]): Family =>
  new Family({ name, help, type: 'counter', labels });

/** The same two counters by other names and labels. */
interface ByteCounters {
  readonly received: Family;
  readonly sent: Family;
}

export class ProxyMetrics {
  readonly #table: ConnectionTable;
  readonly #toxiproxy: ByteCounters = {
    received: counter('toxiproxy_proxy_received_bytes_total', '', [
      'direction',
      'listener',
      'proxy',
      'upstream',
    ]),
    sent: counter('toxiproxy_proxy_sent_bytes_total', '', ['direction', 'listener', 'proxy', 'upstream']),
  };
  /** Of connections that have ended. */
  readonly #ended: ByteCounters = {
    received: counter('shaketable_proxy_received_bytes_total', 'Bytes that came, until now.', [
      'direction',
      'proxy',
    ]),
    sent: counter('shaketable_proxy_sent_bytes_total', 'Bytes that were handed on, until now.', [
      'direction',
      'proxy',
    ]),
  };
  /** Proxies that had a connection: their gauge falls to 0, it does not vanish. */
  readonly #seen = new Set<string>();
  readonly #connections = counter('shaketable_proxy_connections_total', 'Connections accepted.', ['proxy']);
  readonly #strikes = counter(
    'shaketable_proxy_strikes_total',
    'Strikes of toxics, and whether the peer was still there.',
    ['proxy', 'toxic', 'type', 'reached'],
  );
  readonly #handshakes = counter('shaketable_proxy_tls_handshakes_total', 'TLS handshakes by outcome.', [
    'proxy',
    'outcome',
  ]);

  constructor(table: ConnectionTable) {
    this.#table = table;
  }

  observe(event: ProxyEvent): void {
    const { type, proxy } = event;
    if (type === 'open') {
      this.#seen.add(proxy);
      this.#connections.add(1, proxy);
    } else if (type === 'tls-handshake') this.#handshakes.add(1, proxy, event.outcome);
    else if (type === 'strike')
      this.#strikes.add(1, proxy, event.toxic, event.toxicType, String(event.reached));
  }

  ended(connection: ListedConnection): void {
    const { proxy, listen, upstream } = connection;
    addBytes(this.#toxiproxy, connection, [listen, proxy, upstream]);
    addBytes(this.#ended, connection, [proxy]);
  }

  toString(): string {
    const open = new Family({
      name: 'shaketable_proxy_open_connections',
      help: 'Connections that are open now.',
      type: 'gauge',
      labels: ['proxy'],
    });
    for (const proxy of this.#seen) open.add(0, proxy);
    const bytes = { received: this.#ended.received.copy(), sent: this.#ended.sent.copy() };
    for (const connection of this.#table.open()) {
      open.add(1, connection.proxy);
      addBytes(bytes, connection, [connection.proxy]);
    }
    const { received, sent } = this.#toxiproxy;
    const ours = [this.#connections, open, bytes.received, bytes.sent, this.#strikes, this.#handshakes];
    return [received, sent, ...ours].join('');
  }
}

/** `labels` are those that come after the direction. */
function addBytes(
  { received, sent }: ByteCounters,
  { receivedUp, bytesUp, receivedDown, bytesDown }: ListedConnection,
  labels: readonly string[],
): void {
  received.add(receivedUp, 'upstream', ...labels).add(receivedDown, 'downstream', ...labels);
  sent.add(bytesUp, 'upstream', ...labels).add(bytesDown, 'downstream', ...labels);
}
