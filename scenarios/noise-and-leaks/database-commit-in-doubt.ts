/** R3.9, field issue H5: a COMMIT that took effect is answered with an error. */
import { each, scenario, toxic } from 'shaketable';
import { batches, createSync, failedAttempts, link, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'shutdown' } as const;

scenario({
  id: 'noise-and-leaks/database-commit-in-doubt',
  title: 'A commit that is answered with an error is looked up before it is repeated',
  requirements: ['R3.9'],
  story:
    'The database commits a batch, is told to shut down before it can say so, and answers the COMMIT with error 1053. ' +
    'Whether the batch is there cannot be known from that answer. As reported, the worker writes it again.',
  faults: {
    shutdown: {
      fault: toxic({
        type: 'mysql_error',
        attributes: { code: 1053, applied: true, statement: 'commit', first: 1 },
      }),
      link,
      from: 'manual',
    },
  },
  play: async (table) => {
    const worker = await createSync(table, { encrypted: false });
    await worker.start();
    await worker.sync('before');
    await table.inject('shutdown');
    await worker.sync('in-doubt');
    await table.lift('shutdown');
    await worker.sync('after');
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'gets-through': each('every batch is applied', {
      of: batches,
      has: { status: 'applied' },
      given: struck,
    }),
    'found-again': each('the batch in doubt is found to be there', {
      of: { ...batches, runId: 'in-doubt' },
      has: { duplicate: true },
      given: struck,
    }),
    'named-failure': each('the failure is recorded as one whose outcome is unknown', {
      of: failedAttempts,
      has: { category: 'database', code: 'ER_SERVER_SHUTDOWN', definite: false },
      given: struck,
    }),
  },
  reported: ['one-effect-each'],
});
