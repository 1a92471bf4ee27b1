/**
 * Reads the messages of one direction of an HTTP/1.1 connection (RFC 9112) as parts that make up exactly the bytes that
 * were put in, however those are split. Heads, lines of chunked coding and trailers come whole; what is of no interest
 * in itself, the data, comes as it arrives. What is no HTTP comes as `opaque`, and so does everything after it, as soon
 * as its first bytes tell. An empty line before a message comes as `crlf`.
 *
 *     head  data data …                        with Content-Length, or until FIN
 *     head  size data crlf  size data crlf  last       chunked; `last` is the chunk of size 0 with the trailers
 */
import type { HttpFraming } from './http-framing.ts';
import type { HttpBeginning } from './http-head.ts';

export type HttpPartKind = 'head' | 'data' | 'size' | 'crlf' | 'last' | 'opaque';

/** A syntactic unit of a message. */
export interface HttpPart<H> {
  readonly kind: HttpPartKind;
  /** As they were on the wire; empty where a part only marks the end of a message. */
  readonly bytes: Buffer;
  /** Of a `head`. */
  readonly head?: H;
  /** Of a `head`. */
  readonly framing?: HttpFraming;
  /** The message is over with this part. */
  readonly ends: boolean;
}

/** What a reader has to know about the kind of message. */
export interface HttpGrammar<H> {
  /** What the first bytes of a message say of it. */
  beginning(bytes: Buffer): HttpBeginning;
  /** Undefined when it is no HTTP/1.x. */
  parse(bytes: Buffer): H | undefined;
  framing(head: H): HttpFraming | undefined;
}

/** A head, a line or trailers that are longer are not read. */
export const httpSectionLimitBytes = 64 * 1024;

/** So many pieces are held before they are made one, so that a sender of single bytes costs no more than others. */
const mostPieces = 64;
const lf = 0x0a;
const cr = 0x0d;
const nothing = Buffer.alloc(0);
const chunkSize = /^([\da-f]{1,13})[ \t]*(?:;.*)?\r?\n$/i;

/** What comes next. */
type State = 'head' | 'length' | 'until-close' | 'size' | 'chunk' | 'crlf' | 'trailers' | 'opaque';

interface Taken<H> {
  /** How many of the bytes at hand it took. */
  readonly used: number;
  readonly part?: HttpPart<H>;
}

export class HttpReader<H> {
  /** Heads read so far. */
  messages = 0;
  readonly #grammar: HttpGrammar<H>;
  #state: State = 'head';
  /** Bytes of the data that are still to come. */
  #left = 0;
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Whether the head under way begins like one. */
  #beginning: HttpBeginning = 'possible';
  /** Its first line is whole, so that nothing more can be said. */
  #startLineIsWhole = false;
  /** The line under way is empty so far. */
  #lineIsBlank = true;
  /** A line of the section under way was not empty. */
  #sawLine = false;

  constructor(grammar: HttpGrammar<H>) {
    this.#grammar = grammar;
  }

  /** What comes is not read any more: it was no HTTP, or the connection carries something else now. */
  get opaque(): boolean {
    return this.#state === 'opaque';
  }

  /** Whether bytes are held that may be no HTTP: more are needed to tell. */
  get undecided(): boolean {
    return this.#state === 'head' && this.#heldBytes > 0 && this.#beginning === 'possible';
  }

  /** Whether bytes are held that begin like HTTP, half a first line, on a connection that was not seen to speak it. */
  get unproven(): boolean {
    return this.#state === 'head' && this.#heldBytes > 0 && this.messages === 0 && !this.#startLineIsWhole;
  }

  /** The parts that `bytes` complete. They have to be taken to the end. */
  *read(bytes: Buffer): Generator<HttpPart<H>> {
    for (let rest = bytes; rest.length > 0; ) {
      const { used, part } = this.#take(rest);
      rest = rest.subarray(used);
      if (part) yield part;
    }
  }

  /** The sender's FIN: ends the message that is under way, as it should or too early. */
  *end(): Generator<HttpPart<H>> {
    const within = this.#state !== 'head' && this.#state !== 'opaque';
    const kind = this.#state === 'until-close' ? 'data' : 'opaque';
    const bytes = this.takeRest();
    if (within || bytes.length > 0) yield { kind, bytes, ends: within };
  }

  /** Gives up reading, and gives back the bytes that are no whole part yet. */
  takeRest(): Buffer {
    this.#state = 'opaque';
    return this.#takeHeld();
  }

