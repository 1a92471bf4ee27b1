import { counterGrowth, databaseFault } from './database-fault.ts';
import type { Fault, FaultSite } from './fault.ts';

/** Parameters of {@link deadlocks}. */
export interface DeadlocksOptions {
  /** Statement that locks what the subject locks second; makes many changes, so that the subject is the victim. */
  first: string;
  /** Statement that then asks for what the subject holds by now. */
  second: string;
  /** Tells, for a connection id, that the subject waits for the first lock. Polled until it gives a row. */
  waiting: string;
}

/** Another transaction takes the same locks in the opposite order: error 1213 for the smaller one (R3.9). */
export function deadlocks({ first, second, waiting }: DeadlocksOptions): Fault {
  return databaseFault('deadlocks', { first, second, waiting }, async (site) => {
    const count = await counterGrowth(() => deadlockCount(site));
    const session = await site.session();
    await session.query('BEGIN');
    await session.query(first);
    const stop = new AbortController();
    const crossing = cross(site, waiting, () => session.query(second), stop.signal);
    return async () => {
      stop.abort();
      await crossing;
      await session.query('ROLLBACK').finally(() => session.close());
      const strikes = await count();
      for (let strike = 0; strike < strikes; strike += 1)
        site.strike('transaction rolled back as deadlock victim');
    };
  });
}

/** Waits until the subject is waiting, then closes the circle. */
async function cross(
  site: FaultSite,
  waiting: string,
  second: () => Promise<unknown>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    if ((await site.database().query(waiting)).length > 0) {
      await second();
      return;
    }
    await site.clock.sleep(200, signal).catch(() => {});
  }
}

async function deadlockCount(site: FaultSite): Promise<number> {
  const [row] = await site
    .database()
    .query("SELECT count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'");
  return Number(row?.count ?? row?.COUNT ?? 0);
}
