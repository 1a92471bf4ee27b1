import { databaseFault, globalStatus, pause, setGlobal, strikeAsItGrows } from './database-fault.ts';
import type { DatabaseSession, Fault, FaultContext } from './fault.ts';
import { checked, type None } from './params.ts';

/** The lowest limit that MariaDB takes; an administrator gets one connection more. */
const lowestLimit = 10;

/**
 * The server takes no more connections: error 1040 (R3.9). Somebody else holds them all, and those of the run's own user
 * are killed, so that it has to come back for new ones.
 */
export function connectionLimit(options: None = {}): Fault {
  return checked('connection_limit', options, {}, () => limited);
}

const limited = databaseFault('connection_limit', {}, async (context) => {
  const refusals = (): Promise<number> => globalStatus(context, 'Connection_errors_max_connections');
  await using held = new AsyncDisposableStack();
  held.defer(await setGlobal(context, 'max_connections', lowestLimit));
  const holders: DatabaseSession[] = [];
  held.defer(async () => void (await Promise.all(holders.map((session) => session.close()))));
  await occupy(context, holders);
  // The administrator's last attempt to get in was refused, too: it is no strike.
  held.defer(await strikeAsItGrows(context, refusals, 'connection refused with error 1040'));
  const all = held.move();
  return () => all.disposeAsync();
});

/**
 * Kills the run's own connections and opens sessions until the server takes no more. What is just being closed still
 * counts there, so that it takes two refusals in a row.
 */
async function occupy(context: FaultContext, sessions: DatabaseSession[]): Promise<void> {
  const { user } = context.schema();
  const { signal } = new AbortController();
  for (let refusals = 0; refusals < 2; ) {
    const killed = await context.database().killConnections({ user });
    const session = await context.session().catch(whenFull);
    if (session) sessions.push(session);
    refusals = session || killed > 0 ? 0 : refusals + 1;
    if (!session) await pause(context, signal);
  }
}

/** ER_CON_COUNT_ERROR is what is wanted here. */
function whenFull(error: { errno?: number }): undefined {
  if (error.errno !== 1040) throw error;
  return undefined;
}
