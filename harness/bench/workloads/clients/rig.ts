/**
 * Load by one library in a process of its own, a server that knows operations, and links between them.
 *
 *     library ──► proxy: 20 ms, an idle connection forgotten, a silent peer, nobody there ──► server
 */
import { type ProxyHandle, type StartedProxy, startProxy, type ToxicDefinition } from 'shaketable-proxy';
import { createAuthority } from 'shaketable-proxy/certificates';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { Outcome, Question } from '../../load/clients/ask.ts';
import type { LibraryName } from '../../load/clients/index.ts';
import type { OpenLoopResult } from '../../load/open-loop.ts';
import { type Helper, startHelper } from '../../processes/helper.ts';
import type { Seen } from '../../processes/operation-server.ts';
import { countHandshakes, type LinkCounts } from '../../rig/handshake-counter.ts';

/** What load, proxy and server saw of requests by a schedule. */
export interface RateBatch {
  readonly load: OpenLoopResult;
  readonly proxy: LinkCounts;
  readonly server: Seen;
  /** Processor time of the load, ms. */
  readonly clientCpuMs: number;
}

/** How requests go out. */
export interface RatePlan {
  readonly library: LibraryName;
  readonly ratePerSecond: number;
  readonly durationMs: number;
}

/** A library that runs, and what is done to its connections. */
export interface Asking extends AsyncDisposable {
  ask(questions: readonly AskedOver[]): Promise<readonly Outcome[]>;
  /** From now on nothing passes on the link, either way, and nobody is told. */
  silence(link: LinkName): void;
  /** The connections that are open on the link are forgotten: what is sent on them is answered by a reset. Gives how many. */
  forget(link: LinkName): Promise<number>;
}

/** A question, the link that it goes over and the path it asks for. */
export interface AskedOver extends Omit<Question, 'url'> {
  readonly link: LinkName;
  readonly path: '/report' | '/busy' | '/lose';
}

export type LinkName = 'clean' | 'idle' | 'silent' | 'nobody';

export interface ClientsRig extends AsyncDisposable {
  rate(plan: RatePlan): Promise<RateBatch>;
  startAsking(library: LibraryName): Promise<Asking>;
  /** What the server saw since it was asked last. */
  takeSeen(): Promise<Seen>;
}

const warmRequests = 40;

const toxicsOf: Readonly<Record<LinkName, readonly ToxicDefinition[]>> = {
  clean: [],
  idle: [],
  silent: [],
  nobody: [{ type: 'silence_accept' }],
};

const farToxics: readonly ToxicDefinition[] = [
  { type: 'latency', name: 'there', stream: 'upstream', attributes: { latency: 10 } },
  { type: 'latency', name: 'back', stream: 'downstream', attributes: { latency: 10 } },
];

export async function startClientsRig(options: {
  readonly seed: number;
  readonly clock?: Clock;
}): Promise<ClientsRig> {
  const { seed, clock = systemClock() } = options;
  await using resources = new AsyncDisposableStack();
  const authority = await createAuthority({ name: 'Benchmark', now: clock.now() });
  const { keyPem, chainPem } = await authority.issue({ hosts: ['127.0.0.1', 'localhost'] });
  const server = resources.use(startHelper('operation-server-main'));
  const proxy = resources.use(await startProxy({ seed, clock }));
  const { result: port } = await server.run<number>({ kind: 'listen', key: keyPem, cert: chainPem });
  const upstream = `127.0.0.1:${port}`;
  const near = await proxy.create({ name: 'near', upstream });
  const owned = resources.move();
  let links = 0;

  const lay = async (what: string, toxics: readonly ToxicDefinition[]): Promise<ProxyHandle> => {
    links += 1;
    return await proxy.create({ name: `${what} ${links}`, upstream, toxics });
  };
  const startLoad = async (library: LibraryName): Promise<Helper> => {
    const load = startHelper('clients-load-main');
    await load.run({ kind: 'library', library, ca: authority.certPem });
    return load;
  };
  const takeSeen = async (): Promise<Seen> => (await server.run<Seen>({ kind: 'seen' })).result;
  return {
    takeSeen,
    async rate({ library, ratePerSecond, durationMs }) {
      const link = await lay('rate', farToxics);
      using counter = countHandshakes(proxy, link.name);
      const load = await startLoad(library);
      try {
        await load.run({ kind: 'warm', url: urlOf(near), count: warmRequests });
        await takeSeen();
        const job = { kind: 'rate', url: urlOf(link), ratePerSecond, durationMs, prefix: `${link.name}/` };
        const { result, cpuMs } = await load.run<OpenLoopResult>(job);
        await load[Symbol.asyncDispose]();
        return { load: result, proxy: await counter.take(), server: await takeSeen(), clientCpuMs: cpuMs };
      } finally {
        await load[Symbol.asyncDispose]();
        await link.remove();
      }
    },
    async startAsking(library) {
      const laid = new Map<LinkName, ProxyHandle>();
      for (const [name, toxics] of Object.entries(toxicsOf)) {
        laid.set(name as LinkName, await lay(`${library}: ${name}`, toxics));
      }
      return asking(await startLoad(library), laid, proxy);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function asking(
  load: Helper,
  links: ReadonlyMap<LinkName, ProxyHandle>,
  proxy: Pick<StartedProxy, 'subscribe'>,
): Asking {
  let forgettings = 0;
  const linkOf = (name: LinkName): ProxyHandle => {
    const link = links.get(name);
    if (!link) throw new RangeError(`Expected a link, got ${name}`);
    return link;
  };
  return {
    async ask(asked) {
      const questions = asked.map(({ link, path, ...rest }) => ({
        ...rest,
        url: urlOf(linkOf(link), path),
      }));
      return (await load.run<readonly Outcome[]>({ kind: 'ask', questions })).result;
    },
    silence: (name) => void linkOf(name).addToxic({ type: 'blackhole', stream: 'both' }),
    async forget(name) {
      const link = linkOf(name);
      const open = link.connections.filter(({ state }) => state === 'open');
      const connections = open.map(({ id }) => Number(id.slice(id.lastIndexOf(':') + 1)));
      if (connections.length === 0) return 0;
      forgettings += 1;
      const struck = untilStruck(proxy, link.name, connections.length);
      link.addToxic({
        type: 'lifetime',
        name: `forgetting ${forgettings}`,
        attributes: { after: 1, action: 'forget', forget_answer: 'reset' },
        only: { connections },
      });
      await struck;
      return connections.length;
    },
    async [Symbol.asyncDispose]() {
      await load[Symbol.asyncDispose]();
      for (const link of links.values()) await link.remove();
    },
  };
}

/** Resolves once so many connections of a link were struck, or are over. */
function untilStruck(proxy: Pick<StartedProxy, 'subscribe'>, name: string, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const met = new Set<number>();
  const unsubscribe = proxy.subscribe((event) => {
    if (event.proxy !== name || (event.type !== 'strike' && event.type !== 'close')) return;
    met.add(event.connection);
    if (met.size >= count) resolve();
  });
  return promise.finally(unsubscribe);
}

const urlOf = ({ port }: ProxyHandle, path = '/report'): string => `https://127.0.0.1:${port}${path}`;
