/**
 * Messages on their way to an outcome. Each is queued (in our hands alone) or sent (handed to a socket, waiting for its
 * acknowledgement), and each has a deadline. What ends a message that was never sent is a definite failure; once it was
 * sent, only the server's acknowledgement makes the outcome known.
 */
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';
import type { FailedReason, SendOutcome, UnknownReason } from './channel.ts';
import type { Reply } from './reply.ts';

export interface Letter {
  readonly id: string;
  /** The message as it goes over the wire. */
  readonly text: string;
  readonly idempotent: boolean;
  readonly timeoutMs: number;
}

interface Entry extends Letter {
  readonly bytes: number;
  readonly sinceMs: number;
  readonly settle: (outcome: SendOutcome) => void;
  readonly cancelTimer: () => void;
  queued: boolean;
  everSent: boolean;
}

export class Outbox {
  readonly #clock: Clock;
  readonly #onSilence: () => void;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  /** @param onSilence called when a message that was sent got no acknowledgement in its time */
  constructor(clock: Clock, onSilence: () => void) {
    this.#clock = clock;
    this.#onSilence = onSilence;
  }

  /** Bytes of all messages without an outcome. */
  get bytes(): number {
    return this.#bytes;
  }

  get size(): number {
    return this.#entries.size;
  }

  has(id: string): boolean {
    return this.#entries.has(id);
  }

  /** Queues a message; resolves with its outcome, within its time. The id must not be pending already. */
  add(letter: Letter): Promise<SendOutcome> {
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const entry: Entry = {
      ...letter,
      bytes: Buffer.byteLength(letter.text),
      sinceMs: this.#clock.now(),
      settle: resolve,
      cancelTimer: setTimer(this.#clock, letter.timeoutMs, () => this.#expire(entry)),
      queued: true,
      everSent: false,
    };
    this.#entries.set(letter.id, entry);
    this.#bytes += entry.bytes;
    return promise;
  }

  /** Takes the oldest queued message for sending; undefined when none is queued. */
  take(): Letter | undefined {
    for (const entry of this.#entries.values()) {
      if (!entry.queued) continue;
      entry.queued = false;
      entry.everSent = true;
      return entry;
    }
    return undefined;
  }

  /** Settles the message that the server answered. Returns false when no message waits under this id. */
  answer({ id, accepted, handler }: Reply): boolean {
    const entry = this.#entries.get(id);
    if (!entry?.everSent) return false;
    const waitedMs = this.#remove(entry);
    entry.settle(
      accepted
        ? { status: 'acknowledged', id, waitedMs, ...(handler !== undefined && { handler }) }
        : { status: 'failed', definite: true, id, reason: 'rejected', waitedMs },
    );
    return true;
  }

  /** The connection is gone: what may be repeated is queued again, the rest of what was sent is unknown. */
  lose(reason: UnknownReason): void {
    for (const entry of [...this.#entries.values()]) {
      if (entry.queued) continue;
      if (entry.idempotent) entry.queued = true;
      else this.#end(entry, 'closed', reason);
    }
  }

  /** Nothing more will be sent: every message ends, by what is known about it. */
  abandon(failed: FailedReason, unknown: UnknownReason): void {
    for (const entry of [...this.#entries.values()]) this.#end(entry, failed, unknown);
  }

  /** Ends what has never been handed to a socket. */
  failUnsent(reason: FailedReason): void {
    for (const entry of [...this.#entries.values()]) {
      if (!entry.everSent) this.#end(entry, reason, 'no_acknowledgement');
    }
  }

  #expire(entry: Entry): void {
    this.#end(entry, 'not_sent_in_time', 'no_acknowledgement');
    if (!entry.queued) this.#onSilence();
  }

  #end(entry: Entry, failed: FailedReason, unknown: UnknownReason): void {
    const waitedMs = this.#remove(entry);
    const { id } = entry;
    entry.settle(
      entry.everSent
        ? { status: 'unknown', id, reason: unknown, waitedMs }
        : { status: 'failed', definite: true, id, reason: failed, waitedMs },
    );
  }

  #remove(entry: Entry): number {
    this.#entries.delete(entry.id);
    this.#bytes -= entry.bytes;
    entry.cancelTimer();
    return this.#clock.now() - entry.sinceMs;
  }
}
