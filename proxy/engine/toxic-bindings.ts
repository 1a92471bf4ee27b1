/**
 * What bindings one connection to the proxy's toxics: what was drawn for each, which have struck, and the context in which
 * a toxic's behaviour runs.
 */

import type { Quirks } from '../core/compatibility.ts';
import type { Stream } from '../core/events.ts';
import type { Random } from '../core/random.ts';
import { applies, drawToxicityAnew, type Exposure, expose, period, type Selector } from '../core/selector.ts';
import type { Behaviour, StrikeFact, ToxicContext } from '../core/toxic-type.ts';
import type { Toxic } from './toxic.ts';

/** A toxic's behaviour in the directions that it acts on. */
export type Behaviours = Readonly<Partial<Record<Stream, Behaviour>>>;

/** What the bindings need of their connection. */
export interface ToxicBindingsDeps {
  /** The connection's number. */
  readonly number: number;
  /** The client's address. */
  readonly client: string;
  /** Who dialled; empty where all are counted together. */
  readonly dialler: string;
  /** How many other connections of the proxy were open when this one was accepted. */
  readonly others: number;
  /** The connection's stream of draws. */
  readonly random: Random;
  readonly quirks: Quirks;
  now(): number;
  lastActivityAt(): number;
  /** How many bytes arrived on the connection already. */
  bytesIn(): Readonly<Record<Stream, number>>;
  /** `first` on this connection. */
  struck(toxic: Toxic, stream: Stream, fact: StrikeFact, first: boolean): void;
  /** Called once for each toxic that cannot act on what the connection carries. */
  skipped(toxic: Toxic, reason: string): void;
}

/** What a toxic was told when it asked for a strike; it stands for as long as the selector does. */
interface StrikeAnswer {
  readonly taken: boolean;
  readonly only: Selector | undefined;
}

export class ToxicBindings {
  readonly #deps: ToxicBindingsDeps;
  readonly #exposures = new Map<Toxic, Exposure>();
  readonly #answers = new Map<Toxic, StrikeAnswer>();
  readonly #skipped = new Set<Toxic>();
  readonly #struck = new Set<Toxic>();
  #drawnAnew = 0;

  constructor(deps: ToxicBindingsDeps) {
    this.#deps = deps;
  }

