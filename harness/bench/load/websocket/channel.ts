/** One connection of `ws`, used by a habit. It is not made again: whoever holds it does that. */
import { once } from 'node:events';
import net from 'node:net';
import { type Clock, withDeadline } from 'shaketable-proxy/clock';
import WebSocket from 'ws';
import { type HabitName, habits, type Patience } from './habits.ts';

/** What a channel needs. */
export interface ChannelOptions {
  readonly port: number;
  readonly habit: HabitName;
  readonly patience: Patience;
  readonly clock: Clock;
  /** The connection is over, whether or not it was ever open. */
  onClose(): void;
}

/** Told what became of a send, at most once. */
type Tell = (outcome: 'success' | 'failure') => void;

/** Messages that may wait for their acknowledgement. */
const longestWindow = 256;
/** Bytes that may wait in the socket. */
const highWaterBytes = 65_536;
/** How often late acknowledgements are looked for, ms. */
const sweepEveryMs = 10;

export class Channel {
  readonly #socket: WebSocket;
  readonly #options: ChannelOptions;
  readonly #over = new AbortController();
  readonly #gone = Promise.withResolvers<void>();
  readonly #waiting = new Map<number, { readonly tell: Tell; readonly dueMs: number }>();
  #tcp: net.Socket | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
    const { port, habit } = options;
    const path = habits[habit].acknowledged ? 'acknowledged' : '';
    this.#socket = new WebSocket(`ws://127.0.0.1:${port}/${path}`, {
      createConnection: () => {
        this.#tcp = net.connect({ port, host: '127.0.0.1', noDelay: true });
        return this.#tcp;
      },
    });
    this.#socket.on('error', () => {}); // A close follows.
    this.#socket.once('open', () => this.#opened());
    this.#socket.on('message', (data) => this.#settle(Number(String(data)), 'success'));
    this.#socket.once('close', () => this.#closed());
  }

  /** The port of this end; 0 before there is a connection. */
  get localPort(): number {
    return this.#tcp?.localPort ?? 0;
  }

  /** Bytes that were handed to the system. */
  get bytesWritten(): number {
    return this.#tcp?.bytesWritten ?? 0;
  }

  get over(): boolean {
    return this.#over.signal.aborted;
  }

  /** Whether more would only pile up. */
  get full(): boolean {
    return this.#socket.bufferedAmount >= highWaterBytes || this.#waiting.size >= longestWindow;
  }

  /** Sends that still wait for their acknowledgement. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** Resolves when open; rejects when it never will be. */
  async open(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.OPEN)
      await once(this.#socket, 'open', { signal: this.#over.signal });
  }

  /** Sends as the habit has it. `tell` is not called where that habit learns of nothing. */
  send(id: number, text: string, tell: Tell): void {
    const { callback, acknowledged } = habits[this.#options.habit];
    const failed = (error?: Error | null): void => {
      if (error) this.#settle(id, 'failure', tell);
      else if (!acknowledged) tell('success');
    };
    const dueMs = this.#options.clock.now() + this.#options.patience.acknowledgedWithinMs;
    if (acknowledged) this.#waiting.set(id, { tell, dueMs });
    try {
      if (callback || acknowledged) this.#socket.send(text, failed);
      else this.#socket.send(text);
    } catch {
      this.#settle(id, 'failure', tell);
    }
  }

  /** Resolves when the peer has answered, and so has read all that was sent before; or when the connection is over. */
  async answered(): Promise<void> {
    const pong = once(this.#socket, 'pong', { signal: this.#over.signal });
    this.#socket.ping();
    await pong.catch(() => {});
  }

  /** Ends it by a closing handshake, which gets `graceMs`. */
  async close(graceMs: number): Promise<void> {
    if (this.over) return;
    this.#socket.close();
    await withDeadline(this.#options.clock, graceMs, this.#gone.promise, () => this.terminate());
    await this.#gone.promise;
  }

  terminate(): void {
    this.#socket.terminate();
  }

  #settle(id: number, outcome: 'success' | 'failure', tell = this.#waiting.get(id)?.tell): void {
    this.#waiting.delete(id);
    tell?.(outcome);
  }

  #opened(): void {
    const { ping, acknowledged } = habits[this.#options.habit];
    if (ping) this.#pingOnAndOn().catch(() => {});
    if (acknowledged) this.#sweep().catch(() => {});
  }

  #closed(): void {
    this.#over.abort();
    this.#gone.resolve();
    for (const id of [...this.#waiting.keys()]) this.#settle(id, 'failure');
    this.#options.onClose();
  }

  /** Until the connection is over. */
  async #pingOnAndOn(): Promise<never> {
    const { clock, patience } = this.#options;
    const { signal } = this.#over;
    for (;;) {
      await clock.sleep(patience.pingEveryMs, signal);
      const pong = once(this.#socket, 'pong', { signal });
      this.#socket.ping();
      await withDeadline(clock, patience.pongWithinMs, pong, () => this.terminate(), signal);
    }
  }

  /** Fails what was not acknowledged in time, oldest first, until the connection is over. */
  async #sweep(): Promise<never> {
    const { clock } = this.#options;
    for (;;) {
      await clock.sleep(sweepEveryMs, this.#over.signal);
      for (const [id, { dueMs }] of this.#waiting) {
        if (dueMs > clock.now()) break;
        this.#settle(id, 'failure');
      }
    }
  }
}
