/** Looks again and again for agents that have been silent for too long, and marks them offline (R2.8). */
import type { Clock } from '../clock.ts';
import { type Database, DatabaseError } from './database.ts';
import { logDatabaseError } from './http/errors.ts';
import type { Logger } from './log.ts';
import { markSilentAgentsOffline } from './store/agents.ts';
import { recordEvent } from './store/events.ts';

export interface SweepOptions {
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Logger;
  readonly heartbeatTimeoutMs: number;
}

/** Sweeps until `signal` aborts; resolves when the last sweep has ended. */
export async function sweepOffline(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { clock, log, heartbeatTimeoutMs } = options;
  const intervalMs = Math.min(5000, heartbeatTimeoutMs / 4);
  while (!signal.aborted) {
    try {
      await sweepOnce(options);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      if (!signal.aborted) logDatabaseError(log, error);
    }
    await clock.sleep(intervalMs, signal).catch(() => {});
  }
}

async function sweepOnce({ clock, database, log, heartbeatTimeoutMs }: SweepOptions): Promise<void> {
  const now = clock.now();
  for (const agent of await markSilentAgentsOffline(database, now - heartbeatTimeoutMs)) {
    const { id: agentId, clientId, logicalAgentId } = agent;
    log.warn({ event: 'agent_offline', agentId, logicalAgentId }, `agent ${logicalAgentId} is offline`);
    await recordEvent(database, {
      type: 'agent_offline',
      at: now,
      clientId,
      agentId,
      details: { logicalAgentId, heartbeatTimeoutMs },
    });
  }
}
