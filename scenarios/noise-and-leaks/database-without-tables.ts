/** R3.9, R3.10: the tables cannot be created at first. */
import { count, each, type Matcher, readOnly, scenario } from 'shaketable';
import { batches, createSync, soundSync } from '../rigs/sync.ts';

const refused = { kind: 'fault.strike', fault: 'no-writer' } satisfies Matcher;
const starts = { kind: 'subject.note', name: 'start' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-without-tables',
  title: 'A start that fails because tables cannot be created holds nothing afterwards',
  requirements: ['R3.9', 'R3.10'],
  except: { simulated: 'the database in memory has no read-only mode' },
  story:
    'The worker starts while the database takes no writes, so that it cannot create its tables, and is started again when ' +
    'there is a writer. As reported, each start opened a connection and the failed one left its connection behind. What the ' +
    'failed attempts had on loan has to be back in the pool, or the worker runs out of connections one failure at a time.',
  faults: { 'no-writer': { fault: readOnly(), from: 'manual' } },
  play: async (table) => {
    const worker = await createSync(table);
    await table.inject('no-writer');
    await worker.start();
    await table.until(refused, { withinMs: 20_000 });
    await table.lift('no-writer');
    await worker.start();
    for (const runId of ['first', 'second', 'third']) await worker.sync(runId);
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'fails-at-first': count('the start without a writer fails, the one with a writer does not', {
      of: { ...starts, ok: false },
      given: refused,
      atLeast: 1,
      atMost: 1,
      unit: 'failed starts',
    }),
    'failure-is-told': each('the failed start has its record, with its cause', {
      of: { kind: 'agent.log', event: 'operation_failed', operation: 'start' },
      has: { level: 'error', code: 'ER_OPTION_PREVENTS_STATEMENT', cause: { matches: 'read-only' } },
      given: refused,
    }),
    'works-afterwards': count('then every batch is applied', {
      of: { ...batches, status: 'applied' },
      given: refused,
      atLeast: 3,
      unit: 'batches',
    }),
  },
  reported: ['all-closed'],
});
