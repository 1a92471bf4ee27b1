/**
 * What a toxic is made of. One toxic, one file, one definition: its attributes, and what it does with the items that
 * pass on one connection.
 *
 *     source ─► [ toxic ] ─► [ toxic ] ─► destination        one chain for each connection and direction
 *
 * A toxic holds no socket and no timer. For each item it yields steps (`core/steps.ts`); what it leaves out of its
 * behaviour passes untouched.
 */

import type { AttributeSpecs, AttributeValues } from './attributes.ts';
import type { Quirks } from './compatibility.ts';
import type { Stream } from './events.ts';
import type { Random } from './random.ts';
import type { Chunk, Step } from './steps.ts';

/** The direction that a toxic acts on; `both` is not known to Toxiproxy. */
export type ToxicStream = Stream | 'both';

/** What a toxic reports when it acts on a connection; see the `strike` event. */
export interface StrikeFact {
  readonly reason: string;
  readonly bytes: number;
  readonly delivered: boolean;
  /** The direction in which it acted, where that is not the toxic's own. */
  readonly stream?: Stream;
  /** Bytes of that direction before what it acted on, where that is not the item in hand. */
  readonly offset?: number;
}

/** What a toxic knows of the connection it works on. */
export interface ToxicContext<V> {
  /** The current values; they change under the toxic when it is updated. */
  readonly attributes: V;
  /** The direction that it was created for. */
  readonly stream: ToxicStream;
  /** Its own draws: they depend on the seed, the proxy, the connection's number and the toxic's name. */
  readonly random: Random;
  /** What is done as Toxiproxy does it, although TCP does otherwise. */
  readonly quirks: Quirks;
  /** The connection was open before the toxic was added. */
  readonly foundOpen: boolean;
  /** Bytes had passed before the toxic began here: a message may be under way. */
  readonly joinedLate: boolean;
  /** How many, by direction; the offset of what a toxic counts from its own beginning. */
  readonly bytesBefore: Readonly<Record<Stream, number>>;
  /** Epoch ms. */
  now(): number;
  /** When a byte last moved on this connection, in either direction; epoch ms. */
  lastActivityAt(): number;
  /** Counts an occasion on which it could act, over all connections of who dialled: 1, 2, 3 …; see `occasions.ts`. */
  occasion(): number;
  /** What all connections of the toxic have in common; made when first asked for. */
  shared<T extends object>(create: () => T): T;
  /** Takes one of the toxic's strikes and reports it. False when none is left: then let the item pass. */
  strike(fact: StrikeFact): boolean;
  /** Reports why it cannot act on what it sees; only the first report on this connection counts. */
  skip(reason: string): void;
  /** The same as `strike` for effects that go on: takes and reports only the first on this connection, then repeats the answer. */
  strikeOnce(fact: StrikeFact): boolean;
}

/** What a toxic does in one direction of one connection. */
export interface Behaviour {
  chunk?(chunk: Chunk): Iterable<Step>;
  /** The sender's FIN. */
  end?(): Iterable<Step>;
  /** The sender's RST. */
  reset?(): Iterable<Step>;
  /** Runs while no item is in hand: from the start, and again after each item. An item that arrives abandons it. */
  idle?(): Iterable<Step>;
  /** Runs from the start whatever arrives, for what time alone decides; an update begins it anew. */
  meanwhile?(): Iterable<Step>;
  /** After the toxic left the connection: because it was deleted, or because an update made it inactive there. */
  lifted?(how: 'deleted' | 'inactive'): Iterable<Step>;
  /** Whether an update sends the item in hand on without more waiting (the default), or starts it anew. */
  readonly onUpdate?: 'hurry' | 'restart';
}

/** A kind of toxic. */
export interface ToxicType<T extends string = string, S extends AttributeSpecs = AttributeSpecs> {
  readonly type: T;
  /** What it does, in a few words; the table of all toxics shows it. */
  readonly summary?: string;
  readonly attributes: S;
  /** What is wrong with a set of values that are valid one by one; throws an `ApiError`. */
  check?(attributes: AttributeValues<S>): void;
  /** How many chunks may queue before the toxic until the source has to wait; 1 unless given. */
  readonly queueChunks?: number;
  /** Acts on the direction that the toxic was created for. */
  start?(context: ToxicContext<AttributeValues<S>>): Behaviour;
  /** Acts on both directions, with what it sees in one deciding about the other. */
  startBoth?(context: ToxicContext<AttributeValues<S>>): Readonly<Record<Stream, Behaviour>>;
  /** Toxiproxy sets SO_LINGER on connections that begin under this toxic (`Quirks.resetsByLinger`). */
  readonly lingers?: true;
  /** Acts when a connection is accepted, before anything is dialled. */
  readonly accept?: 'refuse' | 'silence';
}

/** Declares a kind of toxic; exactly one of `start`, `startBoth` and `accept` is given. */
export function defineToxic<const T extends string, const S extends AttributeSpecs>(
  definition: ToxicType<T, S>,
): ToxicType<T, S> {
  return definition;
}
