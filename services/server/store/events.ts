/** What happened on the server, kept for its operators in `system_events` (R2.9). */
import type { Database } from '../database.ts';

export interface SystemEvent {
  readonly type: 'auth_failed' | 'agent_registered' | 'agent_online' | 'agent_offline';
  /** Milliseconds since the epoch. */
  readonly at: number;
  clientId?: string;
  agentId?: string;
  readonly details: Record<string, string | number>;
}

export function recordEvent(database: Database, event: SystemEvent): Promise<void> {
  return database.run('record_event', async (queries) => {
    await queries.change(
      'INSERT INTO system_events (event_type, timestamp, client_id, agent_id, details) VALUES (?, ?, ?, ?, ?)',
      [
        event.type,
        new Date(event.at),
        event.clientId ?? null,
        event.agentId ?? null,
        JSON.stringify(event.details),
      ],
    );
  });
}