  /** Draws for a toxic once; `ordinal` is the connection's number from the toxic's creation, 0 if it was open before. */
  expose(toxic: Toxic, ordinal: number): void {
    if (this.#exposures.has(toxic)) return;
    const { number, client, others } = this.#deps;
    const facts = { ordinal, number, client, others, metAt: this.#deps.now() };
    this.#exposures.set(toxic, expose(this.#randomFor(toxic), facts));
  }

  /** Draws toxicity once more, as Toxiproxy does on an update. */
  drawAnew(toxic: Toxic): void {
    const exposure = this.#exposures.get(toxic);
    if (exposure === undefined) return;
    this.#drawnAnew += 1;
    const random = this.#randomFor(toxic).fork(`again ${this.#drawnAnew}`);
    this.#exposures.set(toxic, drawToxicityAnew(random, exposure));
  }

  /** Whether the toxic, as it is now, applies to this connection. */
  applies(toxic: Toxic): boolean {
    const exposure = this.#exposures.get(toxic);
    return exposure !== undefined && applies(toxic, exposure, this.#deps.now());
  }

  /** When the next toxic begins or ends on this connection by time, epoch ms; `Infinity` when none does. */
  nextChangeAt(): number {
    const now = this.#deps.now();
    const times = [...this.#exposures].flatMap(([toxic, exposure]) => {
      if (!isTimed(toxic)) return [];
      const { from, until } = period(toxic, exposure);
      return [from, until].filter((time) => time > now);
    });
    return Math.min(...times);
  }

  /** Drops what is kept for a toxic that was deleted. */
  forget(toxic: Toxic): void {
    this.#exposures.delete(toxic);
    this.#answers.delete(toxic);
    this.#skipped.delete(toxic);
    this.#struck.delete(toxic);
  }

  /** Takes one of the toxic's strikes and reports it; false when none is left. */
  strike(toxic: Toxic, stream: Stream, fact: StrikeFact): boolean {
    const taken = toxic.takeStrike();
    this.#answers.set(toxic, { taken: taken || this.#answered(toxic) === true, only: toxic.only });
    if (!taken) return false;
    const first = !this.#struck.has(toxic);
    if (first) this.#struck.add(toxic);
    this.#deps.struck(toxic, stream, fact, first);
    return true;
  }

  /** As `strike`, but only the first on this connection counts; later calls get the same answer. */
  strikeOnce(toxic: Toxic, stream: Stream, fact: StrikeFact): boolean {
    return this.#answered(toxic) ?? this.strike(toxic, stream, fact);
  }

  /** Reports why a toxic cannot act; only the first report counts. */
  skip(toxic: Toxic, reason: string): void {
    if (this.#skipped.has(toxic)) return;
    this.#skipped.add(toxic);
    this.#deps.skipped(toxic, reason);
  }

  #answered(toxic: Toxic): boolean | undefined {
    const answer = this.#answers.get(toxic);
    return answer?.only === toxic.only ? answer?.taken : undefined;
  }

  /** Begins a toxic's work on this connection. */
  start(toxic: Toxic): Behaviours {
    const { start, startBoth } = toxic.type;
    if (!start && !startBoth) return {};
    const draws = this.#randomFor(toxic).fork('effect');
    if (startBoth) return startBoth(this.#context(toxic, directions(toxic)[0], draws));
    if (!start) return {};
    if (toxic.stream === 'upstream') return { upstream: start(this.#context(toxic, 'upstream', draws)) };
    if (toxic.stream === 'downstream')
      return { downstream: start(this.#context(toxic, 'downstream', draws)) };
    return {
      upstream: start(this.#context(toxic, 'upstream', draws.fork('upstream'))),
      downstream: start(this.#context(toxic, 'downstream', draws.fork('downstream'))),
    };
  }

  #context(toxic: Toxic, stream: Stream, random: Random): ToxicContext<Toxic['attributes']> {
    const foundOpen = this.#exposures.get(toxic)?.ordinal === 0;
    return new BoundToxic(toxic, stream, { bindings: this, deps: this.#deps, random, foundOpen });
  }

  #randomFor(toxic: Toxic): Random {
    return this.#deps.random.fork(toxic.name);
  }
}

/** Whether it begins or ends by time. */
export function isTimed({ only }: Toxic): boolean {
  return only?.after_ms !== undefined || only?.for_ms !== undefined;
}

/** The directions of a toxic, its own first. */
function directions({ stream }: Toxic): readonly [Stream, ...Stream[]] {
  return stream === 'both' ? ['downstream', 'upstream'] : [stream];
}

interface Binding {
  readonly bindings: ToxicBindings;
  readonly deps: ToxicBindingsDeps;
  readonly random: Random;
  readonly foundOpen: boolean;
}

/**
 * What a toxic's behaviour gets to know of its connection. A class, since each connection has one for each toxic, and an object with
 * getters of its own costs ten times as much; its functions are fields, so that a behaviour may take them out of it.
 */
class BoundToxic implements ToxicContext<Toxic['attributes']> {
  readonly random: Random;
  readonly foundOpen: boolean;
  readonly bytesBefore: Readonly<Record<Stream, number>>;
  readonly #toxic: Toxic;
  readonly #stream: Stream;
  readonly #bindings: ToxicBindings;
  readonly #deps: ToxicBindingsDeps;

  constructor(toxic: Toxic, stream: Stream, { bindings, deps, random, foundOpen }: Binding) {
    this.random = random;
    this.foundOpen = foundOpen;
    this.bytesBefore = deps.bytesIn();
    this.#toxic = toxic;
    this.#stream = stream;
    this.#bindings = bindings;
    this.#deps = deps;
  }

  get attributes(): Toxic['attributes'] {
    return this.#toxic.attributes;
  }

  get stream(): Toxic['stream'] {
    return this.#toxic.stream;
  }

  get quirks(): Quirks {
    return this.#deps.quirks;
  }

  get joinedLate(): boolean {
    return this.bytesBefore.upstream + this.bytesBefore.downstream > 0;
  }

  now = (): number => this.#deps.now();
  lastActivityAt = (): number => this.#deps.lastActivityAt();
  occasion = (): number => this.#toxic.countOccasion(this.#deps.dialler);
  shared = <T extends object>(create: () => T): T => this.#toxic.shared(create);
  strike = (fact: StrikeFact): boolean =>
    this.#bindings.strike(this.#toxic, fact.stream ?? this.#stream, fact);
  skip = (reason: string): void => this.#bindings.skip(this.#toxic, reason);
  strikeOnce = (fact: StrikeFact): boolean =>
    this.#bindings.strikeOnce(this.#toxic, fact.stream ?? this.#stream, fact);
}
