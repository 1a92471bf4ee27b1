/** Makes the tables that are missing. */
import type { Clock } from '../clock.ts';
import type { DatabaseConfig } from './config.ts';
import { type Database, openDatabase, type Queries } from './database.ts';
import { applySchema } from './schema.ts';

/** Making tables may take longer than any request may. */
const timeoutMs = 600_000;

/** Rejects with a `DatabaseError`. */
export function makeTables(database: Database): Promise<void> {
  const work = (queries: Queries) => applySchema({ query: (sql) => queries.change(sql) });
  return database.run('apply_schema', work, timeoutMs);
}

/** The same over a separate connection, which is closed afterwards. */
export async function migrate(config: DatabaseConfig, clock: Clock): Promise<void> {
  const database = openDatabase(config, clock);
  await makeTables(database).finally(() => database.close());
}
