/** The worker's two tables and the statements on them, in SQL that MySQL and MariaDB both take. */
import type { SyncItem } from './sync.ts';

/** Creates what is missing. `sync_runs.applied` counts how often a run took effect: more than once is a bug. */
export const createTables: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS sync_items (
     id VARCHAR(64) NOT NULL PRIMARY KEY, value TEXT NOT NULL, version INT NOT NULL, updated_at DATETIME(3) NOT NULL
   ) ENGINE = InnoDB`,
  `CREATE TABLE IF NOT EXISTS sync_runs (
     run_id VARCHAR(64) NOT NULL PRIMARY KEY, items INT NOT NULL, applied INT NOT NULL DEFAULT 1,
     updated_at DATETIME(3) NOT NULL
   ) ENGINE = InnoDB`,
];

/** Takes `[id, value, version, updated_at]` rows as one value. An older version never replaces a newer one. */
export const upsertItems = `INSERT INTO sync_items (id, value, version, updated_at) VALUES ?
  ON DUPLICATE KEY UPDATE
    value = IF(VALUES(version) >= version, VALUES(value), value),
    updated_at = IF(VALUES(version) >= version, VALUES(updated_at), updated_at),
    version = GREATEST(version, VALUES(version))`;

/** Claims a run: fails with ER_DUP_ENTRY when it was applied before. Takes `run_id, items, updated_at`. */
export const claimRun = 'INSERT INTO sync_runs (run_id, items, updated_at) VALUES (?, ?, ?)';

/** Counts a run, however often it comes. Takes `run_id, items, updated_at`. */
export const countRun = `${claimRun} ON DUPLICATE KEY UPDATE applied = applied + 1, updated_at = VALUES(updated_at)`;

/** Rows for `upsertItems`. */
export function toRows(items: readonly SyncItem[], updatedAt: Date): unknown[][] {
  return items.map(({ id, value, version }) => [id, value, version, updatedAt]);
}
