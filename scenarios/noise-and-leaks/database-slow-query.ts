/** R3.9 R3.1 R3.3, field issue H8: a statement that takes longer than its deadline. */
import { count, each, type Matcher, scenario, slowQueries, statistic } from 'shaketable';
import {
  batches,
  createSync,
  errorRecords,
  failedAttempts,
  link,
  soundSync,
  statements,
} from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'slow' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-slow-query',
  title: 'A statement that is too slow ends at its deadline, on the server as well, and holds nobody up',
  requirements: ['R3.1', 'R3.3', 'R3.9', 'R3.10'],
  except: { simulated: 'the database in memory has no triggers to slow a statement with' },
  story:
    'One row takes the database ten seconds to write, with three allowed. A client that merely stops waiting leaves the ' +
    'statement running on the server, with its locks, and the next caller on that connection waits behind it. As reported, ' +
    'the worker does not even stop waiting: an unrelated batch is held up for as long as the slow one takes.',
  fastPace: 5,
  faults: {
    slow: {
      fault: slowQueries({ table: 'sync_items', delayMs: 10_000, where: "NEW.id = 'report/1'" }),
      from: 'manual',
    },
  },
  play: async (table) => {
    const worker = await createSync(table, { policy: { queryTimeoutMs: 3_000 } });
    await worker.start();
    await worker.sync('before');
    await table.inject('slow');
    worker.watchStatements();
    const report = worker.sync('report');
    await table.until(struck, { withinMs: 20_000 });
    await worker.sync('unrelated');
    // The worker gives a connection up whose statement it could not wait for.
    await Promise.race([report, table.until({ kind: 'connection.close', link }, { withinMs: 20_000 })]);
    await table.lift('slow');
    await report;
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'not-held-up': statistic('an unrelated batch is as quick as ever', {
      of: { ...batches, runId: 'unrelated', status: 'applied' },
      field: 'waitedMs',
      take: 'max',
      atMost: 3_000,
      unit: 'ms',
    }),
    'ends-on-the-server': statistic('no statement outlives its deadline on the server', {
      of: statements,
      field: 'runningMs',
      take: 'max',
      atMost: 6_000,
      unit: 'ms',
    }),
    'named-failure': each('the attempt that took too long is recorded as a time-out, and certainly undone', {
      of: failedAttempts,
      has: {
        level: 'debug',
        category: 'timeout',
        severity: 'medium',
        code: 'DEADLINE_EXCEEDED',
        definite: true,
      },
      given: struck,
    }),
    'no-error': count('a slow statement that is survived leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
  },
  reported: ['not-held-up', 'ends-on-the-server', 'named-failure'],
});
