/** A running proxy server as a program in the same process drives it. */
import { formatAddress } from './core/address.ts';
import type { ProxyEvent } from './core/events.ts';
import type { ProxyDefinition } from './definitions.ts';
import type { ListedConnection } from './engine/connection-table.ts';
import type { FaultProxy } from './engine/fault-proxy.ts';
import type { ToxicAccount } from './engine/toxic-account.ts';
import { ProxyHandle, toCreation } from './handle.ts';
import type { ProxyServer } from './server.ts';

/** A running proxy server. */
export interface StartedProxy extends AsyncDisposable {
  /** `http://host:port` of the API. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The proxies as they are now, in the order created. */
  readonly proxies: readonly ProxyHandle[];
  /** @throws {ApiError} 404 */
  proxy(name: string): ProxyHandle;
  /** @throws {ApiError} 400, 409 when the name is taken, 500 when it cannot listen */
  create(definition: ProxyDefinition): Promise<ProxyHandle>;
  /** Starts every proxy and removes all toxics. @throws {ApiError} 500 */
  reset(): Promise<void>;
  /** The open connections by proxy and number, then those that ended last, the latest first. */
  listConnections(): ListedConnection[];
  /** What each toxic did, over all connections: those in force by proxy, then up to 1,000 that are gone, the latest first. */
  listStrikes(): ToxicAccount[];
  /** Tells of everything from now on; returns what ends that. */
  subscribe(listener: (event: ProxyEvent) => void): () => void;
  /** Ends the API, every proxy and every connection at once. May be called twice. */
  close(): Promise<void>;
}

/** Gives a server that listens there to the program that started it. */
export function drivenFromHere(
  server: ProxyServer,
  { host, port }: { readonly host: string; readonly port: number },
): StartedProxy {
  const { registry, connections, broadcast } = server;
  const handle = (proxy: FaultProxy): ProxyHandle => new ProxyHandle(proxy, registry);
  return {
    url: `http://${formatAddress({ host, port })}`,
    host,
    port,
    get proxies() {
      return registry.all().map(handle);
    },
    proxy: (name) => handle(registry.get(name)),
    create: async (definition) => handle(await registry.create(toCreation(definition))),
    reset: () => registry.reset(),
    listConnections: () => connections.list(),
    listStrikes: () => server.toxics.list(),
    subscribe: (listener) => broadcast.subscribe(listener),
    close: () => server.close(),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
