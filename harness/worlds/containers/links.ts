/**
 * The links of one table: a front and a proxy of Toxiproxy for each, what both saw in the journal, and what Toxiproxy counted.
 */
import { randomBytes } from 'node:crypto';
import { type ProxyEvent, type StartedProxy, startProxy } from 'shaketable-proxy';
import type { FaultableLink } from '../../faults/fault.ts';
import type { FactsOf } from '../../journal/entry.ts';
import { createApiProxy, readApi } from '../api-proxy.ts';
import { createInProcessProxy, type InProcessProxyOptions } from '../in-process-proxy.ts';
import { createLink } from '../link.ts';
import type { LinkProxy } from '../link-proxy.ts';
import { recordProxyEvent } from '../recording.ts';
import type { LinkOptions } from '../table.ts';
import type { TableContext } from '../table-deps.ts';
import { needEngine } from './engine.ts';
import { type FollowedEvents, followEvents } from './events.ts';
import { frontOf, type StackFacts } from './facts.ts';
import { chainedLink } from './link.ts';
import { journalMetrics } from './metrics.ts';
import { type StartedProxyContainer, startToxiproxy } from './proxy.ts';

/** An address as it is used, and as the network knows it. */
interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const loopback = '127.0.0.1';
const everywhere = '0.0.0.0';
const text = ({ host, port }: Endpoint): string => `${host}:${port}`;

export class Links {
  readonly #context: TableContext;
  readonly #stack: StackFacts;
  /** The front that is in the lab's process. */
  readonly #fronts: StartedProxy;
  /** What the lab knows by a door, as it is called inside the network. */
  readonly #inside = new Map<string, string>();
  readonly #behind: { readonly link: string; readonly toxiproxy: LinkProxy }[] = [];
  /** Types of the toxics that Toxiproxy has, by the fault's id: what their witnesses tell of. */
  readonly #witnessed: Map<string, string>;
  /** Links on the front that services share, by the name of the proxy there. */
  readonly #shared = new Map<string, { readonly link: string; readonly front: LinkProxy }>();
  #events: FollowedEvents | undefined;
  #toxiproxy: Promise<StartedProxyContainer> | undefined;

  private constructor(
    context: TableContext,
    stack: StackFacts,
    own: { readonly fronts: StartedProxy; readonly witnessed: Map<string, string> },
  ) {
    this.#context = context;
    this.#stack = stack;
    this.#fronts = own.fronts;
    this.#witnessed = own.witnessed;
  }

