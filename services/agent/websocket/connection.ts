/**
 * One WebSocket connection from its first attempt to its end: opened within a deadline, watched for signs of life,
 * closed within a deadline, and everything it held released when it has ended.
 */
import type WebSocket from 'ws';
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';
import type { ChannelState, UnknownReason } from './channel.ts';
import { Liveness } from './liveness.ts';
import { untilOpen } from './opening.ts';
import type { ChannelPolicy } from './policy.ts';
import { parseReply, type Reply } from './reply.ts';
import { deriveState } from './state.ts';

const normalClosure = 1000;

export interface ConnectionOptions {
  /** A socket that has just begun to open; the connection owns it. */
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly policy: ChannelPolicy;
  readonly onReply: (reply: Reply) => void;
  /** The peer has become suspect, or is trusted again. */
  readonly onTrust: (trusted: boolean) => void;
}

/** How an open connection ended. */
export interface ConnectionEnd {
  /** What that means for messages without an acknowledgement. */
  readonly reason: UnknownReason;
  readonly error: ConnectionLost;
  /** Whether the peer had ever sent a frame: a connection that opens and breaks at once proves nothing. */
  readonly proved: boolean;
}

/** An open connection has ended. `code` is `ECONNRESET` when it broke off, else `WS_<close code>`. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  readonly code: string;

  constructor(message: string, code: string, cause: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

export class Connection {
  readonly #options: ConnectionOptions;
  readonly #ended = Promise.withResolvers<ConnectionEnd>();
  #liveness: Liveness | undefined;
  #cancelClosing: (() => void) | undefined;
  #proved = false;
  #silent = false;
  #error: Error | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('message', (data) => this.#received(String(data)));
    socket.on('pong', () => this.#sawLife());
    socket.on('ping', () => this.#sawLife());
  }

  get state(): ChannelState {
    return deriveState(this.#options.socket.readyState, this.#liveness?.trusted ?? true);
  }

  /** Bytes that the socket has taken and not passed on yet. */
  get bufferedBytes(): number {
    return this.#options.socket.bufferedAmount;
  }

  /** Resolves when an open connection has ended. */
  get ended(): Promise<ConnectionEnd> {
    return this.#ended.promise;
  }

  /** Resolves once open; rejects as `untilOpen` does, and then nothing is left to be closed. */
  async open(signal: AbortSignal): Promise<void> {
    const { socket, clock, policy } = this.#options;
    socket.on('open', () => this.#watch());
    await untilOpen(socket, { clock, timeoutMs: policy.connectTimeoutMs, signal });
  }

  /** Hands a text to the socket; calls back once it has been passed on or has failed. */
  send(text: string, done: (error?: Error) => void): void {
    this.#options.socket.send(text, done);
  }

  /** Asks the peer for a sign of life now. */
  probe(): void {
    this.#liveness?.probe();
  }

  /**
   * Closes, politely as long as the peer takes part, by force after the close time-out. A connection that is still
   * opening is ended through the signal given to `open`.
   */
  close(): void {
    if (!this.#liveness) return;
    this.#options.socket.close(normalClosure);
    this.limitClosing();
  }

  /** Bounds a closing handshake that either side began: a peer that died in the middle never finishes it. */
  limitClosing(): void {
    const { socket, clock, policy } = this.#options;
    this.#cancelClosing ??= setTimer(clock, policy.closeTimeoutMs, () => socket.terminate());
  }

  #watch(): void {
    const { socket, clock, policy, onTrust } = this.#options;
    this.#liveness = new Liveness({
      clock,
      ...policy,
      ping: () => socket.ping(),
      onChange: onTrust,
      onDead: () => this.#giveUpPeer(),
    });
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.on('close', (code) => this.#end(code));
  }

  #received(text: string): void {
    this.#sawLife();
    const reply = parseReply(text);
    if (reply) this.#options.onReply(reply);
  }

  #sawLife(): void {
    this.#proved = true;
    this.#liveness?.sawLife();
  }

  #giveUpPeer(): void {
    this.#silent = true;
    this.#options.socket.terminate();
  }

  #end(code: number): void {
    this.#liveness?.[Symbol.dispose]();
    this.#cancelClosing?.();
    const reason = this.#silent ? 'peer_silent' : 'connection_lost';
    this.#ended.resolve({ reason, error: this.#lost(code), proved: this.#proved });
  }

  #lost(code: number): ConnectionLost {
    if (this.#silent) return new ConnectionLost('The peer answered no ping', 'ETIMEDOUT', this.#error);
    if (code === 1006) return new ConnectionLost('The connection broke off', 'ECONNRESET', this.#error);
    return new ConnectionLost(`The peer closed the connection with code ${code}`, `WS_${code}`, this.#error);
  }
}
