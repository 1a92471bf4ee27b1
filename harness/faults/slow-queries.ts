import { databaseFault, strikeAsItGrows } from './database-fault.ts';
import type { Fault, FaultContext } from './fault.ts';
import { checked, ms, tableName, text } from './params.ts';

/** Parameters of {@link slowQueries}. */
export interface SlowQueriesOptions {
  /** The table whose updates and inserts become slow. */
  readonly table: string;
  /** How long each takes, in lab milliseconds; what sleeps for less than some 50 real ones may be overlooked. */
  readonly delayMs: number;
  /** Which rows, as an SQL condition on `NEW`; default all. */
  readonly where?: string;
}

const events = ['UPDATE', 'INSERT'] as const;

/**
 * Writes to a table take long: a trigger sleeps in each (R2.7, R3.9). A strike is a statement that the server lists as
 * sleeping. Counting them in a table would hold up other writers: a trigger locks the tables that it names beforehand.
 */
export function slowQueries(options: SlowQueriesOptions): Fault {
  return checked('slow_queries', options, { table: tableName, delayMs: ms, where: text.optional() }, slowed);
}

function slowed({ table, delayMs, where = 'TRUE' }: SlowQueriesOptions): Fault {
  return databaseFault('slow_queries', { table, delayMs, where }, async (context) => {
    const { database, user } = context.schema();
    const server = context.database();
    const trigger = (event: string): string => `${database}.shaketable_slow_${event.toLowerCase()}`;
    for (const event of events) {
      // In its own name: while a trigger of somebody else runs, the subject may not kill its own statement.
      await server.query(
        `CREATE DEFINER = '${user}'@'%' TRIGGER ${trigger(event)} BEFORE ${event} ON ${database}.${table} FOR EACH ROW
         IF ${where} THEN DO SLEEP(${delayMs / context.pace / 1_000}); END IF`,
      );
    }
    const stop = await strikeAsItGrows(context, countSleepers(context), `write to ${table} slept`);
    return async () => {
      await stop();
      for (const event of events) await server.query(`DROP TRIGGER ${trigger(event)}`);
    };
  });
}

/** Reads how many statements of the run's own user have been seen asleep so far. */
function countSleepers(context: FaultContext): () => Promise<number> {
  const { user } = context.schema();
  let asleep = new Set<unknown>();
  let count = 0;
  return async () => {
    const processes = await context.database().query('SHOW PROCESSLIST');
    const sleepers = processes.filter((row) => row.User === user && row.State === 'User sleep');
    const now = new Set(sleepers.map((row) => row.Id));
    count += now.difference(asleep).size;
    asleep = now;
    return count;
  };
}
