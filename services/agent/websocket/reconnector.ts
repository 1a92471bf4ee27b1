/**
 * Keeps one connection to the server: makes it, makes it again when it is lost, waits longer each time, and stops
 * where another attempt can only get the same answer. What goes over the connection is not its business.
 */
import { classify, HttpStatusError } from '../shared/errors.ts';
import { mayRetry, nextDelay } from '../shared/retry.ts';
import { describeWait, ServerHold, ServerHoldError } from '../shared/server-hold.ts';
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
  readonly #hold: ServerHold;
  #outageTold = false;
  #connection: Connection | undefined;

  constructor(options: ReconnectorOptions) {
    this.#options = options;
    const { channel } = options;
    this.#hold = new ServerHold(channel.clock, channel.random.fork('server hold'));
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
    const held = this.#heldTooLong();
    if (held) return held;
    await channel.clock.sleep(this.#hold.leftMs, signal).catch(() => undefined);
    if (signal.aborted) return signal.reason;
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
      const retryAfterMs = retryAfterOf(error);
      this.#hold.extend(retryAfterMs ?? 0);
      const record = {
        error,
        attempt: failures,
        attempts: policy.reconnect.attempts,
        durationMs,
        retryAfterMs,
      };
      // A token that was accepted before may have met a race on the server: it counts once it is refused again (R1.6).
      const suspected = everOpened && isRefusedToken(error) && !wasRefused;
      wasRefused = isRefusedToken(error);
      const isTooLong = this.#heldTooLong() !== undefined;
      // A channel that was open before has nobody to come back to it: it waits as long as the server asks.
      const isLastOne = everOpened
        ? !this.#isWorthAnother(error, 1)
        : isTooLong || !this.#isWorthAnother(error, failures);
      const { longestRetryAfterMs } = policy.reconnect;
      const why = isTooLong ? `: ${describeWait(retryAfterMs ?? 0, longestRetryAfterMs)}.` : '.';
      if (!opened && !suspected && isLastOne) {
        records.outage(record, `Giving up${why}`);
        return error;
      }
      if (isTooLong) this.#tellOutage(record, `Still trying${why}`);
      const delayMs = Math.max(nextDelay(policy.reconnect, failures, random), this.#hold.leftMs);
      await this.#rest(record, delayMs, signal);
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
      if (this.#outageTold) this.#options.records.recovered(failures);
      this.#outageTold = false;
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

  /** Why nothing may be sent for longer than the policy allows to wait, if that is so. */
  #heldTooLong(): ServerHoldError | undefined {
    const { longestRetryAfterMs } = this.#options.policy.reconnect;
    const { leftMs } = this.#hold;
    return this.#hold.exceeds(longestRetryAfterMs)
      ? new ServerHoldError(leftMs, longestRetryAfterMs)
      : undefined;
  }

  /** Reports an outage once. */
  #tellOutage(record: AttemptRecord, next: string): void {
    if (!this.#outageTold) this.#options.records.outage(record, next);
    this.#outageTold = true;
  }

  #isWorthAnother(error: unknown, attempt: number): boolean {
    return mayRetry(this.#options.policy.reconnect, classify(error), { attempt, idempotent: true });
  }

  async #rest(record: AttemptRecord, delayMs: number, signal: AbortSignal): Promise<void> {
    const { channel, records } = this.#options;
    records.attemptFailed(record, delayMs);
    if (record.attempt === record.attempts) this.#tellOutage(record, 'Still trying.');
    await channel.clock.sleep(delayMs, signal).catch(() => undefined);
  }
}

const retryAfterOf = (error: unknown): number | undefined =>
  error instanceof HttpStatusError ? error.retryAfterMs : undefined;
