/**
 * Three faults look the same from an agent that waits in vain: an overloaded server, a slow network, slow queries
 * (R2.7). After the last time-out the agent asks `GET /health` on a connection of its own, takes the time of each
 * step, and tells them apart by where the time goes.
 */
import type { Clock } from '../../clock.ts';
import type { Dial } from '../shared/dial.ts';
import { classify, type Failure } from '../shared/errors.ts';
import { AttemptTimer } from './attempt-timer.ts';
import type { Server } from './open-socket.ts';
import { ConnectionPool } from './pool.ts';
import { parseJson, parseServerHealth, type ServerHealth } from './server-health.ts';

/** What most likely lies behind a time-out. */
export type ProbableCause = 'server_overloaded' | 'slow_network' | 'slow_database' | 'unknown';

/** What the probe saw; times in milliseconds of the clock, absent where the step was not reached. */
export interface ProbeFindings {
  readonly connectMs?: number;
  readonly tlsMs?: number;
  /** From sending the question to the end of the answer. */
  readonly healthMs?: number;
  readonly health?: ServerHealth;
  readonly failure?: Failure;
}

/** Looks at the server once, within its bound. Throws only the reason of `signal`. */
export type Probe = (signal: AbortSignal) => Promise<ProbeFindings>;

/** What `createProbe` needs. */
export interface ProbeParts {
  readonly server: Server;
  readonly dial: Dial;
  readonly clock: Clock;
  /** How long the probe may take in all. */
  readonly limitMs: number;
}

/** Binds the probe to a server. */
export function createProbe({ server, dial, clock, limitMs }: ProbeParts): Probe {
  const deadlines = {
    connectMs: limitMs,
    tlsMs: limitMs,
    waitMs: limitMs,
    bodyMs: limitMs,
    totalMs: limitMs,
  };
  return async (signal) => {
    const seen: { -readonly [Key in keyof ProbeFindings]: ProbeFindings[Key] } = {};
    using timer = new AttemptTimer(clock, deadlines, signal);
    await using pool = new ConnectionPool({ server, dial, clock, maxConnections: 1 });
    try {
      await using lease = await pool.acquire(timer);
      seen.connectMs = Math.round(lease.connection.setUp.connectMs);
      seen.tlsMs = Math.round(lease.connection.setUp.tlsMs);
      const askedMs = clock.now();
      const answer = await lease.connection.exchange(healthRequest, timer);
      seen.healthMs = Math.round(clock.now() - askedMs);
      seen.health = parseServerHealth(parseJson(answer.body));
    } catch (error) {
      signal.throwIfAborted();
      seen.failure = classify(error, timer.phase);
    }
    return seen;
  };
}

const healthRequest = { method: 'GET', path: '/health', headers: { accept: 'application/json' } } as const;

/** From where a step counts as slow, in milliseconds. */
const slowQueryMs = 1_000;
const slowLoopMs = 1_000;
const slowStepMs = 2_000;

/**
 * Judges the findings. The server's own word counts most: the time of its database, then its load. If it does not
 * speak up, or has nothing to report while every step takes long, it is the network.
 */
export function judgeCause(findings: ProbeFindings): ProbableCause {
  const { health, failure, connectMs = 0, tlsMs = 0, healthMs = 0 } = findings;
  const arrivalMs = Math.max(connectMs, tlsMs);
  if (health && isDatabaseSlow(health, arrivalMs)) return 'slow_database';
  if (health && isOverloaded(health, arrivalMs)) return 'server_overloaded';
  if (Math.max(connectMs, tlsMs, healthMs) > slowStepMs) return 'slow_network';
  if (failure?.category !== 'timeout') return 'unknown';
  return failure.phase === 'wait' ? 'server_overloaded' : 'slow_network';
}

/** A database that takes less time than it took to get to the server is not what the agent waited for. */
function isDatabaseSlow({ database, eventLoopLagMs = 0 }: ServerHealth, arrivalMs: number): boolean {
  const { ok = true, latencyMs = 0, oldestMs = 0 } = database ?? {};
  return !ok || Math.max(latencyMs, oldestMs) - eventLoopLagMs > Math.max(slowQueryMs, arrivalMs);
}

/** A busy event loop slows the handshake down too, but not to more than twice its own lateness. */
function isOverloaded({ load, eventLoopLagMs = 0 }: ServerHealth, arrivalMs: number): boolean {
  const { active = 0, waiting = 0, limit = Number.POSITIVE_INFINITY } = load ?? {};
  return eventLoopLagMs > Math.max(slowLoopMs, arrivalMs / 2) || waiting > 0 || active >= limit;
}
