/**
 * A reporter over HTTP/2 that takes the server at its word (RFC 9113, sections 6.8 and 8.7). After a GOAWAY the next
 * request goes over a new connection. What the server certainly did not look at is repeated at once, one time; what it
 * may have done is repeated under the same key. ENHANCE_YOUR_CALM is waited out, longer each time.
 */
import { classify } from '../shared/errors.ts';
import { createLog, type Log } from '../shared/log.ts';
import { createRedactor } from '../shared/redact.ts';
import { nextDelay, type Waits } from '../shared/retry.ts';
import { Http2Connection, StreamFailed } from './connection.ts';
import type { Report, Reporter, ReporterOptions } from './reporter.ts';

/** From the request to the end of its answer. */
const timeoutMs = 10_000;
const waits: Waits = { delaysMs: { baseMs: 1_000, factor: 2, capMs: 60_000 }, jitter: 0.2 };
/** Somebody asked for less: a second is no less. */
const calmWaits: Waits = { delaysMs: { baseMs: 10_000, factor: 2, capMs: 120_000 }, jitter: 0.2 };

/** Starts to report. */
export function startHardenedReporter(options: ReporterOptions): Reporter {
  const reporter = new HardenedReporter(options);
  const ended = reporter.keepReporting();
  return {
    async [Symbol.asyncDispose]() {
      reporter.stop();
      await ended;
    },
  };
}

class HardenedReporter {
  readonly #options: ReporterOptions;
  readonly #log: Log;
  readonly #stopped = new AbortController();
  #connection: Http2Connection | undefined;

  constructor(options: ReporterOptions) {
    const { clock, log, token } = options;
    this.#options = options;
    this.#log = createLog({ clock, sink: log, redactor: createRedactor([token]), level: 'debug' });
  }

  stop(): void {
    this.#stopped.abort();
    this.#connection?.destroy();
  }

  async keepReporting(): Promise<void> {
    const { clock, random, intervalMs } = this.#options;
    const keys = random.fork('keys');
    const { signal } = this.#stopped;
    for (let sequence = 1; !signal.aborted; sequence += 1) {
      await this.#deliver({ sequence, idempotencyKey: `report-${sequence}-${keys.next()}` });
      await clock.sleep(intervalMs, signal).catch(() => {});
    }
  }

  /** Tries until the report has arrived. */
  async #deliver(report: Report): Promise<void> {
    const { clock, random } = this.#options;
    const draws = random.fork(report.idempotencyKey);
    const { signal } = this.#stopped;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const error = await this.#attempt(report).catch((cause: unknown) => cause);
      if (error === undefined || signal.aborted) return;
      const { calm = false, unprocessed = false } = error instanceof StreamFailed ? error : {};
      const isSafeAtOnce = unprocessed && !calm && attempt === 1;
      const delayMs = isSafeAtOnce ? 0 : nextDelay(calm ? calmWaits : waits, attempt, draws);
      const { category, code, message } = classify(error);
      const ownCode = error instanceof StreamFailed ? error.code : code;
      this.#log.debug(`Report ${report.sequence} not answered, again in ${delayMs} ms`, {
        event: 'report_attempt_failed',
        sequence: report.sequence,
        attempt,
        category,
        code: ownCode,
        cause: message,
        unprocessed,
        delayMs,
      });
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  async #attempt(report: Report): Promise<undefined> {
    if (!this.#connection?.usable) {
      this.#connection?.close();
      this.#connection = new Http2Connection(this.#options);
    }
    await this.#connection.post(report, timeoutMs);
  }
}
