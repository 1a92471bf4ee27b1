/** R3.9 R3.3: the batch is the victim of deadlocks, error 1213. */
import { count, deadlocks, each, type Matcher, scenario, statistic } from 'shaketable';
import { batches, createSync, errorRecords, failedAttempts, soundSync } from '../rigs/sync.ts';

const accounts = ['account-1', 'account-2'];
const archive = Array.from({ length: 40 }, (_, index) => `archive-${index + 10}`);
const struck = { kind: 'fault.strike', fault: 'crossing' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-deadlock',
  title: 'A deadlock is retried after a pause until the batch is through, and is no error',
  requirements: ['R3.3', 'R3.9'],
  except: { simulated: 'the database in memory has no locks' },
  story:
    'A bulk job works through the rows that the sync worker writes, in the opposite order, in five transactions one behind ' +
    'the other. Each time the two meet, the database picks the smaller transaction as the victim and rolls it back: error ' +
    '1213. As reported, the worker tries again at once, runs straight into the next transaction of the job, reports an ' +
    'error each time, and has used up its attempts before the job is through. The batch is lost.',
  fastPace: 10,
  faults: {
    crossing: {
      fault: deadlocks({
        first: "UPDATE sync_items SET version = version + 1 WHERE id >= 'account-2' ORDER BY id",
        second: "UPDATE sync_items SET version = version + 1 WHERE id = 'account-1'",
        times: 5,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const worker = await createSync(table);
    await worker.start();
    await worker.sync('opening', { shared: [...accounts, ...archive] });
    await table.inject('crossing');
    await worker.sync('transfer', { shared: accounts });
    await table.lift('crossing');
    await worker.sync('after', { shared: accounts });
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'gets-through': each('every batch is applied', {
      of: batches,
      has: { status: 'applied' },
      given: struck,
    }),
    'no-error': count('a deadlock that is survived leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
    'named-failure': each(
      'each deadlock is recorded as contention: rolled back for certain, and of low severity',
      {
        of: failedAttempts,
        has: {
          level: 'debug',
          category: 'database',
          code: 'ER_LOCK_DEADLOCK',
          severity: 'low',
          definite: true,
        },
        given: struck,
      },
    ),
    // The waits are 200, 400, 800, 1600 and 3200 ms, of which chance takes up to half. On the wire a database takes as long at this pace.
    'backs-off': statistic('it keeps out of the way for longer and longer', {
      of: failedAttempts,
      field: 'delayMs',
      take: 'max',
      atLeast: 750,
      unit: 'ms',
      fewest: 4,
    }),
  },
  reported: ['one-effect-each', 'gets-through', 'no-error', 'named-failure'],
});
