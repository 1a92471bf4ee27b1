/**
 * An event reader that misses nothing that the server still has, and notices silence (WHATWG HTML, section 9.2): it goes
 * on from the last event that it got (`Last-Event-ID`), waits as long as the server says (`retry:`), longer after each
 * connection that brought nothing, and takes a connection for dead on which for some time not even a comment came. A
 * server that answers 204, or refuses the token, is not asked again.
 */
import { setTimer } from '../../deadline.ts';
import { classify, HttpStatusError } from '../shared/errors.ts';
import { createLog, type Log } from '../shared/log.ts';
import { createRedactor } from '../shared/redact.ts';
import { nextDelay, type Waits } from '../shared/retry.ts';
import { EventStreamParser } from './event-stream.ts';
import { isEventStream, requestStream } from './open-stream.ts';
import type { EventReader, EventReaderOptions } from './reader.ts';

/** The bounds of a reader, in milliseconds of its clock. */
export interface EventReaderPolicy {
  /** From dialling to the head of the answer. Default 10 s. */
  readonly openTimeoutMs: number;
  /** How long a stream may be silent, comments included. Default 45 s, three times what servers usually let pass. */
  readonly silenceTimeoutMs: number;
  /** The wait before the next connection until the server names one. Default 3 s. */
  readonly retryMs: number;
  /** The longest wait. Default 60 s. */
  readonly longestRetryMs: number;
}

export const defaultEventReaderPolicy: EventReaderPolicy = Object.freeze({
  openTimeoutMs: 10_000,
  silenceTimeoutMs: 45_000,
  retryMs: 3_000,
  longestRetryMs: 60_000,
});

const jitter = 0.2;

/** Nothing came in time. `code` is `DEADLINE_EXCEEDED`. */
class Silence extends Error {
  override readonly name = 'Silence';
  readonly code = 'DEADLINE_EXCEEDED';
}

/** The server closed the stream, which may be how it restarts. `code` is `ERR_STREAM_PREMATURE_CLOSE`. */
class StreamEnded extends Error {
  override readonly name = 'StreamEnded';
  readonly code = 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Starts to read. */
export function startHardenedEventReader(
  options: EventReaderOptions,
  policy: Partial<EventReaderPolicy> = {},
): EventReader {
  const reader = new HardenedEventReader(options, { ...defaultEventReaderPolicy, ...policy });
  const ended = reader.keepReading();
  return {
    ended,
    async [Symbol.asyncDispose]() {
      reader.stop();
      await ended;
    },
  };
}

class HardenedEventReader {
  readonly #options: EventReaderOptions;
  readonly #policy: EventReaderPolicy;
  readonly #log: Log;
  readonly #stopped = new AbortController();
  #lastEventId = '';
  #retryMs: number;

  constructor(options: EventReaderOptions, policy: EventReaderPolicy) {
    const { clock, log, token } = options;
    this.#options = options;
    this.#policy = policy;
    this.#retryMs = policy.retryMs;
    this.#log = createLog({ clock, sink: log, redactor: createRedactor([token]), level: 'debug' });
  }

  stop(): void {
    this.#stopped.abort();
  }

  async keepReading(): Promise<void> {
    const { clock, random, url } = this.#options;
    const draws = random.fork('event stream');
    const { signal } = this.#stopped;
    let failures = 0;
    while (!signal.aborted) {
      const got = { events: 0 };
      const error = await this.#read(got).catch((cause: unknown) => cause);
      if (signal.aborted) break;
      failures = got.events > 0 ? 1 : failures + 1;
      const { category, code, message } = classify(error);
      if (isFinal(error)) {
        this.#log.error(`Events of ${url} are not to be had: ${message}`, {
          event: 'event_stream_refused',
          category,
          code,
        });
        return;
      }
      const delayMs = nextDelay(this.#waits(), failures, draws);
      this.#log.debug(`Event stream lost, next connection in ${delayMs} ms`, {
        event: 'event_stream_lost',
        category,
        code,
        cause: message,
        attempt: failures,
        lastEventId: this.#lastEventId,
        delayMs,
      });
      await clock.sleep(delayMs, signal).catch(() => {});
    }
  }

  /** Chance makes the server's wait longer, never shorter: readers that lost it together come back apart all the same. */
  #waits(): Waits {
    const baseMs = this.#retryMs / (1 - jitter / 2);
    const capMs = Math.max(baseMs, this.#policy.longestRetryMs);
    return { delaysMs: { baseMs, factor: 2, capMs }, jitter };
  }

  /** One connection, to its end; rejects with what ended it. */
  async #read(got: { events: number }): Promise<never> {
    const { clock, onEvent } = this.#options;
    const { openTimeoutMs, silenceTimeoutMs } = this.#policy;
    const { promise, reject } = Promise.withResolvers<never>();
    const request = requestStream(this.#options, { lastEventId: this.#lastEventId, verify: true });
    let cancel = setTimer(clock, openTimeoutMs, () =>
      reject(new Silence('The stream did not begin in time')),
    );
    const onStop = (): void => reject(this.#stopped.signal.reason);
    this.#stopped.signal.addEventListener('abort', onStop, { once: true });
    request.on('error', reject);
    request.on('response', (response) => {
      if (!isEventStream(response)) {
        reject(new HttpStatusError(response.statusCode ?? 0, ''));
        return;
      }
      const parser = new EventStreamParser(this.#lastEventId);
      const listen = (): void => {
        cancel();
        cancel = setTimer(clock, silenceTimeoutMs, () =>
          reject(new Silence(`Silent for ${silenceTimeoutMs} ms`)),
        );
      };
      listen();
      response.on('data', (bytes: Buffer) => {
        listen();
        for (const event of parser.push(bytes)) {
          this.#lastEventId = event.id;
          got.events += 1;
          onEvent(event);
        }
        this.#retryMs = parser.retryMs ?? this.#retryMs;
      });
      response.on('error', reject).on('end', () => reject(new StreamEnded('The server ended the stream')));
    });
    try {
      return await promise;
    } finally {
      cancel();
      this.#stopped.signal.removeEventListener('abort', onStop);
      request.on('error', () => {}).destroy();
    }
  }
}

/** Whether the server does not want to be asked again. */
const isFinal = (error: unknown): boolean =>
  error instanceof HttpStatusError && [204, 401, 403].includes(error.status);
