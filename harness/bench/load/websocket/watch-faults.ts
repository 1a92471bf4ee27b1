/**
 * Sends on connections of which each meets one fault, and keeps when a send first failed explicitly and when the client
 * noticed that the connection is over. When the fault struck, the proxy knows.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { monotonicOffset } from '../../processes/monotonic-offset.ts';
import { Channel } from './channel.ts';
import type { HabitName, Patience } from './habits.ts';

/** Which connections are opened. */
export interface OpenJob {
  readonly port: number;
  readonly habit: HabitName;
  readonly patience: Patience;
  readonly connections: number;
}

/** How they are watched, once the faults are laid. */
export interface WatchJob {
  readonly take: number;
  /** Between sends on a connection. */
  readonly everyMs: number;
  readonly watchMs: number;
}

/** What became of one connection; times are of the clock, undefined for what did not happen. */
export interface Watched {
  /** Of the client's end. */
  readonly port: number;
  readonly failedAt?: number;
  readonly noticedAt?: number;
}

/** What the load saw. */
export interface WatchLoad {
  readonly watched: readonly Watched[];
  /** Of the clock that its times are of. */
  readonly monotonicOffsetMs: number;
}

/** Connections that are open. */
export interface OpenChannels {
  /** Sends on all of them at once until each is over and has failed a send, or the watch is over; then it ends them. */
  watch(job: WatchJob): Promise<WatchLoad>;
}

const text = 'x'.repeat(150);

/** Resolves once each is open. */
export async function openChannels(job: OpenJob, clock: Clock): Promise<OpenChannels> {
  const lines = Array.from({ length: job.connections }, () => new WatchedChannel(job, clock));
  await Promise.all(lines.map((line) => line.open()));
  return {
    async watch({ take, everyMs, watchMs }) {
      const endMs = clock.now() + watchMs;
      for (let turn = 0; clock.now() < endMs && !lines.every((line) => line.done); turn += 1) {
        for (const [index, line] of lines.entries()) line.send(take, turn * lines.length + index);
        await clock.sleep(everyMs);
      }
      return { watched: lines.map((line) => line.end()), monotonicOffsetMs: monotonicOffset(clock) };
    },
  };
}

class WatchedChannel {
  readonly #channel: Channel;
  readonly #clock: Clock;
  #port = 0;
  #failedAt: number | undefined;
  #noticedAt: number | undefined;

  constructor(job: OpenJob, clock: Clock) {
    this.#clock = clock;
    const onClose = (): void => {
      this.#noticedAt ??= clock.now();
    };
    this.#channel = new Channel({ ...job, clock, onClose });
  }

  get done(): boolean {
    return this.#failedAt !== undefined && this.#noticedAt !== undefined;
  }

  async open(): Promise<void> {
    await this.#channel.open();
    this.#port = this.#channel.localPort;
  }

  send(take: number, id: number): void {
    if (this.done) return;
    this.#channel.send(id, JSON.stringify({ take, id, text }), (outcome) => {
      if (outcome === 'failure') this.#failedAt ??= this.#clock.now();
    });
  }

  /** Ends it, and says what became of it until then. */
  end(): Watched {
    const watched = {
      port: this.#port,
      ...(this.#failedAt === undefined ? {} : { failedAt: this.#failedAt }),
      ...(this.#noticedAt === undefined ? {} : { noticedAt: this.#noticedAt }),
    };
    this.#channel.terminate();
    return watched;
  }
}
