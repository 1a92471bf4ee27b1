import { databaseFault } from './database-fault.ts';
import { type Fault, type FaultContext, type Lift, ownWorlds } from './fault.ts';
import { checked, type None } from './params.ts';

/** An administrator kills every connection of the run's own user, once (R3.9; MySQL manual, KILL). */
export function killConnections(options: None = {}): Fault {
  return checked('kill_connections', options, {}, () => killed);
}

const kill = async (context: FaultContext): Promise<Lift> => {
  const ended = await context.database().killConnections({ user: context.schema().user });
  for (let strike = 0; strike < ended; strike += 1) context.strike('connection killed by an administrator');
  return async () => {};
};

const killed = databaseFault('kill_connections', {}, kill, { worlds: ownWorlds });