  /** Starts the front of the subject's links; it ends with the table. */
  static async start(context: TableContext, stack: StackFacts): Promise<Links> {
    const { random, authority, diallers, resources } = context;
    const witnessed = new Map<string, string>();
    const onEvent = (event: ProxyEvent): void => record(context, witnessed, event);
    const dialler = (address: string): string => diallers.at(address);
    const options = { random: random.fork('proxy'), authority, dialler, onEvent };
    const fronts = resources.use(await startProxy(options));
    const links = new Links(context, stack, { fronts, witnessed });
    resources.defer(() => links.#close());
    return links;
  }

  /** The API of the front that is in the lab's process. */
  get proxyUrl(): string {
    return this.#fronts.url;
  }

  /** Tells of something in a container: links to its door lead to `name` inside the network. */
  expect(door: Endpoint, name: string): void {
    this.#inside.set(text(door), name);
  }

  /** Makes a link. What is in the lab's own process is not behind Toxiproxy, which could not reach it. */
  async make(name: string, upstream: Endpoint, options: Required<LinkOptions>): Promise<FaultableLink> {
    const inside = this.#inside.get(text(upstream));
    if (inside === undefined) return createLink(this.#fronts, name, upstream, this.#tls(options));
    const { apiUrl } = await this.#needToxiproxy();
    const toxiproxy = await createApiProxy(apiUrl, { name, host: everywhere, upstream: inside });
    this.#behind.push({ link: name, toxiproxy });
    const front =
      options.client === 'service'
        ? await this.#serviceFront(name, toxiproxy.port, options)
        : await this.#subjectFront(name, toxiproxy.port, options);
    return chainedLink({ name, ...front, toxiproxy, onToxic: (id, type) => this.#noteToxic(id, type) });
  }

  /** Hears the fronts to the end, and journals what Toxiproxy counted. Connections have ended by then. */
  async conclude(): Promise<void> {
    for (const [proxy, { front }] of this.#shared) {
      await front.remove();
      await this.#events?.untilStopped(proxy);
    }
    const { journal } = this.#context;
    if (this.#toxiproxy) await journalMetrics(journal, (await this.#toxiproxy).apiUrl, this.#behind);
  }

  #tls({ tls }: Required<LinkOptions>): Pick<InProcessProxyOptions, 'tls'> {
    return tls ? { tls: { upstreamCaPem: this.#context.authority.certPem } } : {};
  }

  async #subjectFront(
    name: string,
    port: number,
    options: Required<LinkOptions>,
  ): Promise<{ host: string; front: LinkProxy }> {
    const { host } = await this.#needToxiproxy();
    const upstream = { host, port };
    return {
      host: loopback,
      front: await createInProcessProxy(this.#fronts, { name, upstream, ...this.#tls(options) }),
    };
  }

  async #serviceFront(
    name: string,
    port: number,
    { tls }: Required<LinkOptions>,
  ): Promise<{ host: string; front: LinkProxy }> {
    // The front of services is shared by all runs, and each run has an authority of its own.
    if (tls) throw new Error(`The link ${name} cannot answer TLS itself: its client is a service`);
    const { scenario, subject } = this.#context;
    const { apiUrl, alias } = frontOf(this.#stack, subject);
    // The same name for both subjects, on fronts of their own: both meet the same draws.
    const proxy = `${scenario.replaceAll('/', '.')}.${name}`;
    this.#events ??= await followEvents(apiUrl, (event) => this.#heard(event));
    const upstream = text({ host: (await this.#needToxiproxy()).alias, port });
    const front = await createApiProxy(apiUrl, { name: proxy, host: everywhere, upstream });
    this.#shared.set(proxy, { link: name, front });
    return { host: alias, front };
  }

  #heard(event: ProxyEvent): void {
    const shared = this.#shared.get(event.proxy);
    if (shared) record(this.#context, this.#witnessed, { ...event, proxy: shared.link });
  }

  /** Toxiproxy's own word for the toxic that it has now. */
  async #noteToxic(id: string, type: string): Promise<void> {
    this.#witnessed.set(id, type);
    const answer = await readApi((await this.#needToxiproxy()).apiUrl, '/proxies');
    const proxies = JSON.parse(answer) as Record<string, DescribedProxy>;
    for (const { link, toxiproxy } of this.#behind) {
      const proxy = proxies[toxiproxy.name];
      if (proxy && proxy.toxics.length > 0)
        this.#context.journal.append('proxy', 'toxiproxy.proxy', { link, ...proxy });
    }
  }

  /** One for each table: a call of its API that hangs, which happens, is nobody else's trouble. */
  #needToxiproxy(): Promise<StartedProxyContainer> {
    const { owner, network } = this.#stack;
    const alias = `${network}-toxiproxy-${randomBytes(4).toString('hex')}`;
    this.#toxiproxy ??= startToxiproxy({ engine: needEngine(), owner, network }, alias);
    return this.#toxiproxy;
  }

  async #close(): Promise<void> {
    await this.#events?.[Symbol.asyncDispose]();
    for (const { front } of this.#shared.values()) await front.remove();
    await (await this.#toxiproxy)?.[Symbol.asyncDispose]();
  }
}

/** A proxy as Toxiproxy's API shows it. */
type DescribedProxy = Pick<FactsOf<'toxiproxy.proxy'>, 'name' | 'listen' | 'upstream' | 'enabled' | 'toxics'>;

/** A witness speaks for the toxic that it watches. */
function record(
  { journal, pace }: TableContext,
  witnessed: ReadonlyMap<string, string>,
  event: ProxyEvent,
): void {
  const type = event.type === 'strike' ? witnessed.get(event.toxic) : undefined;
  recordProxyEvent(journal, pace, type === undefined ? event : ({ ...event, toxicType: type } as ProxyEvent));
}
