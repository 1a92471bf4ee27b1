/**
 * Both directions of an HTTP/1.1 connection: which answer belongs to which request. Answers come in the order of the
 * requests (RFC 9112, section 9.3.2), interim ones (1xx) before the final one; CONNECT and `101 Switching Protocols`
 * end the HTTP on a connection.
 *
 * A reader that comes in late, or finds no HTTP at first, passes bytes as `opaque` until a chunk begins like a request:
 * clients that do not pipeline send that when nothing else is under way. Until then `unreadable` says why.
 */
import { requestFraming, responseFraming } from './http-framing.ts';
import {
  type HttpRequestHead,
  type HttpResponseHead,
  looksLikeHttp,
  parseRequestHead,
  parseResponseHead,
  requestBeginning,
  responseBeginning,
} from './http-head.ts';
import { type HttpPart, HttpReader } from './http-reader.ts';

export type HttpRequestPart = HttpPart<HttpRequestHead>;

export interface HttpResponsePart extends HttpPart<HttpResponseHead> {
  /** The request that this answers; undefined for an unsolicited answer. */
  readonly request: HttpRequestHead | undefined;
  /** The request is done with this part: it ends the final answer. */
  readonly answers: boolean;
}

const noHttp = 'no HTTP/1.x';
const brokenHttp = 'HTTP/1.x that cannot be read';
const tooManyRequests = 'HTTP/1.x with more requests at once than are followed';

/** More requests without an answer are not followed. */
const mostWaiting = 1_000;

export class HttpDialogue {
  #requests = requestReader();
  #responses = this.#responseReader();
  /** Requests without a final answer, oldest first. */
  #waiting: HttpRequestHead[] = [];
  #asked = 0;
  /** CONNECT was asked for and not answered: what the client sends now may be the tunnel's. */
  #connecting = false;
  #inStep: boolean;
  #over = false;
  #unreadable: string | undefined;

  constructor({ joinedLate }: { readonly joinedLate: boolean }) {
    this.#inStep = !joinedLate;
  }

  /** Why nothing is read; undefined while it is, and after HTTP ended on the connection as it should. */
  get unreadable(): string | undefined {
    return this.#unreadable;
  }

  /** Whether the client's bytes that are held may be no HTTP, or the server's. */
  get requestsUndecided(): boolean {
    return this.#requests.undecided || this.#requests.unproven;
  }

  get responsesUndecided(): boolean {
    return this.#responses.undecided || (this.#asked === 0 && this.#responses.unproven);
  }

  /** Decides that what is held is no HTTP. */
  giveUp(): void {
    this.#unreadable = noHttp;
    this.#inStep = false;
  }

  /** Requests so far. */
  get asked(): number {
    return this.#asked;
  }

  /** Requests without a final answer. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The requests that are to be answered before this one. */
  before(request: HttpRequestHead): readonly HttpRequestHead[] {
    const index = this.#waiting.indexOf(request);
    return this.#waiting.slice(0, Math.max(0, index));
  }

  /** The parts that bytes from the client complete. A request waits for its answer from its head on. */
  *readRequests(bytes: Buffer): Generator<HttpRequestPart> {
    if (!this.#inStep && looksLikeHttp(bytes)) this.#begin();
    if (!this.#inStep) this.#unreadable = noHttp;
    if (!this.#reads) return yield opaque(this.#requests, bytes);
    for (const part of this.#requests.read(bytes)) {
      if (part.head) this.#ask(part.head);
      yield part;
    }
    if (!this.#connecting) this.#check(this.#requests);
  }

  /** The parts that bytes from the server complete. */
  *readResponses(bytes: Buffer): Generator<HttpResponsePart> {
    if (!this.#reads) return yield { ...opaque(this.#responses, bytes), request: undefined, answers: false };
    for (const part of this.#responses.read(bytes)) yield* this.#answer(part);
    this.#check(this.#responses);
  }

  /** The server's FIN. */
  *endResponses(): Generator<HttpResponsePart> {
    for (const part of this.#responses.end()) yield* this.#answer(part);
  }

  /** The request was answered elsewhere. */
  withdraw(request: HttpRequestHead): void {
    this.#waiting = this.#waiting.filter((candidate) => candidate !== request);
  }

  /** Gives up reading requests; the bytes that are no whole part yet. */
  takeRequestRest(): Buffer {
    return this.#requests.takeRest();
  }

  /** Gives up reading responses; the bytes that are no whole part yet. */
  takeResponseRest(): Buffer {
    return this.#responses.takeRest();
  }

  get #reads(): boolean {
    return this.#inStep && !this.#over;
  }

  #begin(): void {
    if (this.#requests.opaque) this.#requests = requestReader();
    if (this.#responses.opaque) this.#responses = this.#responseReader();
    this.#waiting = [];
    this.#inStep = true;
    this.#unreadable = undefined;
  }

  #ask(request: HttpRequestHead): void {
    this.#asked += 1;
    this.#waiting.push(request);
    if (this.#waiting.length > mostWaiting && !this.#over) {
      this.#over = true;
      this.#unreadable = tooManyRequests;
    }
    this.#connecting = request.method === 'CONNECT';
  }

  /** Pairs a part with its request, which is done once the last part was taken. */
  *#answer(part: HttpPart<HttpResponseHead>): Generator<HttpResponsePart> {
    const [request] = this.#waiting;
    const interim = part.head !== undefined && part.head.status < 200;
    const answers = part.ends && !interim;
    yield { ...part, request, answers };
    this.#over ||= part.framing?.kind === 'tunnel';
    if (!answers || request === undefined) return;
    this.withdraw(request);
    if (request.method === 'CONNECT') this.#refused();
  }

  /** CONNECT was refused: the client may ask for something else. */
  #refused(): void {
    this.#connecting = false;
    this.#requests = requestReader();
  }

  /** A reader that found no HTTP at all waits for a request to begin; one that lost its way is not to be trusted. */
  #check(reader: HttpReader<HttpRequestHead> | HttpReader<HttpResponseHead>): void {
    if (!reader.opaque) return;
    if (this.#over) return;
    if (reader.messages === 0) this.giveUp();
    else {
      this.#over = true;
      this.#unreadable = brokenHttp;
    }
  }

  #responseReader(): HttpReader<HttpResponseHead> {
    return new HttpReader({
      beginning: responseBeginning,
      parse: parseResponseHead,
      framing: (head) => responseFraming(head, this.#waiting[0]),
    });
  }
}

const requestReader = (): HttpReader<HttpRequestHead> =>
  new HttpReader({ beginning: requestBeginning, parse: parseRequestHead, framing: requestFraming });

/** Bytes that are not read, after what the reader still had. */
function opaque<H>(reader: HttpReader<H>, bytes: Buffer): HttpPart<H> {
  const rest = reader.takeRest();
  return { kind: 'opaque', bytes: rest.length === 0 ? bytes : Buffer.concat([rest, bytes]), ends: false };
}
