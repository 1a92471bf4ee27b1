/**
 * Sends numbered messages over one connection at a time, which is made again when it is over, and keeps what `ws` said of
 * each: what a program could know, beside which stands what the server had.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Clock, withDeadline } from 'shaketable-proxy/clock';
import { Channel } from './channel.ts';
import type { HabitName, Patience } from './habits.ts';

/** What is asked for. */
export interface SendManyJob {
  readonly port: number;
  readonly habit: HabitName;
  readonly patience: Patience;
  /** Which take it is: part of every message. */
  readonly take: number;
  readonly count: number;
  /** Messages a second, at most; 0 is as many as go through. */
  readonly perSecond: number;
  /** How long the closing handshake at the end may take. */
  readonly graceMs: number;
}

/** What was said of a send: nothing at all, that it succeeded, or that it failed. */
export const told = Object.freeze({ nothing: 0, success: 1, failure: 2 });

/** What the load saw. */
export interface SendManyLoad {
  /** By the number of the message, one of `told`. */
  readonly told: Uint8Array;
  /** Connections that were begun. */
  readonly connections: number;
  readonly bytesWritten: number;
  /** From the first send to the answer behind the last one. */
  readonly elapsedMs: number;
}

/** Messages that leave together when there is a pace. */
const burst = 20;
/** Between attempts to connect. */
const reconnectMs = 2;
const text = 'x'.repeat(150);

export async function sendMany(job: SendManyJob, clock: Clock): Promise<SendManyLoad> {
  const { count, take, perSecond, graceMs } = job;
  const outcomes = new Uint8Array(count);
  await using line = new Line(job, clock);
  await line.current.open();
  const startMs = clock.now();
  for (let id = 0; id < count; id += 1) {
    // What is late is not made up for: without a turn of the loop nothing is heard of the connection.
    if (perSecond > 0 && id % burst === 0) await clock.sleep((burst * 1_000) / perSecond);
    while (line.current.full && !line.current.over) await nextTurn();
    line.current.send(id, JSON.stringify({ take, id, text }), (outcome) => {
      if (outcomes[id] === told.nothing) outcomes[id] = told[outcome];
    });
  }
  if (perSecond === 0) await line.current.answered();
  while (line.current.waiting > 0) await clock.sleep(1);
  const elapsedMs = clock.now() - startMs;
  await line.close(graceMs);
  return { told: outcomes, connections: line.connections, bytesWritten: line.bytesWritten, elapsedMs };
}

/** A connection that is made again, at once, when it is over. */
class Line implements AsyncDisposable {
  readonly #job: SendManyJob;
  readonly #clock: Clock;
  #current: Channel;
  #earlierBytes = 0;
  #connections = 0;
  #stopped = false;

  constructor(job: SendManyJob, clock: Clock) {
    this.#job = job;
    this.#clock = clock;
    this.#current = this.#connect();
  }

  get current(): Channel {
    return this.#current;
  }

  get connections(): number {
    return this.#connections;
  }

  get bytesWritten(): number {
    return this.#earlierBytes + this.#current.bytesWritten;
  }

  async close(graceMs: number): Promise<void> {
    this.#stopped = true;
    // One that is still being opened is waited for, so that all three sides count it.
    const open = this.#current.open().catch(() => {});
    await withDeadline(this.#clock, graceMs, open, () => {});
    await this.#current.close(graceMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(0);
  }

  #connect(): Channel {
    this.#connections += 1;
    return new Channel({ ...this.#job, clock: this.#clock, onClose: () => void this.#again() });
  }

  async #again(): Promise<void> {
    if (this.#stopped) return;
    await this.#clock.sleep(reconnectMs);
    if (this.#stopped) return;
    this.#earlierBytes += this.#current.bytesWritten;
    this.#current = this.#connect();
  }
}
