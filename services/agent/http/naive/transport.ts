/**
 * HTTP as the naive agent does it, the way of the first and third report: a new connection and TLS handshake for
 * every request, no time-out anywhere, no verification of certificates. What fails is tried again here, unseen by
 * the caller, up to ten times; what a failed try has opened stays open.
 */
import { Client } from 'undici';
import type { Clock } from '../../../clock.ts';
import type { Dial } from '../../shared/dial.ts';
import type { PlainLog } from './plain-log.ts';
import { unverifiedConnector } from './unverified-connector.ts';

const tries = 10;
const pauseMs = 100;
const longestMessage = 100;

/** A request as it goes out. */
export interface PlainRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What the transport is made of. */
export interface TransportParts {
  readonly serverUrl: URL;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly log: PlainLog;
  /** Ends the pauses between tries when the agent stops. */
  readonly signal: AbortSignal;
}

/** Sends requests; disposal is the end of the process, when the operating system closes what is still open. */
export interface PlainTransport extends AsyncDisposable {
  /** Resolves with the answer's JSON; throws what went wrong. */
  send(request: PlainRequest): Promise<unknown>;
}

/** Sends requests, each on a new connection. */
export class Transport implements PlainTransport {
  readonly #parts: TransportParts;
  readonly #clients = new Set<Client>();
  #connections = 0;

  constructor(parts: TransportParts) {
    this.#parts = parts;
  }

  /** Sends until it works, ten times at most. Resolves with the answer's JSON; throws what the last try threw. */
  async send(request: PlainRequest): Promise<unknown> {
    const { clock, log, signal } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#sendOnce(request);
      } catch (error) {
        if (signal.aborted) throw error;
        log.error(wordsFor(error).slice(0, longestMessage));
        if (attempt === tries) throw error;
        if (attempt > 1) await clock.sleep(pauseMs, signal);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#clients].map((client) => client.destroy()));
  }

  /** Only a request that went well closes its connection; an answer that says no is not even read. */
  async #sendOnce(request: PlainRequest): Promise<unknown> {
    const client = this.#openClient();
    const answer = await client.request(request);
    if (answer.statusCode >= 400) throw new Error(`HTTP error ${answer.statusCode}`);
    const result = await answer.body.json();
    this.#clients.delete(client);
    await client.close();
    return result;
  }

  #openClient(): Client {
    const { serverUrl, dial, log } = this.#parts;
    this.#connections += 1;
    log.info(`Starting new ${scheme(serverUrl)} connection (${this.#connections}): ${serverUrl.host}`);
    const client = new Client(serverUrl.origin, {
      connect: unverifiedConnector(serverUrl, dial),
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
    this.#clients.add(client);
    return client;
  }
}

const scheme = (url: URL): string => url.protocol.slice(0, -1).toUpperCase();

/** The words of the report: everything is a broken connection or a server that cannot be reached. */
function wordsFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (/ECONNRESET|EPIPE|UND_ERR_SOCKET/.test(code))
    return `Connection broken: ConnectionResetError: ${error.message}`;
  if (error.message.startsWith('HTTP error')) return error.message;
  return `Cannot connect to server: ${error.message}`;
}
