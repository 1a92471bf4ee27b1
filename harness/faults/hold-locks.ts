import { databaseFault, globalStatus, strikeAsItGrows } from './database-fault.ts';
import type { Fault } from './fault.ts';
import { checked, text } from './params.ts';

/** Parameters of {@link holdLocks}. */
export interface HoldLocksOptions {
  /** Statement that takes the locks, inside a transaction that stays open. */
  readonly lock: string;
}

/** Another transaction holds row locks until the fault is lifted: error 1205 after the lock wait time-out (R3.9, H9). */
export function holdLocks(options: HoldLocksOptions): Fault {
  return checked('hold_locks', options, { lock: text }, locked);
}

function locked({ lock }: HoldLocksOptions): Fault {
  return databaseFault('hold_locks', { lock }, async (context) => {
    const session = await context.session();
    await session.query('BEGIN');
    await session.query(lock);
    const waits = (): Promise<number> => globalStatus(context, 'Innodb_row_lock_waits');
    const stop = await strikeAsItGrows(context, waits, 'transaction had to wait for a row lock');
    return async () => {
      await stop();
      await session.query('ROLLBACK').finally(() => session.close());
    };
  });
}
