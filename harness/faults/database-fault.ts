/**
 * Faults in a database are made by an administrator: they need a server that the run may misuse, and the server's own
 * counters, or what the link saw, prove the strike.
 */
import type { JsonObject } from '../journal/entry.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { Fault, FaultSite, Lift } from './fault.ts';

/** Makes a fault in the database server of the run. */
export function databaseFault(
  kind: string,
  params: JsonObject,
  install: (site: FaultSite) => Promise<Lift>,
  struckBy?: Matcher,
): Fault {
  return { kind, place: 'database', params, worlds: ['local'], install, ...(struckBy ? { struckBy } : {}) };
}

/** A function that reads how much a counter of the server has grown since now. */
export async function counterGrowth(read: () => Promise<number>): Promise<() => Promise<number>> {
  const before = await read();
  return async () => (await read()) - before;
}

/** The value of a global status variable. */
export async function globalStatus(site: FaultSite, name: string): Promise<number> {
  const [row] = await site.database().query('SHOW GLOBAL STATUS LIKE ?', [name]);
  return Number(row?.Value ?? 0);
}

/** Sets a global variable and returns how to set it back. */
export async function setGlobal(site: FaultSite, name: string, value: number | string): Promise<Lift> {
  const database = site.database();
  const [row] = await database.query('SHOW GLOBAL VARIABLES LIKE ?', [name]);
  await database.query(`SET GLOBAL ${name} = ${value}`);
  return async () => {
    await database.query(`SET GLOBAL ${name} = ${row?.Value}`);
  };
}
