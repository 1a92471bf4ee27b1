/**
 * Keeps one connection to the server: makes it, makes it again when it is lost, waits longer each time, and stops
 * where another attempt can only get the same answer. What goes over the connection is not its business.
 */
import { classify, HttpStatusError } from '../shared/errors.ts';
import { mayRetry, nextDelay } from '../shared/retry.ts';
import type { ChannelOptions, UnknownReason } from './channel.ts';
import { Connection } from './connection.ts';
import type { ChannelPolicy } from './policy.ts';
import { type AttemptRecord, type ChannelRecords, isRefusedToken } from './records.ts';
import type { Reply } from './reply.ts';
import { createWebSocket } from './web-socket.ts';

export interface ReconnectorOptions {
  readonly channel: ChannelOptions;
  readonly policy: ChannelPolicy;
  readonly records: ChannelRecords;
  readonly onOpen: () => void;
  readonly onReply: (reply: Reply) => void;
  readonly onTrust: (trusted: boolean) => void;
  /** An open connection is gone, and what that means for messages without an acknowledgement. */
  readonly onLost: (reason: UnknownReason, error: Error) => void;
}

/** How one connection went, from its attempt to its end. */
interface Course {
  readonly error: unknown;
  readonly opened: boolean;
  readonly proved: boolean;
}

export class Reconnector {
  readonly #options: ReconnectorOptions;
  readonly #counts = { attempts: 0, opened: 0 };
  #connection: Connection | undefined;

  constructor(options: ReconnectorOptions) {
    this.#options = options;
  }

  /** The connection that is open or being opened or closed; undefined between two of them. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** Connections tried so far, and those of them that opened. */
  get counts(): { readonly attempts: number; readonly opened: number } {
    return this.#counts;
  }

  /** Goes on until `signal` aborts or there is no point in trying; resolves with the reason, holding nothing. */
  async keep(signal: AbortSignal): Promise<unknown> {
    const { channel, policy, records } = this.#options;
    const random = channel.random.fork('reconnect');
    let failures = 0;
    let everOpened = false;
    let wasRefused = false;
    for (;;) {
      const startMs = channel.clock.now();
      const { error, opened, proved } = await this.#use(signal, failures);
      if (signal.aborted) return signal.reason;
      everOpened ||= opened;
      failures = proved ? 1 : failures + 1;
      const durationMs = channel.clock.now() - startMs;
      const record = { error, attempt: failures, attempts: policy.reconnect.attempts, durationMs };
      // A token that was accepted before may have met a race on the server: it counts once it is refused again (R1.6).
      const suspected = everOpened && isRefusedToken(error) && !wasRefused;
      wasRefused = isRefusedToken(error);
      if (!opened && !suspected && !this.#isWorthAnother(error, everOpened ? 1 : failures)) {
        records.outage(record, 'Giving up.');
        return error;
      }
      await this.#rest(record, nextDelay(policy.reconnect, failures, random, retryAfterOf(error)), signal);
      if (signal.aborted) return signal.reason;
    }
  }

  async #use(signal: AbortSignal, failures: number): Promise<Course> {
    const { channel, policy, onOpen, onReply, onTrust, onLost } = this.#options;
    this.#counts.attempts += 1;
    try {
      const socket = createWebSocket({ ...channel, verify: true });
      const connection = new Connection({ socket, clock: channel.clock, policy, onReply, onTrust });
      this.#connection = connection;
      await connection.open(signal);
      this.#counts.opened += 1;
      if (failures >= policy.reconnect.attempts) this.#options.records.recovered(failures);
      onOpen();
      const { reason, error, proved } = await connection.ended;
      onLost(reason, error);
      return { error, opened: true, proved };
    } catch (error) {
      return { error, opened: false, proved: false };
    } finally {
      this.#connection = undefined;
    }
  }

  #isWorthAnother(error: unknown, attempt: number): boolean {
    return mayRetry(this.#options.policy.reconnect, classify(error), { attempt, idempotent: true });
  }

  async #rest(record: AttemptRecord, delayMs: number, signal: AbortSignal): Promise<void> {
    const { channel, records } = this.#options;
    records.attemptFailed(record, delayMs);
    if (record.attempt === record.attempts) records.outage(record, 'Still trying.');
    await channel.clock.sleep(delayMs, signal).catch(() => undefined);
  }
}

const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof HttpStatusError ? error.retryAfterMs : undefined;
