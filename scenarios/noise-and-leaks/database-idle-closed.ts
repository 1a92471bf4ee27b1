/** R3.9 R3.10, field issues H1 and H2: the server closes connections that are idle for longer than `wait_timeout`. */
import { count, each, idleTimeout, type Matcher, scenario } from 'shaketable';
import { batches, createSync, errorRecords, link, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'idle' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-idle-closed',
  title: 'A connection that the database closed while it was idle is not used again',
  requirements: ['R3.9', 'R3.10'],
  except: { simulated: 'the database in memory does not count the connections that it closes' },
  story:
    'The database closes connections that are idle for 5 seconds (`wait_timeout`), and the sync worker has less to do than ' +
    'that. As reported, the first query after each pause fails, and with a single connection so does every later one, ' +
    'although the database is up and takes new connections at any time.',
  // MySQL counts wait_timeout in whole real seconds: at this pace one of them is the reported five.
  fastPace: 5,
  faults: { idle: { fault: idleTimeout({ seconds: 1 }), from: 'manual' } },
  play: async (table) => {
    const worker = await createSync(table);
    await table.inject('idle');
    await worker.start();
    await worker.sync('before');
    // Once just as it is being closed, when the worker may not know yet, and once well after.
    const closed = { kind: 'connection.close', link } satisfies Matcher;
    await table.until(closed, { withinMs: 20_000 });
    await worker.sync('just-closed');
    await table.until(closed, { nth: 2, withinMs: 7_000 });
    await table.sleep(500);
    await worker.sync('long-closed');
    await worker.sync('and-on');
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'no-failure': each('no batch fails because of a pause before it', {
      of: batches,
      has: { status: 'applied' },
      given: struck,
    }),
    'left-the-pool': each('a connection known to be closed is not even tried', {
      of: { ...batches, runId: 'long-closed' },
      has: { status: 'applied', attempts: 1 },
      given: struck,
    }),
    'no-error': count('a connection that is closed while idle leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
  },
  reported: ['one-effect-each', 'no-failure', 'left-the-pool', 'no-error', 'pool-at-rest'],
});
