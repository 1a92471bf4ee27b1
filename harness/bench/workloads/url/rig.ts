/**
 * Load and proxy before a server that is not ours. The proxy connects to one address, and the load to the proxy alone.
 *
 *     load ──► proxy, one of each link ──► the address of the URL
 */
import { startProxy, type ToxicDefinition } from 'shaketable-proxy';
import type { Clock } from 'shaketable-proxy/clock';
import type { HandshakeJob, HandshakeLoad } from '../../load/handshakes.ts';
import type { PolicyJob, PolicyLoad } from '../../load/policy-load.ts';
import type { ServerTarget } from '../../load/server-target.ts';
import { startHelper } from '../../processes/helper.ts';
import { countHandshakes, type LinkCounts } from '../../rig/handshake-counter.ts';
import { registerLinkToxics } from '../policy/links.ts';
import type { ServerAddress } from './address.ts';

/** What load and proxy saw; what the server spent is unknown. */
export interface ServerBatch<Load> {
  readonly load: Load;
  readonly proxy: LinkCounts;
  readonly client: { readonly cpuMs: number; readonly rssBytes: number };
}

/** What lies between. */
export interface UrlLink {
  readonly name: string;
  readonly toxics: readonly ToxicDefinition[];
}

export interface UrlRig extends AsyncDisposable {
  shake(
    link: UrlLink,
    job: Omit<HandshakeJob, 'port' | 'ca' | 'server'>,
  ): Promise<ServerBatch<HandshakeLoad>>;
  request(link: UrlLink, job: Omit<PolicyJob, 'port' | 'ca' | 'server'>): Promise<ServerBatch<PolicyLoad>>;
  portOf(link: UrlLink): Promise<number>;
  /** Why the proxy got no connection to the server, the last time that it got none: `ECONNREFUSED`. */
  refusal(): string | undefined;
}

export interface UrlRigOptions {
  readonly seed: number;
  readonly address: ServerAddress;
  /** Where the proxy connects to. */
  readonly upstream: string;
  /** The authority to trust, PEM; without one, those that Node knows. */
  readonly ca?: string | undefined;
  readonly timeoutMs: number;
  readonly perSecond: number;
  readonly clock: Clock;
}

export async function startUrlRig(options: UrlRigOptions): Promise<UrlRig> {
  const { seed, address, upstream, ca, timeoutMs, perSecond, clock } = options;
  registerLinkToxics();
  await using resources = new AsyncDisposableStack();
  const loads = resources.use(startHelper('load-main'));
  const proxy = resources.use(await startProxy({ seed }));
  let refusal: string | undefined;
  resources.defer(
    proxy.subscribe((event) => {
      if (event.type === 'upstream-refused') refusal = event.code;
    }),
  );
  const owned = resources.move();
  const { secure, hostname, host, path } = address;
  const server: ServerTarget = { secure, hostname, host, path, timeoutMs, perSecond };

  const portOf = async ({ name, toxics }: UrlLink): Promise<number> => {
    const known = proxy.proxies.find((handle) => handle.name === name);
    return known ? known.port : (await proxy.create({ name, upstream, toxics })).port;
  };
  const take = async <Load>(kind: string, link: UrlLink, job: object): Promise<ServerBatch<Load>> => {
    const port = await portOf(link);
    // Each load keeps the pace by itself; between two of them it is kept here.
    await clock.sleep(1_000 / perSecond);
    using counter = countHandshakes(proxy, link.name);
    const { result, cpuMs, rssBytes } = await loads.run<Load>({
      ...job,
      kind,
      port,
      server,
      ...(ca === undefined ? {} : { ca }),
    });
    return { load: result, proxy: await counter.take(), client: { cpuMs, rssBytes } };
  };
  return {
    shake: (link, job) => take('handshakes', link, job),
    request: (link, job) => take('policy', link, job),
    portOf,
    refusal: () => refusal,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
