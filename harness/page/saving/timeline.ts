/**
 * What was done by hand as the faults and the story of a scenario. The same things are done in the same order, with the same time
 * between them; where a fault had struck before the next thing was done, the story waits until it has struck as often.
 */
import type { Selector, ToxicFacts } from 'shaketable-proxy';
import { type Entry, isStrikeOf } from '../../journal/entry.ts';
import type { Deed, Recording } from '../recorder.ts';
import type { Env, StageProgram } from '../stage.ts';

/** A fault of the scenario: a toxic, or a link that is down. */
export interface PlayedFault {
  readonly id: string;
  readonly link: string;
  /** Undefined for a link that is down. */
  readonly toxic: ToxicFacts | undefined;
  /** In force before the story begins. */
  readonly fromStart: boolean;
}

/** One thing of the story. */
export type Step =
  | { readonly do: 'sleep'; readonly ms: number }
  | { readonly do: 'strikes'; readonly fault: string; readonly nth: number; readonly withinMs: number }
  | { readonly do: 'inject' | 'lift'; readonly fault: string }
  | { readonly do: 'start'; readonly program: StageProgram; readonly env: Env }
  | { readonly do: 'stop'; readonly program: StageProgram };

export interface PlayedTimeline {
  readonly faults: readonly PlayedFault[];
  readonly steps: readonly Step[];
  /** From the first step to the last, ms. */
  readonly lastsMs: number;
}

/** Strikes come when they come: what was waited for by hand is waited for so many times as long. */
const patience = 2;
const leastPatienceMs = 30_000;

/** `entries` are those of the recording, whose `t` is 0 at `startedAt` (epoch ms). */
export function timelineOf(
  recording: Recording,
  entries: readonly Entry[],
  startedAt: number,
): PlayedTimeline {
  return new Playing(recording, entries, startedAt).timeline();
}

/** A fault in force. */
interface InForce {
  readonly id: string;
  /** The toxic’s own name, by which its strikes are known. */
  readonly name: string;
  readonly since: number;
}

class Playing {
  readonly #recording: Recording;
  readonly #entries: readonly Entry[];
  readonly #startedAt: number;
  readonly #faults: PlayedFault[] = [];
  readonly #steps: Step[] = [];
  readonly #inForce = new Map<string, InForce>();
  #clockAt: number;
  /** Nothing has begun yet: what is played now is in force from the start. */
  #beforeStart = true;

  constructor(recording: Recording, entries: readonly Entry[], startedAt: number) {
    this.#recording = recording;
    this.#entries = entries;
    this.#startedAt = startedAt;
    this.#clockAt = recording.since;
  }

  timeline(): PlayedTimeline {
    const { deeds, until } = this.#recording;
    const firstStart = deeds.find(({ did }) => did === 'start');
    const begins = firstStart?.at ?? this.#recording.since;
    this.#clockAt = begins;
    for (const deed of deeds) {
      // What is in force when the first program starts is in force from its first byte.
      if (deed.at > begins || deed === firstStart) this.#beforeStart = false;
      if (!this.#beforeStart && deed !== firstStart) this.#pass(deed.at);
      this.#play(deed);
    }
    this.#pass(until);
    return { faults: this.#faults, steps: this.#steps, lastsMs: until - begins };
  }

  #play(deed: Deed): void {
    switch (deed.did) {
      case 'add':
      case 'change':
        if (deed.did === 'change') this.#lift(keyOf(deed.link, deed.toxic.name));
        this.#inject(
          keyOf(deed.link, deed.toxic.name),
          deed.link,
          this.#renumbered(deed.link, deed.toxic),
          deed.at,
        );
        return;
      case 'remove':
        this.#lift(keyOf(deed.link, deed.name));
        return;
      case 'switch':
        if (deed.enabled) this.#lift(keyOf(deed.link));
        else this.#inject(keyOf(deed.link), deed.link, undefined, deed.at);
        return;
      case 'start':
        this.#steps.push({ do: 'start', program: deed.program, env: deed.env });
        return;
      default:
        this.#steps.push({ do: 'stop', program: deed.program });
    }
  }

  #inject(key: string, link: string, toxic: ToxicFacts | undefined, since: number): void {
    const name = toxic?.name ?? `${link} down`;
    const id = this.#unusedId(name);
    const fromStart = this.#beforeStart;
    this.#faults.push({ id, link, toxic, fromStart });
    this.#inForce.set(key, { id, name, since });
    if (!fromStart) this.#steps.push({ do: 'inject', fault: id });
  }

  #lift(key: string): void {
    const fault = this.#inForce.get(key);
    if (!fault) return;
    this.#inForce.delete(key);
    if (this.#beforeStart) {
      const index = this.#faults.findIndex(({ id }) => id === fault.id);
      this.#faults.splice(index, 1);
    } else this.#steps.push({ do: 'lift', fault: fault.id });
  }

  /** Time passes until `at`, with the strikes that came meanwhile. */
  #pass(at: number): void {
    const met = [...this.#inForce.values()]
      .map((fault) => ({ fault, strikes: this.#strikesOf(fault, at) }))
      .filter(({ strikes }) => (strikes.at(-1) ?? 0) > this.#clockAt)
      .toSorted((a, b) => (a.strikes.at(-1) ?? 0) - (b.strikes.at(-1) ?? 0));
    for (const { fault, strikes } of met) {
      const lastAt = strikes.at(-1) ?? at;
      const withinMs = Math.max(leastPatienceMs, patience * (lastAt - this.#clockAt));
      this.#steps.push({ do: 'strikes', fault: fault.id, nth: strikes.length, withinMs: rounded(withinMs) });
      this.#clockAt = Math.max(this.#clockAt, lastAt);
    }
    const ms = rounded(at - this.#clockAt);
    if (ms > 0) this.#steps.push({ do: 'sleep', ms });
    this.#clockAt = Math.max(this.#clockAt, at);
  }

  /** When it struck since it came into force, up to `until`, epoch ms. */
  #strikesOf({ name, since }: InForce, until: number): number[] {
    return this.#entries
      .filter((entry) => isStrikeOf(name, entry))
      .map(({ t }) => this.#startedAt + t)
      .filter((at) => at >= since && at <= until);
  }

  #renumbered(link: string, toxic: ToxicFacts): ToxicFacts {
    const { connections } = toxic.only ?? {};
    if (!connections) return toxic;
    const numbers = connections.map((number) => this.#recording.renumbered(link, number));
    return { ...toxic, only: { ...toxic.only, connections: numbers } satisfies Selector };
  }

  #unusedId(name: string): string {
    const taken = new Set(this.#faults.map(({ id }) => id));
    for (let count = 1; ; count += 1) {
      const id = count === 1 ? name : `${name}-${count}`;
      if (!taken.has(id)) return id;
    }
  }
}

const keyOf = (link: string, toxic?: string): string => JSON.stringify([link, toxic]);

/** To a tenth of a second: by hand nobody is more exact. */
const rounded = (ms: number): number => Math.round(ms / 100) * 100;
