/**
 * Faults in a database are made by an administrator: they need a server that the run may misuse, and the server's own
 * counters, or what the link saw, prove the strike.
 */
import type { JsonObject } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import { ownRealDatabases, type WorldName } from '../world-list.ts';
import type { Fault, FaultContext, Lift } from './fault.ts';

/**
 * Makes a fault in the database server of the run. Most need a real one, which has locks, grants, triggers and counters of its own;
 * `worlds` is for those that do not.
 */
export function databaseFault(
  kind: string,
  params: JsonObject,
  install: (context: FaultContext) => Promise<Lift>,
  { struckBy, worlds = ownRealDatabases }: { struckBy?: Matcher; worlds?: readonly WorldName[] } = {},
): Fault {
  return { kind, place: 'database', params, worlds, install, ...(struckBy ? { struckBy } : {}) };
}

/** Between two looks at the server, in real milliseconds. */
const lookEveryMs = 25;

/** Journals a strike whenever a counter of the server has grown by one, until the returned function was called. */
export async function strikeAsItGrows(
  context: FaultContext,
  read: () => Promise<number>,
  reason: string,
): Promise<Lift> {
  const stop = new AbortController();
  let seen = await read();
  const look = async (): Promise<void> => {
    const now = await read();
    for (; seen < now; seen += 1) context.strike(reason);
  };
  const looking = (async () => {
    while (!stop.signal.aborted) {
      await look();
      await pause(context, stop.signal);
    }
  })();
  // What went wrong is for whoever lifts the fault.
  looking.catch(() => {});
  return async () => {
    stop.abort();
    await looking;
    await look();
  };
}

/** Waits a little before the next look; a stop ends it early. */
export function pause(context: FaultContext, signal: AbortSignal, realMs = lookEveryMs): Promise<void> {
  return context.clock.sleep(realMs * context.pace, signal).catch(() => {});
}

/** The value of a global status variable that counts something. */
export async function globalStatus(context: FaultContext, name: string): Promise<number> {
  const [row] = await context.database().query('SHOW GLOBAL STATUS LIKE ?', [name]);
  return Number(row?.Value ?? 0);
}

/** Sets a global variable and returns how to set it back. */
export async function setGlobal(context: FaultContext, name: string, value: number | string): Promise<Lift> {
  const database = context.database();
  const [row] = await database.query('SHOW GLOBAL VARIABLES LIKE ?', [name]);
  await database.query(`SET GLOBAL ${name} = ${value}`);
  return async () => {
    await database.query(`SET GLOBAL ${name} = ${row?.Value}`);
  };
}
