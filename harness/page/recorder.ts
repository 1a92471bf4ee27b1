/**
 * What was done since the recording began, whoever did it: on the page, or over the proxy's API. Toxics that were in force
 * before are the first that was done.
 */
import type { ProxyEvent, StartedProxy, ToxicFacts } from 'shaketable-proxy';
import type { Clock } from 'shaketable-proxy/clock';
import { type Entry, type EntryKind, type FactsOf, isStrikeOf } from '../journal/entry.ts';
import type { History } from './history.ts';
import type { RecordingRow } from './messages.ts';
import type { ProgramListener } from './programs.ts';
import type { Env, StageProgram } from './stage.ts';

/** Something that was done, with when: epoch ms. */
export type Deed = { readonly at: number } & (
  | { readonly did: 'add' | 'change'; readonly link: string; readonly toxic: ToxicFacts }
  | { readonly did: 'remove'; readonly link: string; readonly name: string }
  | { readonly did: 'switch'; readonly link: string; readonly enabled: boolean }
  | { readonly did: 'start'; readonly program: StageProgram; readonly env: Env }
  | { readonly did: 'stop'; readonly program: StageProgram }
);

/** What was recorded. */
export interface Recording {
  /** Epoch ms. */
  readonly since: number;
  readonly until: number;
  readonly deeds: readonly Deed[];
  /** Deeds that there was no room for. */
  readonly lost: number;
  /** The links, and where they lead. */
  readonly links: readonly { readonly name: string; readonly upstream: string }[];
  /** What a connection's number is when connections are counted from the beginning of the recording. */
  renumbered(link: string, connection: number): number;
}

/** More than anybody does by hand; a script that plays for hours is none. */
const mostDeeds = 2_000;

export class Recorder implements ProgramListener {
  readonly #proxies: StartedProxy;
  readonly #history: History;
  readonly #clock: Clock;
  #since: number;
  #deeds: Deed[] = [];
  #lost = 0;
  /** The numbers of the connections that were open at the beginning, by link, and the first one after. */
  #before = new Map<string, { readonly open: readonly number[]; readonly next: number }>();
  readonly #running = new Map<StageProgram, Env>();

  constructor(proxies: StartedProxy, history: History, clock: Clock) {
    this.#proxies = proxies;
    this.#history = history;
    this.#clock = clock;
    this.#since = clock.now();
    this.begin();
  }

  /** Forgets what was done, and begins anew with what is in force. */
  begin(): void {
    this.#since = this.#clock.now();
    this.#deeds = [];
    this.#lost = 0;
    this.#before = this.#connectionsNow();
    for (const [program, env] of this.#running) this.#add({ did: 'start', program, env });
    for (const { name: link, enabled, toxics } of this.#proxies.proxies) {
      if (!enabled) this.#add({ did: 'switch', link, enabled });
      for (const toxic of toxics) this.#add({ did: 'add', link, toxic });
    }
  }

  /** Records what is done from now on; returns what ends that. */
  watch(): () => void {
    return this.#proxies.subscribe((event) => this.#hear(event));
  }

  started(program: StageProgram, env: Env): void {
    this.#running.set(program, env);
    this.#add({ did: 'start', program, env });
  }

  stopped(program: StageProgram): void {
    this.#running.delete(program);
    this.#add({ did: 'stop', program });
  }

  row(): RecordingRow {
    return { since: Math.round(this.#since), deeds: this.#deeds.length + this.#lost };
  }

  recording(): Recording {
    const before = this.#before;
    return {
      since: this.#since,
      until: this.#clock.now(),
      deeds: [...this.#deeds],
      lost: this.#lost,
      links: this.#proxies.proxies.map(({ name, upstream }) => ({ name, upstream })),
      renumbered(link, connection) {
        const { open, next } = before.get(link) ?? { open: [], next: 1 };
        if (connection >= next) return open.length + connection - next + 1;
        return Math.max(1, open.indexOf(connection) + 1);
      },
    };
  }

  #hear(event: ProxyEvent): void {
    const { proxy: link } = event;
    switch (event.type) {
      case 'toxic-added':
      case 'toxic-updated': {
        const did = event.type === 'toxic-added' ? 'add' : 'change';
        const toxic = this.#proxies.proxy(link).toxics.find(({ name }) => name === event.toxic);
        if (!toxic) return;
        this.#add({ did, link, toxic });
        if (did === 'add') this.#tell('fault.installed', { ...faultOf(event), params: paramsOf(toxic) });
        return;
      }
      case 'toxic-removed':
        this.#add({ did: 'remove', link, name: event.toxic });
        this.#tell('fault.lifted', {
          ...faultOf(event),
          reason: 'lifted by hand',
          strikes: this.#strikesOf(event.toxic),
        });
        return;
      case 'proxy-started':
      case 'proxy-stopped':
        this.#add({ did: 'switch', link, enabled: event.type === 'proxy-started' });
    }
  }

  #strikesOf(fault: string): number {
    return this.#history.entries.filter((entry) => isStrikeOf(fault, entry)).length;
  }

  #add(deed: WithoutTime<Deed>): void {
    if (this.#deeds.length < mostDeeds) this.#deeds.push({ ...deed, at: this.#clock.now() } as Deed);
    else this.#lost += 1;
  }

  #tell<K extends EntryKind>(kind: K, facts: FactsOf<K>): void {
    const t = Math.round((this.#clock.now() - this.#history.startedAt) * 1_000) / 1_000;
    this.#history.add({ ...facts, n: 0, t, source: 'fault', kind } as unknown as Entry);
  }

  #connectionsNow(): Map<string, { open: number[]; next: number }> {
    const all = Map.groupBy(this.#proxies.listConnections(), ({ proxy }) => proxy);
    return new Map(
      [...all].map(([link, connections]) => {
        const open = connections.filter(({ end }) => end === undefined).map(({ connection }) => connection);
        const last = Math.max(0, ...connections.map(({ connection }) => connection));
        return [link, { open: open.toSorted((a, b) => a - b), next: last + 1 }];
      }),
    );
  }
}

type WithoutTime<D> = D extends unknown ? Omit<D, 'at'> : never;

function faultOf({
  toxic,
  toxicType,
  proxy,
}: Extract<ProxyEvent, { readonly toxic: string; readonly connection?: undefined }>) {
  return { fault: toxic, faultKind: toxicType, link: proxy };
}

function paramsOf({ stream, attributes, toxicity, only }: ToxicFacts): FactsOf<'fault.installed'>['params'] {
  return {
    stream,
    ...attributes,
    ...(toxicity !== 1 && { toxicity }),
    ...(only && { only: { ...only } }),
  } as FactsOf<'fault.installed'>['params'];
}
