/** The streams of an HTTP/2 connection on which a client's request is answered (RFC 9113, sections 5.1 and 8.1). */
import type { Stream } from '../core/events.ts';
import type { HeaderField } from './hpack.ts';

/** A request and its answer: a stream that the client opened. */
export interface Exchange {
  readonly id: number;
  /** Of the request; undefined on a connection whose beginning was missed. */
  readonly fields: readonly HeaderField[] | undefined;
  /** Whether the head of the final answer came. */
  answered: boolean;
  /** The directions that ended by END_STREAM; both once it was reset. */
  readonly ended: Set<Stream>;
}

/** What a field block is; `promise` is that of PUSH_PROMISE. */
export type BlockRole = 'request' | 'interim' | 'answer' | 'trailers' | 'promise';

/** A field block with its place. */
export interface PlacedBlock {
  readonly streamId: number;
  readonly fields: readonly HeaderField[] | undefined;
  readonly endsStream: boolean;
}

/** More at once are not followed. */
const mostOpen = 10_000;

export class Exchanges {
  readonly #open = new Map<number, Exchange>();
  readonly #joinedLate: boolean;
  #last = 0;

  constructor(joinedLate: boolean) {
    this.#joinedLate = joinedLate;
  }

  /** Those that are not over, oldest first. */
  get open(): readonly Exchange[] {
    return [...this.#open.values()];
  }

  get tooMany(): boolean {
    return this.#open.size > mostOpen;
  }

  /** The highest stream that the client has opened; 0 for none. */
  get last(): number {
    return this.#last;
  }

  get(streamId: number): Exchange | undefined {
    return this.#open.get(streamId);
  }

  /** Takes in a field block of HEADERS. */
  block(
    stream: Stream,
    { streamId, fields, endsStream }: PlacedBlock,
  ): { readonly role: BlockRole; readonly exchange: Exchange | undefined } {
    const known = this.#open.get(streamId);
    const exchange = known ?? this.#begin(stream, streamId, fields);
    const role = stream === 'upstream' ? (known ? 'trailers' : 'request') : answerRole(exchange, fields);
    if (exchange === undefined) return { role: 'trailers', exchange };
    if (role === 'answer') exchange.answered = true;
    if (endsStream) this.end(stream, exchange);
    return { role, exchange };
  }

  /** One direction of it is over. */
  end(stream: Stream, exchange: Exchange): void {
    exchange.ended.add(stream);
    if (exchange.ended.size === 2) this.#open.delete(exchange.id);
  }

  /** RST_STREAM. */
  reset(streamId: number): void {
    const exchange = this.#open.get(streamId);
    exchange?.ended.add('upstream').add('downstream');
    this.#open.delete(streamId);
  }

  /** A request, or an answer whose request was missed. */
  #begin(stream: Stream, id: number, fields: readonly HeaderField[] | undefined): Exchange | undefined {
    const opens = id % 2 === 1 && (stream === 'upstream' ? id > this.#last : this.#joinedLate);
    if (!opens) return undefined;
    const missed = stream === 'downstream';
    const ended = new Set<Stream>(missed ? ['upstream'] : []);
    const exchange = { id, fields: missed ? undefined : fields, answered: false, ended };
    this.#last = Math.max(this.#last, id);
    this.#open.set(id, exchange);
    return exchange;
  }
}

/** Section 8.1: any number of interim answers, the final one, perhaps trailers. */
function answerRole(exchange: Exchange | undefined, fields: PlacedBlock['fields']): BlockRole {
  if (!exchange || exchange.answered) return 'trailers';
  return fieldValue(fields, ':status')?.startsWith('1') ? 'interim' : 'answer';
}

/** The first value of a field. */
export function fieldValue(fields: readonly HeaderField[] | undefined, name: string): string | undefined {
  return fields?.find((field) => field.name === name)?.value;
}
