import { databaseFault } from './database-fault.ts';
import type { Fault } from './fault.ts';
import { checked, type None } from './params.ts';

/** An administrator kills every connection of the run's own user, once (R3.9; MySQL manual, KILL). */
export function killConnections(options: None = {}): Fault {
  return checked('kill_connections', options, {}, () => killed);
}

const killed = databaseFault('kill_connections', {}, async (context) => {
  const ended = await context.database().killConnections({ user: context.schema().user });
  for (let strike = 0; strike < ended; strike += 1) context.strike('connection killed by an administrator');
  return async () => {};
});
