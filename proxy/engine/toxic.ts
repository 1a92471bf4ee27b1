/** A toxic on a proxy: its type with the values it was given, and the count of its strikes. */
import type { AttributeValue } from '../core/attributes.ts';
import type { Selector } from '../core/selector.ts';
import type { ToxicStream, ToxicType } from '../core/toxic-type.ts';
import { ToxicCounts } from './toxic-account.ts';

/** The values of a toxic's attributes by name. */
export type ToxicAttributes = Readonly<Record<string, AttributeValue>>;

/** What an update may change. */
export interface ToxicChange {
  readonly attributes: ToxicAttributes;
  /** Integers that a number cannot hold, as they were given, by attribute. */
  readonly exact: Readonly<Record<string, string>>;
  readonly toxicity: number;
  readonly only: Selector | undefined;
}

/** What a toxic is made from; everything is decoded and checked by then. */
export interface ToxicSpec extends ToxicChange {
  readonly type: ToxicType;
  readonly name: string;
  readonly stream: ToxicStream;
  /** The stream as the client wrote it, to be given back so. */
  readonly streamText: string;
}

export class Toxic {
  readonly type: ToxicType;
  readonly name: string;
  readonly stream: ToxicStream;
  readonly streamText: string;
  attributes: ToxicAttributes;
  exact: ToxicChange['exact'];
  toxicity: number;
  only: Selector | undefined;
  /** When `only` was given, epoch ms. */
  selectedAt: number;
  /** What it did, for whoever asks; a selector that is given anew changes nothing of it. */
  readonly counts: ToxicCounts;
  #strikes = 0;
  readonly #accepted = new Map<string, number>();
  readonly #occasions = new Map<string, number>();
  #shared: object | undefined;

  constructor(spec: ToxicSpec, now: number) {
    this.type = spec.type;
    this.name = spec.name;
    this.stream = spec.stream;
    this.streamText = spec.streamText;
    this.attributes = spec.attributes;
    this.exact = spec.exact;
    this.toxicity = spec.toxicity;
    this.only = spec.only;
    this.selectedAt = now;
    this.counts = new ToxicCounts(now);
  }

  /** How often it struck. */
  get strikes(): number {
    return this.#strikes;
  }

  /** A selector that is given anew counts strikes and time anew. */
  update(change: ToxicChange, now: number): void {
    if (change.only !== this.only) {
      this.#strikes = 0;
      this.selectedAt = now;
    }
    this.attributes = change.attributes;
    this.exact = change.exact;
    this.toxicity = change.toxicity;
    this.only = change.only;
  }

  /** The number, from this toxic's creation, of a connection of this dialler that is being accepted. */
  countConnection(dialler: string): number {
    return countOne(this.#accepted, dialler);
  }

  /** The number of an occasion on which it could act, counted over all connections of this dialler. */
  countOccasion(dialler: string): number {
    return countOne(this.#occasions, dialler);
  }

  /** What its connections have in common; the same object each time. */
  shared<T extends object>(create: () => T): T {
    this.#shared ??= create();
    return this.#shared as T;
  }

  /** Takes one strike; false when all that `only.strikes` allows are taken. */
  takeStrike(): boolean {
    if (this.#strikes >= (this.only?.strikes ?? Number.POSITIVE_INFINITY)) return false;
    this.#strikes += 1;
    return true;
  }
}

function countOne(counts: Map<string, number>, dialler: string): number {
  const count = (counts.get(dialler) ?? 0) + 1;
  counts.set(dialler, count);
  return count;
}
