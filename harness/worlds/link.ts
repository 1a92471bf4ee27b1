/**
 * A link: a named path through the fault proxy, driven over Toxiproxy's HTTP API so that any engine that speaks it will do.
 */
import { Toxiproxy } from 'toxiproxy-node-client';
import { LabError } from '../errors.ts';
import type { FaultableLink, Lift, ToxicBody } from '../faults/fault.ts';

/** A link as scenarios get it. */
export type Link = FaultableLink;

/** Makes a link from a free loopback port to `upstream` in the proxy whose API answers at `apiUrl`. */
export async function createLink(
  apiUrl: string,
  name: string,
  upstream: { host: string; port: number },
): Promise<Link> {
  const proxy = await new Toxiproxy(apiUrl)
    .createProxy({ name, listen: '127.0.0.1:0', upstream: `${upstream.host}:${upstream.port}` })
    .catch((cause: unknown) => refused(`make the link ${name}`, cause));
  const port = Number(proxy.listen.slice(proxy.listen.lastIndexOf(':') + 1));

  return {
    name,
    host: '127.0.0.1',
    port,
    addToxic: async (id: string, body: ToxicBody): Promise<Lift> => {
      const { type, stream = 'downstream', toxicity = 1, attributes, only } = body;
      const request = { name: id, type, stream, toxicity, attributes, ...(only ? { only } : {}) };
      const toxic = await proxy
        .addToxic(request as unknown as Parameters<typeof proxy.addToxic>[0])
        .catch((cause: unknown) => refused(`add ${type} to ${name}`, cause));
      return async () => toxic.remove();
    },
    setEnabled: async (enabled) => {
      await proxy.update({ enabled, listen: proxy.listen, upstream: proxy.upstream });
    },
    engineOf: () => 'shaketable',
  };
}

/** The client's errors say a status code and nothing more; this is the edge where they become ours. */
function refused(what: string, cause: unknown): never {
  const message =
    typeof cause === 'object' && cause !== null && 'message' in cause ? String(cause.message) : String(cause);
  throw new LabError('LAB_PROXY_REFUSED', `The fault proxy would not ${what}: ${message}`, {
    hint: 'Check the parameters of the fault against the table in docs/faults.md.',
    cause,
  });
}
