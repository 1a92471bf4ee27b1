import { databaseFault, strikeAsItGrows } from './database-fault.ts';
import type { Fault } from './fault.ts';

/** Parameters of {@link slowQueries}. */
export interface SlowQueriesOptions {
  /** The table whose updates and inserts become slow. */
  table: string;
  /** How long each takes, in lab milliseconds. */
  delayMs: number;
  /** Which rows, as an SQL condition on `NEW`; default all. */
  where?: string;
}

const events = ['UPDATE', 'INSERT'] as const;

/** Writes to a table take long: a trigger sleeps in each (R2.7, R3.9). A strike is a write that slept. */
export function slowQueries({ table, delayMs, where = 'TRUE' }: SlowQueriesOptions): Fault {
  return databaseFault('slow_queries', { table, delayMs, where }, async (site) => {
    const { database } = site.schema();
    const server = site.database();
    const slept = `${database}.shaketable_slept`;
    const trigger = (event: string): string => `${database}.shaketable_slow_${event.toLowerCase()}`;
    // Not in InnoDB: what slept has to be seen from outside before the transaction ends, and when it is rolled back.
    await server.query(
      `CREATE TABLE IF NOT EXISTS ${slept} (id INT AUTO_INCREMENT PRIMARY KEY) ENGINE=MyISAM`,
    );
    for (const event of events) {
      await server.query(
        `CREATE TRIGGER ${trigger(event)} BEFORE ${event} ON ${database}.${table} FOR EACH ROW
         IF ${where} THEN INSERT INTO ${slept} VALUES (); DO SLEEP(${delayMs / site.pace / 1_000}); END IF`,
      );
    }
    const writes = async (): Promise<number> => {
      const [row] = await server.query(`SELECT COUNT(*) AS writes FROM ${slept}`);
      return Number(row?.writes);
    };
    const stop = await strikeAsItGrows(site, writes, `write to ${table} slept`);
    return async () => {
      await stop();
      for (const event of events) await server.query(`DROP TRIGGER ${trigger(event)}`);
      await server.query(`DROP TABLE ${slept}`);
    };
  });
}
