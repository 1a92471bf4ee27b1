/**
 * Proxies outside the lab's process, driven over Toxiproxy's HTTP API with Toxiproxy's own client. Its calls have no
 * time-out and its errors no words: both are put right here.
 */

import { systemClock, withDeadline } from 'shaketable-proxy/clock';
import { type Proxy as RemoteProxy, Toxiproxy } from 'toxiproxy-node-client';
import { freePort } from '../free-port.ts';
import { type LinkProxy, proxyRefused } from './link-proxy.ts';

/** Toxiproxy itself gives up after 25 s. */
const answerMs = 30_000;

/** Makes a proxy from a free port of `host` to `upstream`. It keeps the port while it is switched off. */
export async function createApiProxy(
  apiUrl: string,
  { name, host, upstream }: { readonly name: string; readonly host: string; readonly upstream: string },
): Promise<LinkProxy> {
  const create = (port: number): Promise<RemoteProxy> =>
    new Toxiproxy(apiUrl).createProxy({ name, listen: `${host}:${port}`, upstream });
  // What is free here may be taken where the server is, or since.
  const creating = create(await freePort()).catch(() => create(0));
  return driven(await bounded(`make the link ${name}`, creating));
}

/** Takes a proxy that is there already. */
export async function adoptApiProxy(apiUrl: string, name: string): Promise<LinkProxy> {
  return driven(await bounded(`show the proxy ${name}`, new Toxiproxy(apiUrl).get(name)));
}

function driven(proxy: RemoteProxy): LinkProxy {
  const { name, listen, upstream } = proxy;
  let removing: Promise<void> | undefined;
  return {
    name,
    port: Number(listen.slice(listen.lastIndexOf(':') + 1)),
    async addToxic(id, { type: { type }, stream = 'downstream', toxicity = 1, attributes, only }) {
      const body = { name: id, type, stream, toxicity, attributes, ...(only ? { only } : {}) };
      const adding = proxy.addToxic(body as unknown as Parameters<typeof proxy.addToxic>[0]);
      const toxic = await bounded(`add ${type} to ${name}`, adding);
      return () => bounded(`remove ${type} from ${name}`, toxic.remove());
    },
    async setEnabled(enabled) {
      await bounded(`switch ${name}`, proxy.update({ enabled, listen, upstream }));
    },
    remove() {
      removing ??= bounded(`remove ${name}`, proxy.remove());
      return removing;
    },
  };
}

/** What the server says at `path`: metrics, or its proxies. */
export async function readApi(apiUrl: string, path: string, timeoutMs = answerMs): Promise<string> {
  const answer = await fetch(`${apiUrl}${path}`, { signal: AbortSignal.timeout(timeoutMs) });
  return answer.text();
}

/** The client's errors say a status code and nothing more; this is the edge where they become ours. */
async function bounded<T>(what: string, call: Promise<T>): Promise<T> {
  const late = (): never => {
    throw new Error(`no answer within ${answerMs / 1_000} s`);
  };
  try {
    return await withDeadline(systemClock(), answerMs, call, late);
  } catch (cause) {
    throw proxyRefused(what, cause);
  }
}
