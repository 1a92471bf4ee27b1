/**
 * Load, servers and links for requests.
 *
 *     load ──► proxy, one of each link and protocol ──► servers of HTTP/1.1 and HTTP/2
 */
import { startProxy } from 'shaketable-proxy';
import { createAuthority } from 'shaketable-proxy/certificates';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { PolicyLoad } from '../../load/policy-load.ts';
import type { SaturateLoad } from '../../load/saturate.ts';
import { startHelper } from '../../processes/helper.ts';
import type { Effects } from '../../processes/report-server.ts';
import { countHandshakes, type LinkCounts } from '../../rig/handshake-counter.ts';
import { type LinkKind, registerLinkToxics } from './links.ts';

/** What load, proxy and server saw of a batch of requests. */
export interface RequestBatch<Load> {
  readonly load: Load;
  readonly proxy: LinkCounts;
  readonly effects: Effects;
  /** Processor time, ms, and resident memory of either end. */
  readonly client: { readonly cpuMs: number; readonly rssBytes: number };
  readonly server: { readonly cpuMs: number; readonly rssBytes: number };
}

/** What the load is to do, and over which link. */
export interface RequestPlan {
  readonly link: LinkKind;
  readonly protocol: 'http1' | 'http2';
  /** The load's job, without where to. */
  readonly job: { readonly kind: 'policy' | 'saturate'; readonly [detail: string]: unknown };
}

export interface RequestRig extends AsyncDisposable {
  take<Load extends PolicyLoad | SaturateLoad>(plan: RequestPlan): Promise<RequestBatch<Load>>;
}

export interface RequestRigOptions {
  readonly seed: number;
  /** The server tells clients to close after each answer. @default false */
  readonly close?: boolean;
  readonly clock?: Clock;
}

export async function startRequestRig(options: RequestRigOptions): Promise<RequestRig> {
  const { seed, close = false, clock = systemClock() } = options;
  registerLinkToxics();
  await using resources = new AsyncDisposableStack();
  const authority = await createAuthority({ name: 'Benchmark', now: clock.now() });
  const { keyPem, chainPem } = await authority.issue({ hosts: ['localhost'] });
  const servers = resources.use(startHelper('servers-main'));
  const loads = resources.use(startHelper('load-main'));
  const proxy = resources.use(await startProxy({ seed }));
  const listen = { kind: 'reports', key: keyPem, cert: chainPem, close };
  const { result: ports } = await servers.run<Record<RequestPlan['protocol'], number>>(listen);
  const owned = resources.move();

  const portOf = async (name: string, { link, protocol }: RequestPlan): Promise<number> => {
    const known = proxy.proxies.find((handle) => handle.name === name);
    if (known) return known.port;
    return (await proxy.create({ name, upstream: `127.0.0.1:${ports[protocol]}`, toxics: link.toxics })).port;
  };
  return {
    async take<Load>(plan: RequestPlan) {
      const name = `${plan.protocol} ${plan.link.name}`;
      const port = await portOf(name, plan);
      using counter = countHandshakes(proxy, name);
      const before = await servers.cpuMs();
      const { result, cpuMs, rssBytes } = await loads.run<Load>({ ...plan.job, port, ca: authority.certPem });
      const counts = await counter.take();
      const serverCpuMs = (await servers.cpuMs()) - before;
      const effects = await servers.run<Effects>({ kind: 'effects' });
      return {
        load: result,
        proxy: counts,
        effects: effects.result,
        client: { cpuMs, rssBytes },
        server: { cpuMs: serverCpuMs, rssBytes: effects.rssBytes },
      };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
