/** How far a benchmark is, on standard error: a line that moves on a terminal, a line for each tenth elsewhere. */
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { showDuration } from '../text.ts';
import { createLiveLine, createPlainLines, type TextSink } from './live-line.ts';

/** Told how a workload gets on. */
export interface Progress {
  /** `done` of `of` parts are over; `part` is under way. */
  step(done: number, of: number, part: string): void;
  note(line: string): void;
}

export interface ProgressOptions {
  readonly stream: TextSink & { readonly isTTY?: boolean; readonly columns?: number };
  readonly clock?: Clock;
}

/** One for the whole benchmark; `of(name)` is what a workload is told to use. */
export interface ProgressReporter extends Disposable {
  of(workload: string): Progress;
}

const tenths = 10;

export function createProgress({ stream, clock = systemClock() }: ProgressOptions): ProgressReporter {
  const lines = stream.isTTY ? createLiveLine(stream, () => stream.columns ?? 80) : createPlainLines(stream);
  return {
    of(workload) {
      const begun = clock.now();
      let told = -1;
      return {
        step(done, of, part) {
          const left = timeLeft(clock.now() - begun, done, of);
          const line = `${workload} ${Math.floor((done / of) * 100)} %${left} · ${part}`;
          lines.show(line);
          const tenth = Math.floor((done / of) * tenths);
          if (stream.isTTY || tenth <= told) return;
          told = tenth;
          lines.print(line);
        },
        note: (line) => lines.print(`${workload}: ${line}`),
      };
    },
    [Symbol.dispose]: () => lines.clear(),
  };
}

/** What the parts so far took, for those that are left. */
function timeLeft(elapsedMs: number, done: number, of: number): string {
  return done === 0 ? '' : `, ${showDuration((elapsedMs / done) * (of - done))} left`;
}
