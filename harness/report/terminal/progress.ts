/** How far something long is: a line that moves on a terminal, a line for each tenth elsewhere. */
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { showDuration } from '../text.ts';
import { createLiveLine, createPlainLines, isLive, type TextSink } from './live-line.ts';

/** Told how it gets on. */
export interface Progress {
  /** `done` of `of` parts are over; `part` is under way. */
  step(done: number, of: number, part: string): void;
  note(line: string): void;
}

export interface ProgressOptions {
  readonly stream: TextSink & { readonly isTTY?: boolean; readonly columns?: number };
  readonly clock?: Clock;
  /** Wall-clock milliseconds: what seems to take no longer, as a whole, has no lines where they stay. @default 0 */
  readonly shortMs?: number;
}

/** One for a command; `of(name)` is for a part of it, such as a workload of a benchmark. */
export interface ProgressReporter extends Disposable {
  of(name: string): Progress;
}

const tenths = 10;

export function createProgress(options: ProgressOptions): ProgressReporter {
  const { stream, clock = systemClock(), shortMs = 0 } = options;
  const isMoving = isLive(stream);
  const lines = isMoving ? createLiveLine(stream, () => stream.columns ?? 80) : createPlainLines(stream);
  return {
    of(name) {
      const begun = clock.now();
      let told = -1;
      return {
        step(done, of, part) {
          const allMs = done === 0 ? undefined : ((clock.now() - begun) / done) * of;
          const percent = Math.floor((done / of) * 100);
          // Too little to tell by.
          const tells = percent > 0 && allMs !== undefined;
          const left = tells ? `, ${showDuration((allMs / of) * (of - done))} left` : '';
          const line = `${name} ${percent} %${left} · ${part}`;
          lines.show(line);
          const tenth = Math.floor((done / of) * tenths);
          if (isMoving || tenth <= told || (allMs ?? 0) < shortMs) return;
          told = tenth;
          lines.print(line);
        },
        note: (line) => lines.print(`${name}: ${line}`),
      };
    },
    [Symbol.dispose]: () => lines.clear(),
  };
}
