/** Assembles the parts of a proxy server; nothing listens until `listen` is called. */

import { decodeFile } from './api/decode.ts';
import type { EarlyListener } from './api/early-listener.ts';
import { type StartedApi, startApi } from './api/server.ts';
import type { ApiError } from './core/api-error.ts';
import { Broadcast } from './core/broadcast.ts';
import type { Clock } from './core/clock.ts';
import { type Compatibility, quirksOf } from './core/compatibility.ts';
import type { Dial } from './core/dial.ts';
import { parseJson } from './core/json.ts';
import type { ApiLimits } from './core/limits.ts';
import type { Random } from './core/random.ts';
import { ConnectionTable } from './engine/connection-table.ts';
import type { ProxySurroundings } from './engine/fault-proxy.ts';
import { type Populated, Registry } from './engine/registry.ts';
import { ToxicAccounts } from './engine/toxic-account.ts';
import { keepMetrics, type Metrics, type MetricsOptions } from './metrics/index.ts';
import type { AuthoritySource } from './tls/authority.ts';

/** Receives the lines of the proxy's own log. */
export type ProxyLog = ProxySurroundings['log'];

/** What a proxy server is made of. */
export interface ProxyServerParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly dialler: ProxySurroundings['dialler'];
  readonly authority: AuthoritySource;
  readonly compatibility: Compatibility;
  /** Whether connections are read to tell their protocol and TLS facts. */
  readonly taps: boolean;
  readonly metrics: MetricsOptions;
  readonly limits: ApiLimits;
  /** Ended connections that are kept. */
  readonly keptConnections: number;
  /** Whether toxics that clients of Toxiproxy may not know are listed as one that they do. */
  readonly strictClients: boolean;
  readonly log: ProxyLog;
}

export class ProxyServer {
  readonly registry: Registry;
  readonly broadcast = new Broadcast();
  readonly connections: ConnectionTable;
  readonly toxics: ToxicAccounts;
  readonly #parts: ProxyServerParts;
  readonly #metrics: Metrics | undefined;
  #api: StartedApi | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: ProxyServerParts) {
    const { clock, random, dial, dialler, authority, compatibility, taps, log } = parts;
    this.#parts = parts;
    this.registry = new Registry({
      clock,
      random,
      dial,
      dialler,
      quirks: quirksOf(compatibility),
      taps,
      authority,
      nextNumber: (proxy) => this.connections.nextNumber(proxy),
      emit: (event) => this.broadcast.emit(event),
      ended: (connection) => {
        this.connections.keep(connection);
        this.#metrics?.ended(connection);
      },
      retired: (account) => this.toxics.keep(account),
      log,
    });
    this.connections = new ConnectionTable(() => this.registry.all(), parts.keptConnections);
    this.toxics = new ToxicAccounts(() => this.registry.all());
    this.#metrics = keepMetrics(parts.metrics, this.connections, this.broadcast);
  }

  /**
   * Takes the text of a configuration file. Entries that are wrong, and those that cannot listen, are left out and given back.
   * @throws {ApiError} 400 when it is no list, or as Toxiproxy when an entry is wrong
   */
  async populate(json: string): Promise<Populated & { readonly wrong: readonly ApiError[] }> {
    const { registry } = this;
    const { right, wrong } = decodeFile(parseJson(json), registry.quirks);
    const [first] = wrong;
    if (first && registry.quirks.readsFilesWhole) throw first;
    const populated = await registry.populate(right, registry.quirks.readsFilesWhole ? 'stop' : 'go on');
    return { ...populated, wrong };
  }

  /**
   * Begins to serve the API on `host:port`, where a name is looked up, IPv4 preferred, and no host is every interface.
   * Gives back the port. `early` listens there already. Rejects when the address cannot be bound.
   */
  async listen(address: string, early?: EarlyListener): Promise<number> {
    const { registry, broadcast, connections, toxics } = this;
    const { clock, limits, log, strictClients } = this.#parts;
    const served = { registry, broadcast, connections, toxics, strictClients, metrics: this.#metrics };
    this.#api = await startApi(served, { address, early, clock, limits, log });
    return this.#api.port;
  }

  /** Ends the API, every proxy and every connection at once. May be called twice. */
  close(): Promise<void> {
    this.registry.stop();
    this.#closing ??= this.#api?.close() ?? Promise.resolve();
    return this.#closing;
  }
}
