/**
 * Which connections a toxic applies to, and when. Toxiproxy knows toxicity alone, drawn at random; `only` adds the Nth
 * connection, the first few, every Nth, a share by seed, those of some clients, those above a number of open ones, a
 * number of strikes after which all is healthy, a number of bytes that pass before the toxic begins, and a time after
 * which it begins and ends. Everything given must hold.
 */
import { isInRanges } from './address-ranges.ts';
import type { Random } from './random.ts';

/**
 * The `only` key of a toxic. Connections are counted from the toxic's creation (1 is the next one accepted): all of the proxy, or
 * those of each dialler by itself where a program that starts the proxy says who dials.
 */
export interface Selector {
  /** These connections, by number. */
  readonly nth?: readonly number[];
  /** These connections, by the number that events and `GET /connections` give them; open ones too. */
  readonly connections?: readonly number[];
  /** Those of clients in these ranges of addresses: `10.0.0.0/8`, `::1`. */
  readonly clients?: readonly string[];
  /** The first so many. */
  readonly first?: number;
  /** Each connection whose number is a multiple; 1 is every new connection. */
  readonly every?: number;
  /** Those that were accepted while so many others of the proxy were open. */
  readonly above?: number;
  /** A share of connections from 0 to 1, drawn from the seed. */
  readonly share?: number;
  /** So many strikes; after those the toxic lets everything pass. */
  readonly strikes?: number;
  /** So many bytes of a connection's direction pass before the toxic begins. */
  readonly from_bytes?: number;
  /** It begins so many milliseconds after `since`. */
  readonly after_ms?: number;
  /** It lasts so many milliseconds from when it begins. */
  readonly for_ms?: number;
  /**
   * Where `after_ms` and `for_ms` count from: `connection` (the default) is when the connection was accepted, or when
   * the toxic was added to an open one; `toxic` is when the toxic was created or `only` last given, the same moment
   * for all connections.
   */
  readonly since?: 'connection' | 'toxic';
}

/** What bindings one connection to one toxic; drawn once, so that an update decides on the same grounds. */
export interface Exposure {
  /** The connection's number counted from the toxic's creation; 0 when it was open before. */
  readonly ordinal: number;
  /** The connection's own number. */
  readonly number: number;
  /** The client's address; empty where there is none. */
  readonly client: string;
  /** How many others of the proxy were open when it was accepted. */
  readonly others: number;
  /** When connection and toxic met, epoch ms. */
  readonly metAt: number;
  readonly toxicityDraw: number;
  readonly shareDraw: number;
}

/** What an exposure is drawn for. */
type Circumstances = Omit<Exposure, 'toxicityDraw' | 'shareDraw'>;

/** Draws the exposure from `random`, the stream of this connection and toxic, when it is first asked for. */
export function expose(random: Random, circumstances: Circumstances): Exposure {
  return new LazyExposure(random, circumstances);
}

/** The same with toxicity drawn from another stream. */
export function drawToxicityAnew(random: Random, exposure: Exposure): Exposure {
  const { ordinal, number, client, others, metAt, shareDraw } = exposure;
  const toxicityDraw = random.fork('toxicity').next();
  return { ordinal, number, client, others, metAt, shareDraw, toxicityDraw };
}

/** Few toxics ask for a draw, and there is one of these for each on each connection. */
class LazyExposure implements Exposure {
  readonly ordinal: number;
  readonly number: number;
  readonly client: string;
  readonly others: number;
  readonly metAt: number;
  readonly #random: Random;
  #toxicityDraw: number | undefined;
  #shareDraw: number | undefined;

  constructor(random: Random, { ordinal, number, client, others, metAt }: Circumstances) {
    this.ordinal = ordinal;
    this.number = number;
    this.client = client;
    this.others = others;
    this.metAt = metAt;
    this.#random = random;
  }

  get toxicityDraw(): number {
    this.#toxicityDraw ??= this.#random.fork('toxicity').next();
    return this.#toxicityDraw;
  }

  get shareDraw(): number {
    this.#shareDraw ??= this.#random.fork('share').next();
    return this.#shareDraw;
  }
}

/** What decides whether a toxic applies: its toxicity and selector, and when that selector was given, epoch ms. */
export interface Selection {
  readonly toxicity: number;
  readonly only: Selector | undefined;
  readonly selectedAt: number;
}

/** When the toxic begins and ends on the connection, epoch ms. */
export function period(
  { only = {}, selectedAt }: Selection,
  { metAt }: Exposure,
): { readonly from: number; readonly until: number } {
  const since = only.since === 'toxic' ? selectedAt : metAt;
  const from = since + (only.after_ms ?? 0);
  return { from, until: from + (only.for_ms ?? Number.POSITIVE_INFINITY) };
}

/** Whether the toxic applies to the connection at `now`. */
export function applies(selection: Selection, exposure: Exposure, now: number): boolean {
  const { toxicity, only = {} } = selection;
  const { from, until } = period(selection, exposure);
  const { ordinal, number, client, others } = exposure;
  const counted = only.nth !== undefined || only.first !== undefined || only.every !== undefined;
  return (
    (toxicity >= 1 || exposure.toxicityDraw < toxicity) &&
    (only.share === undefined || exposure.shareDraw < only.share) &&
    !(counted && ordinal === 0) &&
    (only.nth?.includes(ordinal) ?? true) &&
    (only.connections?.includes(number) ?? true) &&
    (only.clients === undefined || isInRanges(client, only.clients)) &&
    others >= (only.above ?? 0) &&
    ordinal <= (only.first ?? Number.POSITIVE_INFINITY) &&
    ordinal % (only.every ?? 1) === 0 &&
    now >= from &&
    now < until
  );
}
