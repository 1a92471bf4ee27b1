/**
 * One socket to the server with an undici client on top that speaks HTTP/1.1 over it. The client never opens a
 * socket of its own: when this one is gone the connection is finished, and the pool makes another.
 */
import { Client } from 'undici';
import type { Clock } from '../../clock.ts';
import { abortable } from '../../deadline.ts';
import type { AttemptTimer } from './attempt-timer.ts';
import { idleLimitMs } from './keep-alive.ts';
import type { OpenSocket } from './open-socket.ts';

/** What is sent. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What came back, read to its end. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** The longest answer that is read. */
const maxAnswerBytes = 1_048_576;

/** Undici's own timers are switched off, or set out of reach: all deadlines come from the injected clock. */
const farOffMs = 86_400_000;
const clientOptions = {
  pipelining: 1,
  allowH2: false,
  headersTimeout: 0,
  bodyTimeout: 0,
  keepAliveTimeout: farOffMs,
  keepAliveMaxTimeout: farOffMs,
  keepAliveTimeoutThreshold: -farOffMs,
  maxResponseSize: maxAnswerBytes,
};

/** A connection. It carries one request at a time. */
export class Connection implements AsyncDisposable {
  readonly #client: Client;
  readonly #opened: OpenSocket;
  readonly #clock: Clock;
  #closed = false;
  #answers = 0;
  #retireAtMs = Number.POSITIVE_INFINITY;

  constructor(origin: string, opened: OpenSocket, clock: Clock) {
    this.#opened = opened;
    this.#clock = clock;
    const { socket } = opened;
    socket
      .on('error', () => {})
      .once('close', () => {
        this.#closed = true;
      });
    this.#client = new Client(origin, { ...clientOptions, connect: handOverOnce(socket) });
  }

  /** Milliseconds that TCP and TLS took to establish. */
  get setUp(): { readonly connectMs: number; readonly tlsMs: number } {
    return this.#opened;
  }

  /** Whether an earlier request was answered on this socket: only then can the server have closed it meanwhile. */
  get isReused(): boolean {
    return this.#answers > 0;
  }

  /** Whether a request may be written: the socket is open, and not so long idle that the server may close it. */
  get isFresh(): boolean {
    return !this.#closed && !this.#opened.socket.destroyed && this.#clock.now() < this.#retireAtMs;
  }

  /** When the socket is to be retired, on the clock. */
  get retireAtMs(): number {
    return this.#retireAtMs;
  }

  /** Bytes that the server has sent on this socket so far. */
  get bytesRead(): number {
    return this.#opened.socket.bytesRead ?? 0;
  }

  /** Resolves when the socket is gone. */
  onClose(listener: () => void): void {
    this.#opened.socket.once('close', listener);
  }

  /** Sends the request and reads the answer to its end, within the attempt's deadlines. */
  async exchange(request: HttpRequest, timer: AttemptTimer): Promise<HttpAnswer> {
    timer.enter('wait');
    const { signal } = timer;
    const answer = await abortable(this.#client.request({ ...request, signal }), signal);
    timer.enter('body');
    const body = await abortable(answer.body.text(), signal);
    this.#answers += 1;
    const keepAlive = answer.headers['keep-alive'];
    this.#retireAtMs = this.#clock.now() + idleLimitMs(Array.isArray(keepAlive) ? keepAlive[0] : keepAlive);
    return { status: answer.statusCode, headers: answer.headers, body };
  }

  /** Closes the socket at once. May be called twice. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#opened.socket.destroy();
    await this.#client.destroy();
  }
}

type Connector = NonNullable<Client.Options['connect']>;

/**
 * A connector that has one socket to give. Undici asks again when that one is gone, and is told so. It must not be
 * called back at once: undici 8.12 would take no notice.
 */
function handOverOnce(socket: OpenSocket['socket']): Connector {
  let handedOver = false;
  return ((_options: unknown, callback: (error: Error | null, socket: unknown) => void) => {
    const isGone = handedOver || socket.destroyed;
    handedOver = true;
    queueMicrotask(() => (isGone ? callback(gone(), null) : callback(null, socket)));
  }) as Connector;
}

const gone = (): Error => Object.assign(new Error('connection closed by the server'), { code: 'ECONNRESET' });
