/** R3.9 R3.3: the database takes no more connections, error 1040. */
import { connectionLimit, count, each, followed, type Matcher, scenario, statistic } from 'shaketable';
import { batches, createSync, errorRecords, link, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'full' } satisfies Matcher;
const failedStarts = { kind: 'agent.log', event: 'attempt_failed', operation: 'start' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-too-many-connections',
  title: 'A worker that finds the database full waits its turn',
  requirements: ['R3.3', 'R3.9', 'R3.10'],
  except: { simulated: 'the database in memory does not count the connections that it refuses' },
  story:
    'Other programs hold every connection that the database allows when the sync worker starts: "Too many connections", ' +
    'error 1040. Some seconds later there is room again. As reported, the worker asked once. It never connects any more, ' +
    'and each batch fails as if there was no database.',
  faults: { full: { fault: connectionLimit(), from: 'manual' } },
  play: async (table) => {
    const worker = await createSync(table);
    await table.inject('full');
    const started = worker.start();
    await table.until(struck, { withinMs: 20_000 });
    await table.sleep(2_000);
    await table.lift('full');
    await started;
    await Promise.all(['one', 'two', 'three'].map((runId) => worker.sync(runId)));
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'gets-in': followed('batches are applied once there is room again', {
      each: { kind: 'fault.lifted', fault: 'full' },
      by: { ...batches, status: 'applied' },
    }),
    'no-error': count('a full database that is waited for leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
    'named-failure': each('each refusal is recorded as one of the database that is worth another try', {
      of: failedStarts,
      has: {
        level: 'debug',
        category: 'database',
        code: 'ER_CON_COUNT_ERROR',
        severity: 'medium',
        definite: true,
      },
      given: struck,
    }),
    'patient-knocking': statistic('it waits longer and longer before it knocks again', {
      of: failedStarts,
      field: 'delayMs',
      take: 'min',
      atLeast: 750,
      unit: 'ms',
    }),
    'few-knocks': count('a full database is not stormed', {
      of: { kind: 'connection.open', link },
      given: struck,
      during: 'full',
      atLeast: 1,
      atMost: 6,
      unit: 'connections',
    }),
  },
  reported: ['one-effect-each', 'gets-in', 'no-error', 'named-failure'],
});
