/**
 * The embedded fault proxy. It speaks Toxiproxy's HTTP API on loopback, so `toxiproxy-node-client` and every other
 * client drive it, and it needs neither Docker nor Go. Beyond Toxiproxy: chance from a seed, toxics given together with
 * their proxy, half-close and RST kept as they are, faults on handshakes, idle connections and chosen connections, and
 * an event for everything that happens on a connection.
 *
 *     core/       what every floor uses: clock, chance, errors, selectors, steps, the contract of a toxic
 *     protocols/  readers of TLS, HTTP/1.1 and 2, WebSocket and MySQL
 *     toxics/     one file a toxic
 *     tls/        handshakes answered by the proxy, with certificates made on demand
 *     engine/     sockets: registry ─ proxy ─ connection ─ link ─ stage
 *     metrics/    figures for Prometheus
 *     api/        HTTP, JSON, Toxiproxy's wording
 *     server      the parts above put together
 */

import type { Authority } from './certificates/index.ts';
import { formatAddress } from './core/address.ts';
import { type Clock, systemClock } from './core/clock.ts';
import type { Compatibility } from './core/compatibility.ts';
import type { Dial } from './core/dial.ts';
import type { ProxyEvent } from './core/events.ts';
import { type ApiLimits, defaultApiLimits } from './core/limits.ts';
import { type Random, seededRandom } from './core/random.ts';
import type { ProxyDefinition } from './definitions.ts';
import { keptConnections } from './engine/connection-table.ts';
import { lendingDial } from './engine/lending-socket.ts';
import { type ProxyHandle, toCreation } from './handle.ts';
import type { MetricsOptions } from './metrics/index.ts';
import { type ProxyLog, ProxyServer } from './server.ts';
import { drivenFromHere, type StartedProxy } from './started-proxy.ts';
import { givenAuthority, lazyAuthority } from './tls/authority.ts';

export { ApiError } from './core/api-error.ts';
export {
  type AttributeForm,
  type AttributeSpecs,
  type AttributeValue,
  type AttributeValues,
  byteCount,
  choice,
  decimal,
  duration,
  durationList,
  flag,
  fraction,
  integer,
  integerList,
  rate,
  text,
  type Unit,
} from './core/attributes.ts';
export type { Compatibility } from './core/compatibility.ts';
export type { ConnectionFacts } from './core/connection-facts.ts';
export type { ConnectionState } from './core/connection-state.ts';
export type { Dial, Target } from './core/dial.ts';
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
} from './core/events.ts';
export type { ApiLimits } from './core/limits.ts';
export type { Selector } from './core/selector.ts';
export { resetStream } from './core/sockets.ts';
export { close, closeInOrder, forget, pass, reply, send, until } from './core/steps.ts';
export { type Behaviour, defineToxic, type ToxicContext, type ToxicType } from './core/toxic-type.ts';
export type {
  OwnToxicDefinition,
  ProxyDefinition,
  ProxyUpdate,
  ToxicDefinition,
  ToxicUpdate,
} from './definitions.ts';
export type { ListedConnection } from './engine/connection-table.ts';
export type { ToxicAccount } from './engine/toxic-account.ts';
export { assertToxic, type ToxicFacts } from './handle.ts';
export type { MetricsOptions } from './metrics/index.ts';
export type { TlsSettings } from './tls/settings.ts';
export { registerToxic, toxicTypes, toxiproxyTypeNames } from './toxics/index.ts';
export { isDue, occasionAttributes } from './toxics/shared/occasions.ts';
export type { ProxyHandle, StartedProxy };

/** How a proxy server is started; a plain `startProxy()` is one on a free port of loopback. */
export interface ProxyOptions {
  /** Where the API listens. @default '127.0.0.1' */
  readonly host?: string;
  /** @default 0, chosen by the system */
  readonly port?: number;
  /** Proxies that are there before the API answers. @default none */
  readonly proxies?: readonly ProxyDefinition[];
  /** The same seed, proxies and traffic meet the same faults. @default 0 */
  readonly seed?: number | string;
  /** Random numbers instead of `seed`; forked by proxy, dialler, connection number and toxic. */
  readonly random?: Random;
  /** The time line of delays and events: the wall clock, since toxics are given in real milliseconds. */
  readonly clock?: Clock;
  /** How upstreams are reached. @default TCP */
  readonly dial?: Dial;
  /**
   * Who dials, by the client's address: then `nth`, `first`, `every`, the occasions of toxics and draws go by the connections
   * of each dialler, whose order among those of others is the machine's. @default all of a proxy are counted together
   */
  readonly dialler?: (clientAddress: string) => string;
  /** Issues the certificates of proxies with `tls`; clients have to trust it. @default one made when first needed */
  readonly authority?: Authority;
  /** Whether it does what Toxiproxy does also where that harms the lab. @default 'none' */
  readonly compatibility?: Compatibility;
  /** Whether connections are read to tell their protocol and TLS facts; without, they cost less. @default true */
  readonly taps?: boolean;
  /** What `GET /metrics` answers. @default nothing */
  readonly metrics?: MetricsOptions;
  /** What clients of the API may ask for. */
  readonly limits?: Partial<ApiLimits>;
  /** Connections that ended of which `listConnections()` tells. @default 10,000 */
  readonly keptConnections?: number;
  /**
   * Whether the API lists toxics that Toxiproxy does not have as a `latency` of 0 ms, for clients that cannot read other types.
   * @default false
   */
  readonly strictClients?: boolean;
  /**
   * Receives every event, in order, from the start. It may change proxies and toxics; on the connection of the event the
   * change takes effect when the current step is done. An error that it throws becomes an uncaught exception.
   */
  readonly onEvent?: (event: ProxyEvent) => void;
  /** Receives the lines of the proxy's own log. */
  readonly log?: ProxyLog;
}

/** Starts a proxy server. Rejects when a proxy cannot be created, or the API's address not be bound. */
export async function startProxy(options: ProxyOptions = {}): Promise<StartedProxy> {
  const { host = '127.0.0.1', port: wantedPort = 0, seed = 0, proxies = [] } = options;
  const server = new ProxyServer({
    clock: options.clock ?? systemClock(),
    random: options.random ?? seededRandom(seed),
    dial: options.dial ?? lendingDial,
    dialler: options.dialler ?? (() => ''),
    authority: options.authority === undefined ? lazyAuthority() : givenAuthority(options.authority),
    compatibility: options.compatibility ?? 'none',
    taps: options.taps ?? true,
    metrics: options.metrics ?? {},
    limits: { ...defaultApiLimits, ...options.limits },
    keptConnections: options.keptConnections ?? keptConnections,
    strictClients: options.strictClients ?? false,
    log: options.log ?? (() => {}),
  });
  const { registry, broadcast } = server;
  if (options.onEvent) broadcast.subscribe(options.onEvent);
  await using undo = new AsyncDisposableStack();
  undo.defer(() => server.close());
  for (const proxy of proxies) await registry.create(toCreation(proxy));
  const port = await server.listen(formatAddress({ host, port: wantedPort }));
  undo.move();

  return drivenFromHere(server, { host, port });
}