  #take(bytes: Buffer): Taken<H> {
    switch (this.#state) {
      case 'head':
        return this.#takeHead(bytes);
      case 'size':
        return this.#gather(bytes, () => true, this.#size);
      case 'crlf':
        return this.#gather(bytes, () => true, this.#crlf);
      case 'trailers':
        return this.#gather(bytes, (blank) => blank, this.#last);
      case 'length':
      case 'chunk':
        return this.#data(bytes);
      default:
        return {
          used: bytes.length,
          part: { kind: this.opaque ? 'opaque' : 'data', bytes, ends: false },
        };
    }
  }

  #takeHead(bytes: Buffer): Taken<H> {
    if (this.#heldBytes === 0 && (bytes[0] === cr || bytes[0] === lf))
      return { used: 1, part: { kind: 'crlf', bytes: bytes.subarray(0, 1), ends: false } };
    if (!this.#startLineIsWhole) this.#judge(bytes);
    if (this.#beginning !== 'none') return this.#gather(bytes, (blank) => blank && this.#sawLine, this.#head);
    this.#held.push(bytes);
    return this.#giveUp(bytes);
  }

  #judge(bytes: Buffer): void {
    this.#startLineIsWhole = bytes.includes(lf);
    this.#beginning = this.#grammar.beginning(
      this.#heldBytes === 0 ? bytes : Buffer.concat([...this.#held, bytes]),
    );
  }

  /** Takes lines up to the one that is the last, and makes a part of them. */
  #gather(
    bytes: Buffer,
    isLast: (blank: boolean) => boolean,
    finish: (section: Buffer) => HttpPart<H> | undefined,
  ): Taken<H> {
    const used = this.#lines(bytes, isLast);
    this.#held.push(bytes.subarray(0, used ?? bytes.length));
    this.#heldBytes += used ?? bytes.length;
    if (this.#held.length > mostPieces) this.#held = [Buffer.concat(this.#held)];
    if (this.#heldBytes > httpSectionLimitBytes) return this.#giveUp(bytes, used);
    if (used === undefined) return { used: bytes.length };

    const section = this.#held.length === 1 ? (this.#held[0] ?? nothing) : Buffer.concat(this.#held);
    const state = this.#state;
    const part = finish.call(this, section);
    if (part === undefined && this.#state === state) return this.#giveUp(bytes, used);
    if (part) this.#takeHeld();
    return part ? { used, part } : { used };
  }

  /** How many bytes there are up to the end of the last line; undefined when it is still to come. */
  #lines(bytes: Buffer, isLast: (blank: boolean) => boolean): number | undefined {
    for (let index = 0; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte === lf) {
        const blank = this.#lineIsBlank;
        this.#lineIsBlank = true;
        if (isLast(blank)) return index + 1;
      } else if (byte !== cr) {
        this.#lineIsBlank = false;
        this.#sawLine = true;
      }
    }
    return undefined;
  }

  #head(bytes: Buffer): HttpPart<H> | undefined {
    const head = this.#grammar.parse(bytes);
    const framing = head && this.#grammar.framing(head);
    if (head === undefined || framing === undefined) return undefined;
    this.messages += 1;
    this.#state = stateAfterHead(framing);
    this.#left = framing.kind === 'length' ? framing.bytes : 0;
    return { kind: 'head', bytes, head, framing, ends: framing.kind === 'none' };
  }

  /** The line before a chunk; the one of size 0 is held until the trailers are there. */
  #size(bytes: Buffer): HttpPart<H> | undefined {
    const [, digits] = chunkSize.exec(bytes.toString('latin1')) ?? [];
    if (digits === undefined) return undefined;
    this.#left = Number.parseInt(digits, 16);
    this.#state = this.#left > 0 ? 'chunk' : 'trailers';
    return this.#left > 0 ? { kind: 'size', bytes, ends: false } : undefined;
  }

  #crlf(bytes: Buffer): HttpPart<H> | undefined {
    if (bytes.length > 2 || (bytes.length === 2 && bytes[0] !== cr)) return undefined;
    this.#state = 'size';
    return { kind: 'crlf', bytes, ends: false };
  }

  #last(bytes: Buffer): HttpPart<H> {
    this.#state = 'head';
    return { kind: 'last', bytes, ends: true };
  }

  #data(bytes: Buffer): Taken<H> {
    const data = bytes.subarray(0, this.#left);
    this.#left -= data.length;
    const ends = this.#left === 0 && this.#state === 'length';
    if (this.#left === 0) this.#state = ends ? 'head' : 'crlf';
    return { used: data.length, part: { kind: 'data', bytes: data, ends } };
  }

  #giveUp(bytes: Buffer, used = bytes.length): Taken<H> {
    this.#state = 'opaque';
    const held = this.#takeHeld();
    const rest = bytes.subarray(used);
    return {
      used: bytes.length,
      part: {
        kind: 'opaque',
        bytes: rest.length === 0 ? held : Buffer.concat([held, rest]),
        ends: false,
      },
    };
  }

  #takeHeld(): Buffer {
    const held = Buffer.concat(this.#held);
    this.#held = [];
    this.#heldBytes = 0;
    this.#beginning = 'possible';
    this.#startLineIsWhole = false;
    this.#lineIsBlank = true;
    this.#sawLine = false;
    return held;
  }
}

function stateAfterHead({ kind }: HttpFraming): State {
  switch (kind) {
    case 'none':
      return 'head';
    case 'tunnel':
      return 'opaque';
    case 'chunked':
      return 'size';
    default:
      return kind;
  }
}
