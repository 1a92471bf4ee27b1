/** What a container says, line by line, and what is waited for in it: first of all that it is ready. */
import type { Readable } from 'node:stream';
import { systemClock, withDeadline } from 'shaketable-proxy/clock';
import { onEachLine } from '../../subjects/output-lines.ts';

/** What is not said within this is never said. */
export const readyMs = 60_000;
const keptLines = 200;

export class Output {
  readonly #onLine: (line: string) => void;
  readonly #lines: string[] = [];
  readonly #awaited = new Set<{ readonly sign: RegExp; readonly said: PromiseWithResolvers<void> }>();
  readonly #ended = Promise.withResolvers<void>();
  /** Resolves when the sign that it is ready was given. */
  readonly ready: Promise<void>;

  constructor(ready: RegExp, onLine: (line: string) => void = () => {}) {
    this.#onLine = onLine;
    this.ready = this.next(ready);
    this.ready.catch(() => {});
  }

  /** The last lines that it said. */
  get lastLines(): readonly string[] {
    return this.#lines;
  }

  /** Resolves when all that it said was handed on, and it will say no more. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Reads a stream of text to its end. */
  follow(stream: Readable): void {
    onEachLine(stream, (line) => this.#take(line));
    stream.on('error', () => stream.destroy());
    stream.once('close', () => {
      for (const { said } of this.#awaited) said.reject(new Error('it ended before it was ready'));
      this.#ended.resolve();
    });
  }

  /** Resolves at the next line that `sign` fits; rejects when it ends before, or takes too long. */
  async next(sign: RegExp): Promise<void> {
    const awaited = { sign, said: Promise.withResolvers<void>() };
    this.#awaited.add(awaited);
    const late = (): never => {
      throw new Error(`not ready after ${readyMs / 1_000} s`);
    };
    try {
      await withDeadline(systemClock(), readyMs, awaited.said.promise, late);
    } finally {
      this.#awaited.delete(awaited);
    }
  }

  #take(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length > keptLines) this.#lines.shift();
    this.#onLine(line);
    for (const { sign, said } of this.#awaited) if (sign.test(line)) said.resolve();
  }
}
