/** When an agent that lost its server comes back. */
import type { Random } from 'shaketable-proxy/random';

/** Waits before the next attempt. */
export interface ReconnectPolicy {
  /** From dialling to being registered, ms at most. */
  readonly connectWithinMs: number;
  /** `failures`: attempts that failed since the connection was lost; the first wait has none behind it. ms. */
  waitMs(failures: number, random: Random): number;
  /** No wait is longer, ms: until then somebody may still come back. */
  readonly longestWaitMs: number;
}

export type ReconnectName = 'patient' | 'naive herd' | 'jittered';

/** As the agents' channel has it, ms. */
export const usualConnectMs = 10_000;
/** On a machine that stands still, none gives up a connection that was only late, ms. */
const patientConnectMs = 60_000;

/** What a naive agent waits after a failed attempt, ms. */
export const fixedDelayMs = 1_000;

/** Agents that are to come back in a second, on average, where they spread themselves. */
export const backPerSecond = 100;

/** Waits grow to so many times the first one. */
const longestGrowth = 4;

/** So long a fleet takes to come back where it spreads itself, ms: in proportion to its size. */
export const spreadMsOf = (agents: number): number => (agents / backPerSecond) * 1_000;

/**
 * `patient`: for a fleet that is raised, where others wait for those that are on their way. `naive herd`: at once, then after a fixed delay, so that all come together. `jittered`: anywhere in a window (full jitter,
 * Brooker, "Exponential Backoff And Jitter", 2015) that is as wide as the fleet is large, and doubles with each failure.
 */
export function reconnectPolicy(name: ReconnectName, agents: number): ReconnectPolicy {
  if (name === 'patient')
    return { connectWithinMs: patientConnectMs, waitMs: () => fixedDelayMs, longestWaitMs: fixedDelayMs };
  const connectWithinMs = usualConnectMs;
  if (name === 'naive herd') {
    return {
      connectWithinMs,
      waitMs: (failures) => (failures === 0 ? 0 : fixedDelayMs),
      longestWaitMs: fixedDelayMs,
    };
  }
  const spreadMs = spreadMsOf(agents);
  return {
    connectWithinMs,
    waitMs: (failures, random) => random.next() * spreadMs * Math.min(longestGrowth, 2 ** failures),
    longestWaitMs: spreadMs * longestGrowth,
  };
}
