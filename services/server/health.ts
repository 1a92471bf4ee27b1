/**
 * How the server is, for those who ask from outside (R2.7): the database, the line before the limit and the event loop
 * each have a figure of their own, so that an overloaded server and a slow database can be told apart.
 */
import type { Clock } from '../clock.ts';
import type { ConcurrencyLimit } from './concurrency-limit.ts';
import type { Database } from './database.ts';

export interface Health {
  readonly status: 'ok' | 'degraded';
  readonly database: {
    ok: boolean;
    /** Round trip of a ping, or how long it was waited for. */
    latencyMs: number;
    /** Operations in progress, and the age of the oldest. */
    active: number;
    oldestMs: number;
  };
  readonly load: { active: number; waiting: number; limit: number };
  /** How late the event loop was at its latest look at the clock. */
  readonly eventLoopLagMs: number;
  readonly uptimeMs: number;
}

export interface HealthOptions {
  readonly clock: Clock;
  readonly database: Database;
  readonly limit: ConcurrencyLimit;
  /** Longest time to wait for the database. */
  readonly timeoutMs: number;
}

const lagSampleMs = 1000;

/**
 * A health check that is answered within its time-out, however long the database takes; samples lag until `signal`
 * aborts.
 */
export function createHealthCheck(options: HealthOptions, signal: AbortSignal): () => Promise<Health> {
  const { clock, database, limit, timeoutMs } = options;
  const startedAt = clock.now();
  let eventLoopLagMs = 0;
  let ping: Promise<Pick<Health['database'], 'ok' | 'latencyMs'>> | undefined;
  void sampleLag();

  return async () => {
    // Those who ask at the same time share one ping, so that many questions to a hung database do not pile up.
    ping ??= pingDatabase().finally(() => {
      ping = undefined;
    });
    const { ok, latencyMs } = await ping;
    const load = limit.load();
    return {
      status: ok && load.waiting === 0 ? 'ok' : 'degraded',
      database: { ok, latencyMs: round(latencyMs), ...roundedLoad() },
      load,
      eventLoopLagMs: round(eventLoopLagMs),
      uptimeMs: Math.round(clock.now() - startedAt),
    };
  };

  async function pingDatabase() {
    const start = clock.now();
    try {
      return { ok: true, latencyMs: await database.ping(timeoutMs) };
    } catch {
      return { ok: false, latencyMs: clock.now() - start };
    }
  }

  function roundedLoad() {
    const { active, oldestMs } = database.load();
    return { active, oldestMs: round(oldestMs) };
  }

  async function sampleLag(): Promise<void> {
    while (!signal.aborted) {
      const start = clock.now();
      try {
        await clock.sleep(lagSampleMs, signal);
      } catch {
        return;
      }
      eventLoopLagMs = Math.max(0, clock.now() - start - lagSampleMs);
    }
  }
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
