/** Fleet reports, each applied at most once for its idempotency key, and the machines they speak of. */
import { type Database, DatabaseError, duplicateEntry } from '../database.ts';

export interface FleetReport {
  clientId: string;
  readonly machineId: string;
  readonly sequence: number;
  readonly idempotencyKey: string | undefined;
  readonly receivedAt: number;
  readonly payload: unknown;
}

export interface Machine {
  readonly machineId: string;
  /** Milliseconds since the epoch. */
  readonly lastSeen: number;
}

/** What a request did to the server's state. */
export type Effect = 'applied' | 'duplicate';

/**
 * Stores the report and its machine's `last_seen` together, or does nothing when the client has used the
 * idempotency key before (R1.5).
 */
export async function applyReport(database: Database, report: FleetReport): Promise<Effect> {
  const receivedAt = new Date(report.receivedAt);
  try {
    await database.transaction('apply_report', async (queries) => {
      await queries.change(
        `INSERT INTO fleet_reports (client_id, machine_id, sequence, idempotency_key, received_at, payload)
         VALUES (?, ?, ?, ?, ?, ?)`,
        [
          report.clientId,
          report.machineId,
          report.sequence,
          report.idempotencyKey ?? null,
          receivedAt,
          JSON.stringify(report.payload),
        ],
      );
      await queries.change(
        `INSERT INTO machines (client_id, machine_id, last_seen) VALUES (?, ?, ?)
         ON DUPLICATE KEY UPDATE last_seen = GREATEST(last_seen, ?)`,
        [report.clientId, report.machineId, receivedAt, receivedAt],
      );
    });
    return 'applied';
  } catch (error) {
    if (error instanceof DatabaseError && error.errno === duplicateEntry) return 'duplicate';
    throw error;
  }
}

export function listMachines(database: Database, clientId: string): Promise<Machine[]> {
  return database.run('list_machines', async (queries) => {
    const sql = 'SELECT machine_id, last_seen FROM machines WHERE client_id = ? ORDER BY machine_id';
    const rows = await queries.rows<{ machine_id: string; last_seen: Date }>(sql, [clientId]);
    return rows.map((row) => ({ machineId: row.machine_id, lastSeen: row.last_seen.getTime() }));
  });
}
