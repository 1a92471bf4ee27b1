/**
 * The proxies of a server by name, and the operations on them that Toxiproxy defines: create, update, populate, reset.
 * Operations that start or stop listening run one after the other; nothing in them waits for a peer.
 */

import { setImmediate } from 'node:timers/promises';
import { formatAddress, isSameListen, resolveListen } from '../core/address.ts';
import { ApiError, missingField, proxyExists, proxyNotFound, tooMany } from '../core/api-error.ts';
import type { Quirks } from '../core/compatibility.ts';
import { mostProxies } from '../core/limits.ts';
import { changeTls, type TlsChange } from '../tls/settings.ts';
import { FaultProxy, type ProxySpec, type ProxySurroundings } from './fault-proxy.ts';

/** A proxy to be created. */
export interface ProxyCreation extends ProxySpec {
  readonly enabled: boolean;
}

/** What an update names; the rest stays. */
export interface ProxyChange {
  readonly listen: string | undefined;
  readonly upstream: string | undefined;
  readonly enabled: boolean | undefined;
  readonly tls: TlsChange | undefined;
}

/** A proxy that could not be made. */
export interface PopulateFailure {
  readonly name: string;
  readonly error: ApiError;
}

/** What populating came to. */
export interface Populated {
  readonly proxies: readonly FaultProxy[];
  readonly failures: readonly PopulateFailure[];
}

export class Registry {
  readonly quirks: Quirks;
  readonly #surroundings: ProxySurroundings;
  readonly #proxies = new Map<string, FaultProxy>();
  #lastOperation: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(surroundings: ProxySurroundings) {
    this.quirks = surroundings.quirks;
    this.#surroundings = surroundings;
  }

  /** The certificate (PEM) of the authority that proxies with `tls` present certificates of. */
  async authorityPem(): Promise<string> {
    return (await this.#surroundings.authority()).certPem;
  }

  /** Every proxy, in the order created. */
  all(): FaultProxy[] {
    return [...this.#proxies.values()];
  }

  find(name: string): FaultProxy | undefined {
    return this.#proxies.get(name);
  }

  /** @throws {ApiError} 404 */
  get(name: string): FaultProxy {
    const proxy = this.find(name);
    if (!proxy) throw proxyNotFound();
    return proxy;
  }

  /** @throws {ApiError} 409 when the name is taken, 500 when it cannot listen; it is not kept then */
  create(creation: ProxyCreation): Promise<FaultProxy> {
    return this.#inTurn(async () => {
      if (this.#proxies.has(creation.name)) throw proxyExists();
      return this.#add(creation);
    });
  }

  /** @throws {ApiError} 404 when it is gone, 500 when it cannot listen; it is left disabled then, as Toxiproxy leaves it */
  update(proxy: FaultProxy, change: ProxyChange): Promise<void> {
    return this.#inTurn(async () => {
      if (this.find(proxy.name) !== proxy) throw proxyNotFound();
      const enabled = change.enabled ?? proxy.enabled;
      const listen = change.listen ?? proxy.listen;
      const same = change.listen === undefined || (await this.#listensOn(proxy, listen));
      const upstream = change.upstream ?? proxy.upstream;
      const tls = change.tls === undefined ? undefined : { settings: changeTls(proxy.tls, change.tls) };
      const moved = !same || upstream !== proxy.upstream;
      if (moved || !enabled) proxy.stop();
      if (moved) Object.assign(proxy, { listen, upstream });
      if (tls) proxy.tls = tls.settings;
      if (enabled) await proxy.start();
    });
  }

  /** Stops a proxy and forgets it with its toxics. @throws {ApiError} 404 */
  remove(name: string): Promise<void> {
    return this.#inTurn(async () => {
      this.get(name).retire();
      this.#proxies.delete(name);
    });
  }

  /**
   * Creates what is missing, leaves alone what is the same, replaces what differs in address. The first failure ends
   * it, unless it is to go on; what was done before stays.
   */
  populate(creations: readonly ProxyCreation[], onFailure: 'stop' | 'go on' = 'stop'): Promise<Populated> {
    return this.#inTurn(async () => {
      const proxies: FaultProxy[] = [];
      const failures: PopulateFailure[] = [];
      for (const creation of creations) {
        await othersTurn();
        try {
          proxies.push(await this.#populateOne(creation));
        } catch (error) {
          if (!(error instanceof ApiError)) throw error;
          failures.push({ name: creation.name, error });
          if (onFailure === 'stop') break;
        }
      }
      return { proxies, failures };
    });
  }

  /** Starts every proxy and removes all toxics. @throws {ApiError} 500, the first that cannot listen */
  reset(): Promise<void> {
    return this.#inTurn(async () => {
      for (const proxy of this.all()) {
        await othersTurn();
        await proxy.start();
        proxy.removeAllToxics();
      }
    });
  }

  /** Stops every proxy at once. Operations under way have no effect, and later requests are refused. */
  stop(): void {
    this.#stopped = true;
    for (const proxy of this.#proxies.values()) proxy.stop();
  }

  async #populateOne(creation: ProxyCreation): Promise<FaultProxy> {
    const known = this.#proxies.get(creation.name);
    if (known) {
      const same = await this.#listensOn(known, creation.listen);
      if (same && creation.upstream === known.upstream) return known;
      known.retire();
    }
    return this.#add(creation);
  }

  /** Whether a proxy is already where `listen` would put it. @throws {ApiError} 500 when that cannot be resolved */
  async #listensOn(proxy: FaultProxy, listen: string): Promise<boolean> {
    const wanted = await resolveListen(listen);
    if (formatAddress(wanted) === proxy.listen) return true;
    if (this.quirks.comparesSpelling) return false;
    const current = await resolveListen(proxy.listen).catch(() => undefined);
    return current !== undefined && isSameListen(current, wanted);
  }

  async #add({ enabled, ...spec }: ProxyCreation): Promise<FaultProxy> {
    if (this.#proxies.size >= mostProxies && !this.#proxies.has(spec.name)) {
      throw tooMany('proxies in a server', mostProxies);
    }
    const proxy = new FaultProxy(spec, this.#surroundings);
    if (enabled) await proxy.start();
    this.#proxies.set(spec.name, proxy);
    this.#assertRunning();
    return proxy;
  }

  #inTurn<T>(operation: () => Promise<T>): Promise<T> {
    const turn = this.#lastOperation.then(async () => {
      this.#assertRunning();
      try {
        return await operation();
      } finally {
        if (this.#stopped) this.stop();
      }
    });
    this.#lastOperation = turn.catch(() => {});
    return turn;
  }

  #assertRunning(): void {
    if (this.#stopped) throw new ApiError(503, 'the proxy server is shut down');
  }
}

/** Before each proxy, the connections that are open: to listen takes the kernel milliseconds where thousands of ports are taken. */
const othersTurn = (): Promise<void> => setImmediate();

/** @throws {ApiError} 400, the first that lacks something, by its place */
export function assertAllComplete(creations: readonly ProxyCreation[]): void {
  for (const [index, creation] of creations.entries()) assertComplete(creation, ` at proxy ${index + 1}`);
}

/** @throws {ApiError} 400; `place` is added to the message, as populate does */
export function assertComplete({ name, upstream }: ProxySpec, place = ''): void {
  if (name === '') throw missingField(`name${place}`);
  if (upstream === '') throw missingField(`upstream${place}`);
}
