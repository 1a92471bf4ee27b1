/** One end of a TCP connection that keeps what it gets, and how it ended, with the times. */
import type net from 'node:net';

/** How long a peer is waited for; far beyond every time that a check is about. */
const longestWaitMs = 4_000;

/** How the other side ended; `open` when it did not. */
export type End = 'FIN' | 'RST' | 'refused' | 'open' | (string & {});

/** An end, and when it came, as `performance.now()` tells. */
export interface Ending {
  readonly how: End;
  readonly at: number;
}

export class Peer {
  readonly socket: net.Socket;
  readonly #chunks: { readonly at: number; readonly bytes: Buffer }[] = [];
  readonly #ended = Promise.withResolvers<Ending>();
  #changed = Promise.withResolvers<void>();
  #ending: Ending | undefined;

  constructor(socket: net.Socket) {
    this.socket = socket;
    socket.on('data', (bytes: Buffer) => {
      this.#chunks.push({ at: performance.now(), bytes });
      this.#change();
    });
    socket.once('end', () => this.#settle('FIN'));
    socket.on('error', ({ code = 'error' }: NodeJS.ErrnoException) => this.#settle(ends[code] ?? code));
    socket.once('close', () => this.#settle('closed here'));
  }

  /** What came, one byte a character. */
  get text(): string {
    return this.bytes.toString('latin1');
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks.map(({ bytes }) => bytes));
  }

  get count(): number {
    return this.#chunks.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  /** The sizes of what was read at once. */
  get sizes(): number[] {
    return this.#chunks.map(({ bytes }) => bytes.length);
  }

  /** The other side has not ended. */
  get open(): boolean {
    return this.#ending === undefined;
  }

  write(data: string | Buffer): void {
    this.socket.write(data);
  }

  /** Sends FIN, after `data` if any. */
  end(data?: string | Buffer): void {
    if (data === undefined) this.socket.end();
    else this.socket.end(data);
  }

  reset(): void {
    this.socket.resetAndDestroy();
  }

  /** When the Nth byte came; `Infinity` when it did not. */
  async got(count: number, patienceMs = longestWaitMs): Promise<number> {
    const deadline = performance.now() + patienceMs;
    while (this.count < count && this.open && performance.now() < deadline) {
      await Promise.race([this.#changed.promise, pause(deadline - performance.now())]);
    }
    return this.arrival(count);
  }

  /** When the Nth byte had come by now; `Infinity` when it had not. */
  arrival(count: number): number {
    let sum = 0;
    for (const { at, bytes } of this.#chunks) {
      sum += bytes.length;
      if (sum >= count) return at;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** How the other side ended within that time. */
  async ended(patienceMs = longestWaitMs): Promise<Ending> {
    await Promise.race([this.#ended.promise, pause(patienceMs)]);
    return this.#ending ?? { how: 'open', at: Number.POSITIVE_INFINITY };
  }

  #settle(how: End): void {
    this.#ending ??= { how, at: performance.now() };
    this.#ended.resolve(this.#ending);
    this.#change();
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = Promise.withResolvers();
  }
}

const ends: Readonly<Record<string, End>> = {
  ECONNRESET: 'RST',
  EPIPE: 'RST',
  ECONNREFUSED: 'refused',
};

/** Resolves after `ms` milliseconds. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}
