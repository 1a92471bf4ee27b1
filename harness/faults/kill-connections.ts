import { databaseFault } from './database-fault.ts';
import type { Fault } from './fault.ts';

/** An administrator kills every connection of the run's own user, once (R3.9; MySQL manual, KILL). */
export function killConnections(): Fault {
  return databaseFault('kill_connections', {}, async (context) => {
    const killed = await context.database().killConnections({ user: context.schema().user });
    for (let strike = 0; strike < killed; strike += 1)
      context.strike('connection killed by an administrator');
    return async () => {};
  });
}
