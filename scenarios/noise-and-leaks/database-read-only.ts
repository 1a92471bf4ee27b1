/** R3.9 R3.3, field issue H4: a fail-over leaves the connection on a server that no longer takes writes, error 1290. */
import { count, each, followed, type Matcher, oneEffectEach, readOnly, scenario } from 'shaketable';
import { batches, createSync, effects, errorRecords, link, poolAtRest, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'fail-over' } satisfies Matcher;
const refused = { kind: 'fault.strike', fault: 'no-writer' } satisfies Matcher;
const failures = { kind: 'agent.log', event: 'operation_failed', operation: 'sync' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-read-only',
  title: 'After a fail-over the worker finds the new writer, and says so when there is none',
  requirements: ['R3.3', 'R3.9', 'R3.10'],
  except: { simulated: 'the database in memory has no grants and no read-only mode' },
  story:
    'Twice the database stops taking writes: error 1290, "running with the --read-only option". The first time there is no ' +
    'writer at all for a while. The second time is a fail-over: the server behind the open connections is read-only from ' +
    'now on, and new connections are led to the new writer. As reported, the worker stays on its old connection, every ' +
    'attempt fails at once, and nothing helps but a restart of the application.',
  faults: {
    'no-writer': { fault: readOnly(), from: 'manual' },
    'fail-over': { fault: readOnly({ connections: 'already' }), from: 'manual' },
  },
  play: async (table) => {
    const worker = await createSync(table);
    await worker.start();
    await worker.sync('before');
    await table.inject('no-writer');
    await worker.sync('without-a-writer');
    // A log is read a moment later than it is written.
    await table.until(refused, { withinMs: 20_000 });
    await table.lift('no-writer');
    await worker.sync('between');
    await table.inject('fail-over');
    await worker.sync('fail-over-1');
    await worker.sync('fail-over-2');
    await table.until(struck, { withinMs: 20_000 });
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'one-effect-each': oneEffectEach('every batch that there is a writer for takes effect exactly once', {
      effects,
      key: 'runId',
      operations: { ...batches, runId: { not: 'without-a-writer' } },
    }),
    'finds-the-writer': count('batches are applied while the old connection is read-only', {
      of: { ...batches, status: 'applied' },
      given: struck,
      during: 'fail-over',
      atLeast: 2,
      unit: 'batches',
    }),
    'not-reused': count('the worker itself closes a connection that refused a write, and opens another', {
      of: { kind: 'connection.close', link, by: 'client' },
      given: struck,
      during: 'fail-over',
      // One that is stopped closes all of them.
      before: poolAtRest,
      atLeast: 1,
      unit: 'connections',
    }),
    'one-error': count(
      'one record at ERROR stands for the batch that was given up, and none for what was survived',
      {
        of: errorRecords,
        given: struck,
        atLeast: 1,
        atMost: 1,
        unit: 'records',
      },
    ),
    'explicit-error': each('that record says what failed, why, where, and that the batch was not applied', {
      of: failures,
      has: {
        level: 'error',
        category: 'database',
        severity: 'medium',
        code: 'ER_OPTION_PREVENTS_STATEMENT',
        definite: true,
        attempt: 6,
        cause: { matches: 'read-only' },
        server: { matches: '^127\\.0\\.0\\.1:\\d+/' },
      },
      given: struck,
    }),
    'tells-recovery': followed('the log says when it works again', {
      each: failures,
      by: { kind: 'agent.log', event: 'operation_recovered', operation: 'sync' },
    }),
  },
  reported: ['one-effect-each', 'finds-the-writer', 'not-reused', 'one-error', 'explicit-error'],
});
