/** Work that comes round at an interval, for as long as the agent runs. */
import type { Clock } from '../../clock.ts';

/** When a round is due. */
export interface Rounds {
  readonly clock: Clock;
  readonly intervalMs: number;
  /** The first round is due after this. */
  readonly firstAfterMs: number;
  /** Ends the rounds; a round in progress is not interrupted. */
  readonly signal: AbortSignal;
}

/**
 * Does `round` at fixed points in time, whatever a round takes; those missed meanwhile are left out. Resolves when
 * `signal` aborts; rejects only with what `round` throws.
 */
export async function runEvery(rounds: Rounds, round: () => void | Promise<void>): Promise<void> {
  const { clock, intervalMs, firstAfterMs, signal } = rounds;
  let dueMs = clock.now() + firstAfterMs;
  while (await isDue(clock, dueMs, signal)) {
    await round();
    const missed = Math.max(0, Math.floor((clock.now() - dueMs) / intervalMs));
    dueMs += (missed + 1) * intervalMs;
  }
}

async function isDue(clock: Clock, dueMs: number, signal: AbortSignal): Promise<boolean> {
  try {
    await clock.sleep(Math.max(0, dueMs - clock.now()), signal);
    return !signal.aborted;
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  }
}
