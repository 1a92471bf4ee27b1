/** A reporter over HTTP/2: it posts a numbered report now and then, all of them over one connection. */
import type { Clock } from '../../clock.ts';
import type { Random } from '../../random.ts';
import type { Dial } from '../shared/dial.ts';
import type { LogSink } from '../shared/log.ts';

/** What a reporter is made of. */
export interface ReporterOptions {
  /** Of the server; `http`, with prior knowledge. */
  readonly url: string;
  readonly token: string;
  /** Between the end of one report and the next one, in milliseconds of the clock. */
  readonly intervalMs: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly dial: Dial;
  readonly log: LogSink;
}

/** Reports until it is disposed of. */
export type Reporter = AsyncDisposable;

/** What is posted. */
export interface Report {
  /** 1, 2, 3 … */
  readonly sequence: number;
  /** The same for each attempt at an operation that must take effect once. */
  readonly idempotencyKey: string;
}
