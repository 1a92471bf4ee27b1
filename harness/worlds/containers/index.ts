/**
 * The `containers` world: the reference server, MySQL and the real Toxiproxy in containers that Testcontainers starts.
 *
 *   subject ──► front ──► Toxiproxy ──► server ──► front ──► Toxiproxy ──► MySQL
 *   └──── lab's process ──┘  └──────────────────── containers ──────────────────┘
 */
import { randomBytes } from 'node:crypto';
import type { FaultableLink } from '../../faults/fault.ts';
import type { Entry, Json } from '../../journal/entry.ts';
import { type ProxyEvent, startProxy } from '../../net/proxy/index.ts';
import { type ApiProxy, createApiProxy, readApi } from '../api-proxy.ts';
import { connectionByHandshake } from '../connection-by-handshake.ts';
import { attachDatabase } from '../database/index.ts';
import { createLink } from '../link.ts';
import { recordProxyEvent } from '../recording.ts';
import { type Facilities, type Surroundings, startWorld, type TableOptions, type World } from '../world.ts';
import { mysqlPort, startDatabaseContainer } from './database.ts';
import { needEngine } from './engine.ts';
import { type FollowedEvents, followEvents } from './events.ts';
import { frontOf, type StackFacts } from './facts.ts';
import { containerError } from './failures.ts';
import { provideImage } from './images.ts';
import { chainedLink } from './link.ts';
import { journalMetrics } from './metrics.ts';
import { startServiceContainer } from './service.ts';

/** What a subject's run on this world is made of. */
export interface ContainersWorldOptions extends TableOptions {
  /** What all runs share. */
  readonly stack: StackFacts;
}

/** Lays the table for one subject. What was begun is given back when it cannot be laid. */
export function startContainersWorld({ stack, ...options }: ContainersWorldOptions): Promise<World> {
  return startWorld('containers', options, (surroundings) => containerFacilities(surroundings, stack));
}

async function containerFacilities(surroundings: Surroundings, stack: StackFacts): Promise<Facilities> {
  const { scenario, subject, random, journal, pace, epochMs, clock, directory, ground } = surroundings;
  const { toxiproxy, owner, network, template } = stack;
  const engine = needEngine();
  const place = { engine, owner, network };
  const front = frontOf(stack, subject);
  const run = randomBytes(3).toString('hex');
  const unique = (name: string): string => `${network}-${name}-${run}${randomBytes(2).toString('hex')}`;
  /** Where what the lab knows by a door is inside the network. */
  const inside = new Map([
    [`${stack.database.host}:${stack.database.port}`, `${stack.databaseAlias}:${mysqlPort}`],
  ]);
  const chained: { link: string; toxiproxy: ApiProxy }[] = [];
  const witnessed = new Map<string, string>();

  /** Names of links on the proxies that tables share. */
  const linkNames = new Map<string, string>();
  const record = (event: ProxyEvent): void => {
    const type = event.type === 'strike' ? witnessed.get(event.toxic) : undefined;
    recordProxyEvent(
      journal,
      pace,
      type === undefined ? event : ({ ...event, toxicType: type } as ProxyEvent),
    );
  };
  const own = ground.use(await startProxy({ random: random.fork('proxy'), onEvent: record }));
  let events: Promise<FollowedEvents> | undefined;
  const followFront = async (): Promise<void> => {
    events ??= followEvents(front.apiUrl, (event) => {
      const link = linkNames.get(event.proxy);
      if (link !== undefined) record({ ...event, proxy: link });
    });
    await events;
  };
  ground.defer(async () => (await events)?.[Symbol.asyncDispose]());

  async function link(name: string, upstream: { host: string; port: number }, client: 'subject' | 'service') {
    const target = inside.get(`${upstream.host}:${upstream.port}`);
    // What is in the lab's own process is not behind Toxiproxy, which could not reach it.
    if (target === undefined) return createLink(own.url, name, upstream);
    const real = await createApiProxy(toxiproxy.apiUrl, {
      name: `${scenario.replaceAll('/', '.')}.${subject}.${run}.${name}`,
      host: '0.0.0.0',
      upstream: target,
    });
    ground.defer(() => real.remove());
    chained.push({ link: name, toxiproxy: real });
    return client === 'subject' ? subjectLink(name, real) : serviceLink(name, real);
  }

  async function subjectLink(name: string, real: ApiProxy): Promise<FaultableLink> {
    const host = '127.0.0.1';
    const upstream = `${toxiproxy.host}:${real.port}`;
    const near = await createApiProxy(own.url, { name, host, upstream });
    return chainedLink({ name, host, front: near, toxiproxy: real, onToxic: noteToxic });
  }

  async function serviceLink(name: string, real: ApiProxy): Promise<FaultableLink> {
    // The same name for both subjects, on fronts of their own: both meet the same draws.
    const proxy = `${scenario.replaceAll('/', '.')}.${name}`;
    linkNames.set(proxy, name);
    await followFront();
    const upstream = `${toxiproxy.alias}:${real.port}`;
    const near = await createApiProxy(front.apiUrl, { name: proxy, host: '0.0.0.0', upstream });
    ground.defer(async () => {
      await near.remove();
      await (await events)?.untilStopped(proxy);
    });
    return chainedLink({ name, host: front.alias, front: near, toxiproxy: real, onToxic: noteToxic });
  }

  /** Toxiproxy's own word for the toxic that it has now. */
  async function noteToxic(id: string, type: string): Promise<void> {
    witnessed.set(id, type);
    const proxies = JSON.parse(await readApi(toxiproxy.apiUrl, '/proxies')) as Record<
      string,
      { toxics: Json[] }
    >;
    for (const { link: name, toxiproxy: real } of chained) {
      const toxics = proxies[real.name]?.toxics ?? [];
      if (toxics.length > 0)
        journal.append('proxy', 'toxiproxy.proxy', { link: name, ...proxies[real.name] });
    }
  }

  return {
    proxyUrl: own.url,
    databases: {
      shared: () => attachDatabase(stack.database),
      async own(settings) {
        const alias = unique('mysql');
        const server = await startDatabaseContainer({
          ...place,
          alias,
          template,
          settings,
          directory,
          clock,
        });
        inside.set(`${server.host}:${server.port}`, `${alias}:${mysqlPort}`);
        return server;
      },
    },
    link: (name, upstream, { client }) => link(name, upstream, client),
    async service(_name, program, log) {
      const alias = unique('server');
      const image = stack.images[program.image.name] ?? (await provideImage(engine, program.image));
      const started = await startServiceContainer({ ...place, alias, image, program, log, pace, epochMs });
      inside.set(`${started.host}:${started.port}`, `${alias}:${program.image.port}`);
      return started;
    },
    connectionBehind: (name: string, entry: Entry) => connectionByHandshake(journal, name, entry),
    conclude: () => journalMetrics(journal, toxiproxy.apiUrl, chained),
    async verify() {
      await engine.version().catch((cause: unknown) => {
        throw containerError('The Docker engine went away during the run', [], cause);
      });
    },
  };
}
