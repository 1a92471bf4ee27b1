/**
 * The WebSocket channel with the fixes (R4.1 to R4.8). A send settles within its bound and says what is known; a
 * silent peer is found out; what waits is bounded; connections are made again with growing waits; and whatever a
 * connection held is released with it. The environment decides what is logged and nothing else.
 *
 *     send ─► outbox ─► connection ─► server      outcome: acknowledged, failed (never left) or unknown
 *               ▲ ack ◄────┘ made, and made again, by the reconnector
 */
import type {
  Channel,
  ChannelMessage,
  ChannelOptions,
  ChannelState,
  ChannelStats,
  FailedReason,
  SendOptions,
  SendOutcome,
  UnknownReason,
} from './channel.ts';
import { Outbox } from './outbox.ts';
import { type ChannelPolicy, defaultChannelPolicy } from './policy.ts';
import { Reconnector } from './reconnector.ts';
import { ChannelRecords, isRefusedToken } from './records.ts';

/** A channel that holds nothing yet: `open` it, and `close` it or leave that to `await using`. */
export function createHardenedChannel(options: ChannelOptions): Channel {
  return new HardenedChannel(options);
}

/** The channel was closed by its owner. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
  readonly code = 'CHANNEL_CLOSED';
}

class HardenedChannel implements Channel {
  readonly #policy: ChannelPolicy;
  readonly #outbox: Outbox;
  readonly #records: ChannelRecords;
  readonly #reconnector: Reconnector;
  readonly #stop = new AbortController();
  readonly #idPrefix: string;
  readonly #counts = { acknowledged: 0, failed: 0, unknown: 0, peakBufferedBytes: 0 };
  #messages = 0;
  #running: Promise<void> | undefined;
  #opening = Promise.withResolvers<void>();
  /** Why a message fails that is sent while no connection is open or being opened. */
  #closedReason: FailedReason = 'closed';
  #lastError: unknown;

  constructor(options: ChannelOptions) {
    const { clock, random } = options;
    this.#policy = { ...defaultChannelPolicy, ...options.policy };
    this.#records = new ChannelRecords(options);
    this.#outbox = new Outbox(clock, () => this.#reconnector.connection?.probe());
    this.#reconnector = new Reconnector({
      channel: options,
      policy: this.#policy,
      records: this.#records,
      onOpen: () => this.#opened(),
      onReply: (reply) => this.#outbox.answer(reply),
      onTrust: (trusted) => this.#trustChanged(trusted),
      onLost: (reason, error) => this.#lost(reason, error),
    });
    this.#idPrefix = `${Math.round(clock.now()).toString(36)}-${random.fork('message ids').next().toString(36).slice(2)}`;
  }

  get state(): ChannelState {
    const state = this.#reconnector.connection?.state ?? 'closed';
    return state === 'closed' && this.#running && !this.#stop.signal.aborted ? 'connecting' : state;
  }

  /**
   * Opens, within the attempts of the policy, and from then on keeps a connection until `close`. Rejects with
   * `HttpStatusError` when the upgrade is refused, `ChannelClosed`, or the last attempt's error; may be called again.
   */
  async open(): Promise<void> {
    this.#stop.signal.throwIfAborted();
    if (!this.#running) {
      this.#opening = Promise.withResolvers();
      this.#opening.promise.catch(() => undefined);
      this.#running = this.#run();
    }
    await this.#opening.promise;
  }

  async send(message: ChannelMessage, options: SendOptions = {}): Promise<SendOutcome> {
    const state = this.state;
    const outcome = await this.#post(message, options, state);
    this.#counts[outcome.status] += 1;
    this.#records.sendEnded(message.type, outcome, state, this.#lastError);
    return outcome;
  }

  /** Bounded by the close time-out. Messages not sent yet have failed; the others may still be acknowledged. */
  async close(): Promise<void> {
    if (!this.#stop.signal.aborted) {
      this.#closedReason = 'closed';
      this.#stop.abort(new ChannelClosed('The channel was closed by its owner'));
      this.#outbox.failUnsent('closed');
      this.#reconnector.connection?.close();
      this.#records.state(this.state, 'closed by its owner');
    }
    await this.#running;
    this.#records[Symbol.dispose]();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  stats(): ChannelStats {
    return {
      ...this.#reconnector.counts,
      ...this.#counts,
      pending: this.#outbox.size,
      bufferedBytes: this.#bufferedBytes,
      sockets: this.#reconnector.connection ? 1 : 0,
    };
  }

  /** Counts a message twice while it is in the socket and not acknowledged: the bound errs on the safe side. */
  get #bufferedBytes(): number {
    return this.#outbox.bytes + (this.#reconnector.connection?.bufferedBytes ?? 0);
  }

  async #post(message: ChannelMessage, options: SendOptions, state: ChannelState): Promise<SendOutcome> {
    const id = message.id ?? this.#makeId();
    const text = serialize({ ...message, id });
    const obstacle =
      text === undefined ? 'unserializable' : this.#obstacle(id, Buffer.byteLength(text), state);
    if (text === undefined || obstacle) {
      return { status: 'failed', definite: true, id, reason: obstacle ?? 'unserializable', waitedMs: 0 };
    }
    const { idempotent = false, timeoutMs = this.#policy.sendTimeoutMs } = options;
    const outcome = this.#outbox.add({ id, text, idempotent, timeoutMs });
    this.#flush();
    this.#counts.peakBufferedBytes = Math.max(this.#counts.peakBufferedBytes, this.#bufferedBytes);
    return outcome;
  }

  /** What keeps a message from being accepted at all, if anything does. */
  #obstacle(id: string, bytes: number, state: ChannelState): FailedReason | undefined {
    if (this.#stop.signal.aborted || state === 'closed') return this.#closedReason;
    if (state === 'unknown') return 'state_unknown';
    if (state === 'closing') {
      this.#reconnector.connection?.limitClosing();
      return 'closing';
    }
    if (this.#outbox.has(id)) return 'duplicate_id';
    if (bytes > this.#policy.messageLimitBytes) return 'too_large';
    return this.#bufferedBytes + bytes > this.#policy.bufferLimitBytes ? 'buffer_full' : undefined;
  }

  /** Hands queued messages to the socket while the peer is trusted and the socket's buffer drains. */
  #flush(): void {
    const { connection } = this.#reconnector;
    while (connection?.state === 'open' && connection.bufferedBytes < this.#policy.highWaterBytes) {
      const letter = this.#outbox.take();
      if (!letter) return;
      connection.send(letter.text, (error) => {
        if (error) this.#lastError = error;
        else this.#flush();
      });
    }
  }

  async #run(): Promise<void> {
    const kept = this.#reconnector.keep(this.#stop.signal);
    this.#records.state('connecting', 'opened by its owner');
    const reason = await kept;
    this.#running = undefined;
    this.#lastError = reason;
    if (!this.#stop.signal.aborted) this.#closedReason = isRefusedToken(reason) ? 'refused' : 'gave_up';
    this.#outbox.abandon(this.#closedReason, 'connection_lost');
    this.#records.state('closed', this.#closedReason, 'info');
    this.#opening.reject(reason);
  }

  #opened(): void {
    this.#records.state('open', 'upgraded', this.#reconnector.counts.opened === 1 ? 'info' : 'debug');
    this.#lastError = undefined;
    this.#opening.resolve();
    this.#flush();
  }

  #trustChanged(trusted: boolean): void {
    this.#records.state(this.state, trusted ? 'the peer answers again' : 'the peer owes an answer');
    this.#flush();
  }

  #lost(reason: UnknownReason, error: Error): void {
    this.#lastError = error;
    if (this.#stop.signal.aborted) {
      this.#outbox.abandon('closed', 'closed_before_acknowledgement');
      return;
    }
    this.#outbox.lose(reason);
    this.#records.state(this.state, error.message);
  }

  #makeId(): string {
    this.#messages += 1;
    return `${this.#idPrefix}-${this.#messages}`;
  }
}

/** The message as JSON; undefined when it cannot be written, as with a cycle or a bigint. */
function serialize(message: ChannelMessage): string | undefined {
  try {
    return JSON.stringify(message);
  } catch {
    return undefined;
  }
}
