/** R3.9, field issue H5: a COMMIT that took effect is answered with an error. */
import { count, each, scenario, toxic } from 'shaketable';
import { batches, createSync, failedAttempts, link, poolLimit, soundSync, stopped } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'shutdown' } as const;
const struckAgain = { kind: 'fault.strike', fault: 'shutdown for good' } as const;

/** The database commits, and answers that it shuts down. */
const commitInDoubt = {
  fault: toxic({
    type: 'mysql_error',
    attributes: { code: 1053, applied: true, statement: 'commit', first: 1 },
  }),
  link,
  from: 'manual',
} as const;

/** More than the pool has connections, and than it may open for a moment. */
const crowd = Array.from({ length: 3 * poolLimit }, (_, index) => `crowd-${index + 1}`);

scenario({
  id: 'noise-and-leaks/database-commit-in-doubt',
  title: 'A commit that is answered with an error is looked up before it is repeated',
  requirements: ['R3.9'],
  story:
    'The database commits a batch, is told to shut down before it can say so, and answers the COMMIT with error 1053. ' +
    'Whether the batch is there cannot be known from that answer. As reported, the worker writes it again. Later the same happens ' +
    'once more, and then the database takes no batch until the worker gives up: whether the first is there nobody can have told it. ' +
    'When it is given the batch again, it finds out. In between many batches come at once, and share a few connections. The last COMMIT of all is answered by the end of the connection.',
  faults: {
    shutdown: commitInDoubt,
    'shutdown for good': commitInDoubt,
    'hung up': {
      fault: toxic({
        type: 'mysql_cut',
        attributes: { bytes: 1, action: 'close', statement: 'commit', first: 1 },
      }),
      link,
      from: 'manual',
    },
    'shut down': {
      fault: toxic({ type: 'mysql_error', attributes: { code: 1053, statement: 'INSERT *' } }),
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
    await Promise.all(crowd.map((runId) => worker.sync(runId)));

    await table.inject('shutdown for good');
    const forGood = worker.sync('for good');
    await table.until(struckAgain, { withinMs: 60_000 });
    await table.inject('shut down');
    // Who does not try again by itself is given another batch.
    if (table.subject === 'naive') await worker.sync('in vain');
    await forGood;
    await table.lift('shutdown for good');
    await table.lift('shut down');
    await worker.sync('for good');

    await table.inject('hung up');
    await worker.sync('hung up on');
    await table.lift('hung up');
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'gets-through': each('every batch is applied', {
      of: { ...batches, runId: { not: 'for good' } },
      has: { status: 'applied' },
      given: struck,
    }),
    'found-again': each('the batch in doubt is found to be there', {
      of: { ...batches, runId: 'in-doubt' },
      has: { duplicate: true },
      given: struck,
    }),
    'end-is-doubt': each('so is one whose COMMIT met the end of the connection, which says as little', {
      of: { ...batches, runId: 'hung up on' },
      has: { status: 'applied', duplicate: true },
      given: { kind: 'fault.strike', fault: 'hung up' },
    }),
    'end-is-told-as-doubt': each('and its failure is recorded as one whose outcome is unknown', {
      of: { ...failedAttempts, code: 'PROTOCOL_CONNECTION_LOST' },
      has: { definite: false },
      given: { kind: 'fault.strike', fault: 'hung up' },
    }),
    'takes-its-time': each('a database that goes away is given a moment before the next attempt', {
      of: { ...failedAttempts, code: 'ER_SERVER_SHUTDOWN', attempt: 1 },
      has: { delayMs: { atLeast: 500 } },
      given: struck,
    }),
    'trusts-what-it-used': each('a connection that was in use a moment ago is not asked for a sign of life', {
      of: stopped,
      has: { pings: { atMost: 2 } },
      given: batches,
    }),
    'doubt-stays': count('of a batch that nobody can look up the outcome is unknown', {
      of: { ...batches, runId: 'for good', status: 'unknown' },
      given: struckAgain,
      atLeast: 1,
      atMost: 1,
      unit: 'batches',
    }),
    'doubt-ends': count('given again, it is found to be there', {
      of: { ...batches, runId: 'for good', status: 'applied', duplicate: true },
      given: struckAgain,
      atLeast: 1,
      atMost: 1,
      unit: 'batches',
    }),
    'doubt-is-logged': each('the record of its end does not say that it had no effect', {
      of: { kind: 'agent.log', event: 'operation_failed', operation: 'sync' },
      has: { level: 'error', definite: false, attempt: 6 },
      given: struckAgain,
    }),
    'named-failure': each('the failure is recorded as one whose outcome is unknown', {
      of: { ...failedAttempts, code: 'ER_SERVER_SHUTDOWN', category: 'database' },
      has: { definite: false },
      given: struck,
    }),
  },
  reported: ['one-effect-each'],
});
