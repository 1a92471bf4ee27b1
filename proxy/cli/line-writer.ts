/**
 * Writes lines to a stream whose reader may be slow or gone. The program never waits for the reader: lines beyond a bound
 * are dropped, and a line reports their number once there is room.
 */
import type { Writable } from 'node:stream';
import { type Clock, withDeadline } from '../core/clock.ts';

/** What may wait for the reader, in characters. */
const limit = 1024 * 1024;

export class LineWriter {
  readonly #stream: Writable;
  #leftOut = 0;

  /** `notice` makes the line that tells how many were left out. */
  constructor(stream: Writable, notice: (leftOut: number) => string) {
    this.#stream = stream;
    stream.on('error', () => {});
    stream.on('drain', () => {
      if (this.#leftOut === 0) return;
      stream.write(notice(this.#leftOut));
      this.#leftOut = 0;
    });
  }

  write(line: string): void {
    if (!this.#stream.writable) return;
    if (this.#stream.writableLength + line.length > limit) this.#leftOut += 1;
    else this.#stream.write(line);
  }

  /** Waits until all is read, but no longer than `withinMs`; says whether it was. */
  async flush(clock: Clock, withinMs: number): Promise<boolean> {
    const read = new Promise<boolean>((resolve) => this.#stream.write('', () => resolve(true)));
    return withDeadline(clock, withinMs, read, () => false);
  }
}
