/**
 * HTTP as the second report left it in its version 4.0.1: each attempt has a time-out, is announced before it is made again after 1, 2
 * and 4 s, and the last one is logged with URL, cause and what to verify. Each attempt still has a connection of its own, waits
 * are the same for every agent, and an outage is logged again for every request.
 */
import { Client } from 'undici';
import type { Clock } from '../../../clock.ts';
import type { AgentConfig } from '../config.ts';
import type { PlainRequest, PlainTransport, TransportParts } from './transport.ts';
import { unverifiedConnector } from './unverified-connector.ts';

/** What the transport is made of. */
interface RetryingParts extends TransportParts {
  readonly config: Pick<AgentConfig, 'retry' | 'timeoutsMs'>;
}

/** An answer that says no. */
class Refused extends Error {
  readonly status: number;
  readonly body: string;

  constructor(status: number, body: string) {
    super(`HTTP error ${status}`);
    this.status = status;
    this.body = body;
  }
}

class TimedOut extends Error {}

/** Sends requests, each attempt on a new connection. */
export class RetryingTransport implements PlainTransport {
  readonly #parts: RetryingParts;

  constructor(parts: RetryingParts) {
    this.#parts = parts;
  }

  async send(request: PlainRequest): Promise<unknown> {
    const { clock, config, signal, log } = this.#parts;
    const { attempts } = config.retry;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sendOnce(request);
      } catch (error) {
        if (signal.aborted) throw error;
        if (error instanceof Refused || attempt === attempts) {
          this.#logLast(request, error, attempt);
          throw error;
        }
        const waitMs = this.#waitMs(attempt);
        const what = error instanceof TimedOut ? 'Request timeout' : 'Connection error';
        const cause = error instanceof TimedOut ? '' : ` - ${messageOf(error)}`;
        log.warn(
          `${what} (attempt ${attempt}/${attempts}): ${this.#nameOf(request)}${cause} - retrying in ${waitMs / 1_000}s`,
        );
        await clock.sleep(waitMs, signal);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #waitMs(attempt: number): number {
    const isCapped = this.#parts.config.retry.policy === 'capped';
    return isCapped ? Math.min(60_000 * 2 ** (attempt - 1), 300_000) : 1_000 * 2 ** (attempt - 1);
  }

  #logLast(request: PlainRequest, error: unknown, attempts: number): void {
    const { log, serverUrl } = this.#parts;
    if (error instanceof Refused) {
      log.error(`HTTP error ${error.status}: ${this.#nameOf(request)}`);
      log.error(`Response: ${error.body}`);
      return;
    }
    const what = error instanceof TimedOut ? 'Request timeout' : 'Connection error';
    log.error(`${what} after ${attempts} attempts: ${this.#nameOf(request)} - ${messageOf(error)}`);
    log.error(`Server URL configured as: ${serverUrl.origin}`);
    log.error('Verify server is running and CLIENT_TOKEN is valid');
  }

  #nameOf({ method, path }: PlainRequest): string {
    return `${method} ${this.#parts.serverUrl.origin}${path}`;
  }

  async #sendOnce(request: PlainRequest): Promise<unknown> {
    const { serverUrl, dial, clock, config, signal } = this.#parts;
    const client = new Client(serverUrl.origin, {
      connect: unverifiedConnector(serverUrl, dial),
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    const answered = new AbortController();
    const stop = AbortSignal.any([answered.signal, signal]);
    const late = timeOut(clock, config.timeoutsMs.request, stop, () => client.destroy());
    try {
      return await Promise.race([ask(client, request), late]);
    } finally {
      answered.abort();
      await client.destroy();
    }
  }
}

async function ask(client: Client, request: PlainRequest): Promise<unknown> {
  const answer = await client.request(request);
  if (answer.statusCode >= 400) throw new Refused(answer.statusCode, await answer.body.text());
  return answer.body.json();
}

/** Rejects when the time is over; what is answered before that leaves it pending. */
function timeOut(
  clock: Clock,
  afterMs: number,
  signal: AbortSignal,
  end: () => Promise<void>,
): Promise<never> {
  return new Promise((_resolve, reject) => {
    clock.sleep(afterMs, signal).then(
      () => {
        reject(new TimedOut('Read timed out.'));
        void end();
      },
      () => undefined,
    );
  });
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
