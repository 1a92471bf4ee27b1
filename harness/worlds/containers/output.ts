/** What a container says, line by line, and the line that says that it is ready. A restarted one is followed anew. */
import type { Readable } from 'node:stream';
import { systemClock } from '../../clock.ts';

/** Longer than this, and it will never be ready. */
export const readyMs = 60_000;
const keptLines = 200;

export class Output {
  readonly #sign: RegExp;
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  #ready = Promise.withResolvers<'ready' | 'ended'>();
  #ended: Promise<void> = Promise.resolve();

  constructor(sign: RegExp, onLine: (line: string) => void = () => {}) {
    this.#sign = sign;
    this.#onLine = onLine;
  }

  /** The last lines that it said. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when all that it said so far by the latest stream was handed on, and that has ended. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  /** Reads a stream of text to its end. */
  follow(stream: Readable): void {
    const ready = Promise.withResolvers<'ready' | 'ended'>();
    this.#ready = ready;
    let rest = '';
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#take(line);
    });
    this.#ended = new Promise((resolve) => {
      stream.once('close', () => {
        if (rest !== '') this.#take(rest);
        ready.resolve('ended');
        resolve();
      });
      stream.on('error', () => stream.destroy());
    });
  }

  /** Resolves once the sign was given; rejects when it ended before, or takes too long. */
  async ready(): Promise<void> {
    const over = new AbortController();
    const late = systemClock()
      .sleep(readyMs, over.signal)
      .then(() => 'late' as const);
    late.catch(() => {});
    const outcome = await Promise.race([this.#ready.promise, late]);
    over.abort();
    if (outcome === 'ready') return;
    throw new Error(
      outcome === 'ended' ? 'it ended before it was ready' : `not ready after ${readyMs / 1_000} s`,
    );
  }

  #take(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    this.#onLine(line);
    if (this.#sign.test(line)) this.#ready.resolve('ready');
  }
}
