/**
 * HTTP as the first report left it after its fix: one session that keeps its connection, and a failure logged at DEBUG
 * as something that will be retried. Nothing retries it: what the connection lost is lost without an error.
 */
import { Client } from 'undici';
import type { PlainRequest, PlainTransport, TransportParts } from './transport.ts';
import { unverifiedConnector } from './unverified-connector.ts';

const longestMessage = 100;
/** A session of the report's library keeps its connection for as long as the other end does. */
const forEverMs = 2 ** 31 - 1;

/** Sends requests over one connection that is kept. */
export class SessionTransport implements PlainTransport {
  readonly #parts: TransportParts;
  readonly #session: Client;

  constructor(parts: TransportParts) {
    this.#parts = parts;
    const { serverUrl, dial } = parts;
    this.#session = new Client(serverUrl.origin, {
      connect: unverifiedConnector(serverUrl, dial),
      keepAliveTimeout: forEverMs,
      keepAliveMaxTimeout: forEverMs,
      keepAliveTimeoutThreshold: 0,
      headersTimeout: 0,
      bodyTimeout: 0,
      allowH2: false,
    });
  }

  async send(request: PlainRequest): Promise<unknown> {
    try {
      const answer = await this.#session.request(request);
      if (answer.statusCode >= 400) throw new Error(`HTTP error ${answer.statusCode}`);
      return await answer.body.json();
    } catch (error) {
      const cause = (error instanceof Error ? error.message : String(error)).slice(0, longestMessage);
      this.#parts.log.debug(`Connection error (will retry): ${cause}`);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.destroy();
  }
}
