import { databaseFault, strikeAsItGrows } from './database-fault.ts';
import type { Fault, FaultContext } from './fault.ts';
import { checked, tableName } from './params.ts';

/** Parameters of {@link holdTable}. */
export interface HoldTableOptions {
  /** The table that nobody else can read or write. */
  readonly table: string;
}

/**
 * An administrator holds a whole table, as a schema change or a backup does: every query of it waits, and is answered
 * when the fault is lifted (MySQL manual, LOCK TABLES). A strike is a connection that the server lists as waiting.
 */
export function holdTable(options: HoldTableOptions): Fault {
  return checked('hold_table', options, { table: tableName }, tableHeld);
}

function tableHeld({ table }: HoldTableOptions): Fault {
  return databaseFault('hold_table', { table }, async (context) => {
    const session = await context.session();
    await session.query(`LOCK TABLES ${context.schema().database}.${table} WRITE`);
    const stop = await strikeAsItGrows(context, countWaiters(context), `a query had to wait for ${table}`);
    return async () => {
      await stop();
      await session.query('UNLOCK TABLES').finally(() => session.close());
    };
  });
}

/** Reads how many connections of the run's own user have been seen waiting for a table so far. */
function countWaiters({ schema, database }: FaultContext): () => Promise<number> {
  const seen = new Set<unknown>();
  return async () => {
    for (const { Id, User, State } of await database().query('SHOW PROCESSLIST')) {
      if (User === schema().user && String(State) === 'Waiting for table metadata lock') seen.add(Id);
    }
    return seen.size;
  };
}
