import { counterGrowth, databaseFault, globalStatus, setGlobal } from './database-fault.ts';
import type { DatabaseSession, Fault, FaultSite } from './fault.ts';

/** The lowest limit that MariaDB takes; an administrator gets one connection more. */
const lowestLimit = 10;

/**
 * The server takes no more connections: error 1040 (R3.9). Somebody else holds them all, and those of the run's own user
 * are killed, so that it has to come back for new ones.
 */
export function connectionLimit(): Fault {
  return databaseFault('connection_limit', {}, async (site) => {
    const refusals = await counterGrowth(() => globalStatus(site, 'Connection_errors_max_connections'));
    const restore = await setGlobal(site, 'max_connections', lowestLimit);
    await site.database().killConnections({ user: site.schema().user });
    const holders = await occupy(site);
    return async () => {
      const strikes = await refusals();
      await Promise.all(holders.map((session) => session.close()));
      await restore();
      for (let strike = 0; strike < strikes; strike += 1) site.strike('connection refused with error 1040');
    };
  });
}

/** Opens sessions until the server takes no more. The administrator of the lab has one of them already. */
async function occupy(site: FaultSite): Promise<DatabaseSession[]> {
  const sessions: DatabaseSession[] = [];
  while (sessions.length < lowestLimit) {
    const session = await site.session().catch(() => undefined);
    if (!session) break;
    sessions.push(session);
  }
  return sessions;
}
