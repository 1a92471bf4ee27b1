/**
 * The load and the servers, a process each, and what leads from one to the other.
 *
 *     load ──► direct │ toxiproxy │ haproxy │ shaketable ──► servers
 */
import { createAuthority } from 'shaketable-proxy/certificates';
import { systemClock } from 'shaketable-proxy/clock';
import { type Job, startHelper } from '../../processes/helper.ts';
import type { Ports, Way, WayKind, WayName } from './ways.ts';

/** What a measure is taken with. */
export interface ProxyRig extends AsyncDisposable {
  /** Has the load do a job. */
  load<T>(job: Job): Promise<T>;
  /** Started for the whole benchmark. */
  readonly ways: ReadonlyMap<WayName, Way>;
  /** Starts another of the same kind, for what only a fresh process shows. */
  startAnother(name: WayName): Promise<Way>;
  /** What clients of TLS trust. */
  readonly ca: string;
  /** Less of everything, to see that it works. */
  readonly quick: boolean;
}

export async function startProxyRig(kinds: readonly WayKind[], quick: boolean): Promise<ProxyRig> {
  await using resources = new AsyncDisposableStack();
  const authority = await createAuthority({ name: 'Benchmark', now: systemClock().now() });
  const { keyPem, chainPem } = await authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  const servers = resources.use(startHelper('echo-servers-main'));
  const load = resources.use(startHelper('proxy-load-main'));
  const { result: ports } = await servers.run<Ports>({ kind: 'listen', key: keyPem, cert: chainPem });
  const ways = new Map<WayName, Way>();
  for (const kind of kinds) ways.set(kind.name, resources.use(await kind.start(ports)));
  const owned = resources.move();
  return {
    load: async <T>(job: Job) => (await load.run<T>(job)).result,
    ways,
    ca: authority.certPem,
    quick,
    async startAnother(name) {
      const kind = kinds.find((candidate) => candidate.name === name);
      if (!kind) throw new RangeError(`Expected a way that was found, got ${name}`);
      return await kind.start(ports);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
