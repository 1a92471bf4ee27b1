/** Proxies of the lab's own proxy server, driven in process. */
import { setImmediate } from 'node:timers/promises';
import type { ProxyHandle, StartedProxy } from 'shaketable-proxy';
import { freePort } from '../free-port.ts';
import { type LinkProxy, proxyRefused } from './link-proxy.ts';

/** Where a proxy leads. */
export interface InProcessProxyOptions {
  readonly name: string;
  readonly upstream: { readonly host: string; readonly port: number };
  /** The proxy answers TLS itself and verifies the server by this authority (PEM); left out, TLS passes as it is. */
  readonly tls?: { readonly upstreamCaPem: string };
  /** Resolves once the proxy has read what was sent before. @default after a whole turn of the event loop */
  readonly arrived?: (() => Promise<void>) | undefined;
}

/** Makes a proxy from a free loopback port to `upstream`. It keeps the port while it is switched off. */
export async function createInProcessProxy(
  proxies: StartedProxy,
  { name, upstream, tls, arrived = turn }: InProcessProxyOptions,
): Promise<LinkProxy> {
  const create = (port: number): Promise<ProxyHandle> =>
    proxies.create({
      name,
      listen: `127.0.0.1:${port}`,
      upstream: `${upstream.host}:${upstream.port}`,
      ...(tls && { tls: { upstream_ca: tls.upstreamCaPem } }),
    });
  // What was free a moment ago may be taken since.
  const creating = create(await freePort()).catch(() => create(0));
  return driven(await told(`make the link ${name}`, arrived, () => creating), arrived);
}

function driven(proxy: ProxyHandle, arrived: () => Promise<void>): LinkProxy {
  const { name, port } = proxy;
  let removing: Promise<void> | undefined;
  return {
    name,
    port,
    async addToxic(id, toxic) {
      const { type } = toxic.type;
      await told(`add ${type} to ${name}`, arrived, () => proxy.addToxic({ ...toxic, name: id }));
      return () => told(`remove ${type} from ${name}`, arrived, () => proxy.removeToxic(id));
    },
    setEnabled: (enabled) => told(`switch ${name}`, arrived, () => proxy.update({ enabled })),
    remove() {
      removing ??= told(`remove ${name}`, arrived, () => proxy.remove());
      return removing;
    },
  };
}

/** Does it once the proxy has read what was sent before, and says in our words why it could not be done. */
async function told<T>(what: string, arrived: () => Promise<void>, call: () => T | Promise<T>): Promise<T> {
  try {
    await arrived();
    return await call();
  } catch (cause) {
    throw proxyRefused(what, cause);
  }
}

/**
 * A whole turn of the event loop: what subjects in this process have sent by now is read in its poll phase. Without, a
 * fault would be lifted before the bytes that it is meant for have arrived.
 */
async function turn(): Promise<void> {
  await setImmediate();
  await setImmediate();
}
