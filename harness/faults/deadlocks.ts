import { databaseFault, globalStatus, pause } from './database-fault.ts';
import type { DatabaseSession, Fault, FaultContext } from './fault.ts';
import { checked, howMany, text } from './params.ts';

/** Parameters of {@link deadlocks}. */
export interface DeadlocksOptions {
  /**
   * Statement that changes, in this order, the row that the subject locks last and many that it never touches: the
   * transaction with fewer changes is the victim.
   */
  readonly first: string;
  /** Statement that then asks for what the subject has locked by now. */
  readonly second: string;
  /** How many transactions do this, each right behind the one before; default 1. */
  readonly times?: number;
}

/**
 * A bulk job takes the subject's locks in the opposite order: error 1213 (R3.9). Each of its transactions waits until
 * the subject waits for it, closes the circle, sees the subject rolled back, and undoes its own changes. The next one is
 * in line for the same row by then, ahead of a subject that tries again.
 */
export function deadlocks(options: DeadlocksOptions): Fault {
  return checked('deadlocks', options, { first: text, second: text, times: howMany.optional() }, bulkJob);
}

function bulkJob({ first, second, times = 1 }: DeadlocksOptions): Fault {
  return databaseFault('deadlocks', { first, second, times }, async (context) => {
    const stop = new AbortController();
    const leader = await beginRival(context, first);
    await leader.locked;
    const job = (async () => {
      let rival = leader;
      for (let left = times; left > 0; left -= 1) {
        await rival.locked;
        if (!(await waiters(context, 1, stop.signal))) break;
        const next = left > 1 ? await beginRival(context, first) : undefined;
        if (next) await waiters(context, 2, stop.signal);
        const before = await deadlockCount(context);
        await rival.session.query(second);
        for (let count = await deadlockCount(context); count > before; count -= 1)
          context.strike('transaction rolled back as the victim of a deadlock');
        await undo(rival);
        if (!next) return;
        rival = next;
      }
      await undo(rival);
    })();
    // What went wrong is for whoever lifts the fault.
    job.catch(() => {});
    return () => {
      stop.abort();
      return job;
    };
  });
}

/** Real milliseconds; short, because the subject is meant to set the pace of the job. */
const lookEveryMs = 3;

interface Rival {
  readonly session: DatabaseSession;
  /** Settles when it has the locks of the first statement. */
  readonly locked: Promise<unknown>;
}

async function beginRival(context: FaultContext, first: string): Promise<Rival> {
  const session = await context.session();
  await session.query('BEGIN');
  const locked = session.query(first);
  locked.catch(() => {});
  return { session, locked };
}

async function undo({ session }: Rival): Promise<void> {
  await session.query('ROLLBACK').finally(() => session.close());
}

/** True once so many transactions wait for a row lock, false when it was stopped first. */
async function waiters(context: FaultContext, atLeast: number, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    if ((await globalStatus(context, 'Innodb_row_lock_current_waits')) >= atLeast) return true;
    await pause(context, signal, lookEveryMs);
  }
  return false;
}

async function deadlockCount(context: FaultContext): Promise<number> {
  const [row] = await context
    .database()
    .query("SELECT count AS deadlocks FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'");
  return Number(row?.deadlocks);
}
