/**
 * The embedded fault proxy. It speaks Toxiproxy's HTTP API on loopback, so `toxiproxy-node-client` and every other
 * client drive it, and it needs neither Docker nor Go. Beyond Toxiproxy: chance from a seed, toxics given together with
 * their proxy, half-close and RST kept as they are, faults on handshakes, idle connections and chosen connections, and
 * an event for everything that happens on a connection.
 *
 *     server    the parts below put together
 *     api/      HTTP, JSON, Toxiproxy's wording
 *     registry  proxies by name: create, update, populate, reset
 *     plane/    sockets: proxy ─ connection ─ link ─ stage
 *     toxics/   one file a toxic, one contract
 *     metrics/  figures for Prometheus
 */
import { type Clock, systemClock } from '../../clock.ts';
import { type Random, seededRandom } from '../../random.ts';
import { type Dial, tcpDial } from '../dial.ts';
import { type ApiLimits, defaultApiLimits } from './api/limits.ts';
import type { Compatibility } from './compatibility.ts';
import type { ListedConnection } from './connection-table.ts';
import type { ProxyEvent } from './events.ts';
import type { MetricsOptions } from './metrics/index.ts';
import { formatAddress } from './plane/address.ts';
import type { FaultProxy } from './plane/fault-proxy.ts';
import { type ProxyLog, ProxyServer } from './server.ts';

export type { Dial, Target } from '../dial.ts';
export type { ApiLimits } from './api/limits.ts';
export type { Compatibility } from './compatibility.ts';
export type { ListedConnection } from './connection-table.ts';
export type {
  ClientHelloFacts,
  ConnectionEnd,
  ConnectionEvent,
  ControlEvent,
  ControlEventFacts,
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
  /** Whether connections are read to tell their protocol and TLS facts; without, they cost less. @default true */
  readonly taps?: boolean;
  /** What `GET /metrics` answers. @default nothing */
  readonly metrics?: MetricsOptions;
  /** What clients of the API may ask for. */
  readonly limits?: Partial<ApiLimits>;
  /** Told of everything that happens on a connection, in order. */
  readonly onEvent?: (event: ProxyEvent) => void;
  /** Told what a log of the proxy itself would hold. */
  readonly log?: ProxyLog;
}

/** A running proxy server. */
export interface StartedProxyServer extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The proxies as they are now. */
  readonly proxies: readonly Pick<FaultProxy, 'name' | 'listen' | 'upstream' | 'enabled' | 'toxics'>[];
  /** The open connections by proxy and number, then those that ended last, the latest first. */
  listConnections(): ListedConnection[];
  /** Ends the API, every proxy and every connection at once. May be called twice. */
  close(): Promise<void>;
}

/** Starts a proxy server without proxies. Rejects when the API's address cannot be bound. */
export async function startProxyServer(options: ProxyServerOptions = {}): Promise<StartedProxyServer> {
  const { host = '127.0.0.1', port: wantedPort = 0 } = options;
  const server = new ProxyServer({
    clock: options.clock ?? systemClock(),
    random: options.random ?? seededRandom(0),
    dial: options.dial ?? tcpDial,
    compatibility: options.compatibility ?? 'none',
    taps: options.taps ?? true,
    metrics: options.metrics ?? {},
    limits: { ...defaultApiLimits, ...options.limits },
    log: options.log ?? (() => {}),
  });
  if (options.onEvent) server.broadcast.subscribe(options.onEvent);
  const port = await server.listen(formatAddress({ host, port: wantedPort }));
  return {
    url: `http://${formatAddress({ host, port })}`,
    host,
    port,
    get proxies() {
      return server.registry.all();
    },
    listConnections: () => server.connections.list(),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
