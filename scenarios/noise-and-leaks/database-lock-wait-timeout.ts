/** R3.9 R3.3, field issue H9: a row stays locked for longer than `innodb_lock_wait_timeout`, error 1205. */
import { count, each, holdLocks, type Matcher, scenario } from 'shaketable';
import { createSync, errorRecords, failedAttempts, sights, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'hold' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-lock-wait-timeout',
  title: 'A batch that waited too long for a lock is undone before it is tried again',
  requirements: ['R3.3', 'R3.9', 'R3.10'],
  except: { simulated: 'the database in memory has no locks' },
  story:
    'Somebody keeps a row locked for longer than the 5 seconds that the database lets a statement wait: error 1205. That ' +
    'error undoes the statement, not the transaction. As reported, the worker begins its batch again on the same connection, ' +
    'which commits whatever the first attempt had written: others see half a batch, and in the end the batch counts twice.',
  // innodb_lock_wait_timeout is in whole real seconds: at this pace one of them is five.
  fastPace: 5,
  faults: {
    hold: {
      fault: holdLocks({ lock: "SELECT * FROM sync_items WHERE id = 'stock' FOR UPDATE" }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const worker = await createSync(table, { settings: { 'innodb-lock-wait-timeout': '1' } });
    await worker.start();
    await worker.sync('opening', { shared: ['stock'] });
    await table.inject('hold');
    const order = worker.sync('order', { shared: ['stock'] });
    // The second wait is that of the second attempt.
    await table.until(struck, { nth: 2, withinMs: 20_000 });
    await worker.look();
    await table.lift('hold');
    await order;
    await worker.sync('after', { shared: ['stock'] });
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'nobody-sees-half': each('while it is tried again, nobody sees a part of the batch', {
      of: sights,
      has: { found: 3 },
      given: struck,
    }),
    'no-error': count('a lock that is waited for leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
    'named-failure': each('the lock wait surfaces after its time, as contention that is worth another try', {
      of: failedAttempts,
      has: {
        level: 'debug',
        category: 'database',
        code: 'ER_LOCK_WAIT_TIMEOUT',
        severity: 'low',
        definite: true,
        durationMs: { atLeast: 4_750 },
      },
      given: struck,
    }),
  },
  reported: ['one-effect-each', 'nobody-sees-half', 'no-error', 'named-failure'],
});
