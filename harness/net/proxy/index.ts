/**
 * The embedded fault proxy. It speaks Toxiproxy's HTTP API on loopback, so `toxiproxy-node-client` and every other
 * client drive it, and it needs neither Docker nor Go. Beyond Toxiproxy: chance from a seed, toxics given together with
 * their proxy, half-close and RST kept as they are, faults on handshakes, idle connections and chosen connections, and
 * an event for everything that happens on a connection.
 *
 *     api/      HTTP, JSON, Toxiproxy's wording
 *     registry  proxies by name: create, update, populate, reset
 *     plane/    sockets: proxy ─ connection ─ link ─ stage
 *     toxics/   one file a toxic, one contract
 */
import { type Clock, systemClock } from '../../clock.ts';
import { type Random, seededRandom } from '../../random.ts';
import { type Dial, tcpDial } from '../dial.ts';
import { startApi } from './api/server.ts';
import { type Compatibility, quirksOf } from './compatibility.ts';
import type { ProxyEvent } from './events.ts';
import type { ConnectionFacts } from './plane/connection.ts';
import type { FaultProxy, ProxySurroundings } from './plane/fault-proxy.ts';
import { Registry } from './registry.ts';

export type { Dial, Target } from '../dial.ts';
export type { Compatibility } from './compatibility.ts';
export type {
  ClientHelloFacts,
  ConnectionEnd,
  EndedBy,
  ProxyEvent,
  ProxyEventFacts,
  Stream,
  TlsHandshakeFacts,
  TlsStage,
} from './events.ts';
export type { ConnectionFacts, ConnectionState } from './plane/connection.ts';
export type { Selector } from './plane/selector.ts';

export interface ProxyServerOptions {
  /** Where the API listens. @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, chosen by the system */
  readonly port?: number;
  /** The time line of delays and events: the wall clock, since toxics are given in real milliseconds. */
  readonly clock?: Clock;
  /** Forked by proxy, connection number and toxic, so that the same traffic meets the same faults. */
  readonly random?: Random;
  /** How upstreams are reached. @default TCP */
  readonly dial?: Dial;
  /** Whether it does what Toxiproxy does also where that harms the lab. @default 'none' */
  readonly compatibility?: Compatibility;
  /** Told of everything that happens on a connection, in order. */
  readonly onEvent?: (event: ProxyEvent) => void;
  /** Told what a log of the proxy itself would hold. */
  readonly log?: ProxySurroundings['log'];
}

/** An open connection with the name of its proxy. */
export type ListedConnection = ConnectionFacts & { readonly proxy: string };

/** A running proxy server. */
export interface StartedProxyServer extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The proxies as they are now. */
  readonly proxies: readonly Pick<FaultProxy, 'name' | 'listen' | 'upstream' | 'enabled' | 'toxics'>[];
  listConnections(): ListedConnection[];
  /** Ends the API, every proxy and every connection at once. May be called twice. */
  close(): Promise<void>;
}

/** Starts a proxy server without proxies. Rejects when the API's address cannot be bound. */
export async function startProxyServer(options: ProxyServerOptions = {}): Promise<StartedProxyServer> {
  const {
    host = '127.0.0.1',
    port = 0,
    clock = systemClock(),
    random = seededRandom(0),
    dial = tcpDial,
    compatibility = 'none',
  } = options;
  const { onEvent: emit = () => {}, log = () => {} } = options;
  const registry = new Registry({ clock, random, dial, quirks: quirksOf(compatibility), emit, log });
  const api = await startApi(registry, { host, port }, log);

  let closing: Promise<void> | undefined;
  const shutDown = async (): Promise<void> => {
    await Promise.all([api.close(), registry.stop()]);
  };
  const close = (): Promise<void> => (closing ??= shutDown());
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${api.port}`,
    host,
    port: api.port,
    get proxies() {
      return registry.all();
    },
    listConnections: () =>
      registry
        .all()
        .flatMap((proxy) => proxy.connections().map((facts) => ({ proxy: proxy.name, ...facts }))),
    close,
    [Symbol.asyncDispose]: close,
  };
}
