import { databaseFault } from './database-fault.ts';
import type { Fault } from './fault.ts';

/** Parameters of {@link slowQueries}. */
export interface SlowQueriesOptions {
  /** The table whose updates and inserts become slow. */
  table: string;
  /** How long each takes, in lab milliseconds. */
  delayMs: number;
}

const events = ['UPDATE', 'INSERT'] as const;

/** Writes to a table take long: a trigger sleeps in each (R2.7, R3.9). A strike is a write that slept. */
export function slowQueries({ table, delayMs }: SlowQueriesOptions): Fault {
  return databaseFault('slow_queries', { table, delayMs }, async (site) => {
    const { database } = site.schema();
    const server = site.database();
    const slept = `${database}.shaketable_slept`;
    await server.query(
      `CREATE TABLE IF NOT EXISTS ${slept} (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=MyISAM`,
    );
    for (const event of events) {
      await server.query(
        `CREATE TRIGGER ${database}.shaketable_slow_${event.toLowerCase()} BEFORE ${event} ON ${database}.${table}
         FOR EACH ROW BEGIN INSERT INTO ${slept} VALUES (); DO SLEEP(${delayMs / site.pace / 1_000}); END`,
      );
    }
    return async () => {
      for (const event of events)
        await server.query(`DROP TRIGGER ${database}.shaketable_slow_${event.toLowerCase()}`);
      const [row] = await server.query(`SELECT COUNT(*) AS strikes FROM ${slept}`);
      for (let strike = 0; strike < Number(row?.strikes); strike += 1) site.strike(`write to ${table} slept`);
    };
  });
}
