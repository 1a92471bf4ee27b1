/** R3.9 R3.10 R3.3, field issue H5: the database goes away under load and comes back. */
import { count, each, followed, type Matcher, restartDatabase, scenario, type Table } from 'shaketable';
import { answersOn, databaseLink, holdDatabase, soundAdapter } from '../rigs/any-adapter.ts';
import {
  batches,
  createSync,
  errorRecords,
  failedAttempts,
  link,
  patient,
  soundSync,
  type TableSync,
} from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'restart' } satisfies Matcher;
const clerks = ['anna', 'ben', 'cleo', 'dora', 'emil', 'fred'];

scenario({
  id: 'noise-and-leaks/database-restart',
  title: 'The pool is whole again after the database was restarted under load',
  requirements: ['R3.3', 'R3.9', 'R3.10'],
  story:
    'Six clerks sync batches one after the other when the database is killed, is away for two seconds, recovers and comes ' +
    'back on its port. Whoever was in the middle of a COMMIT cannot know whether it counted. As reported, the only connection ' +
    'is gone for good: all batches from then on fail, loudly, until somebody restarts the worker.',
  fastPace: 5,
  faults: {
    restart: { fault: restartDatabase({ downMs: 2_000, link, graceful: false }), from: 'manual' },
  },
  play: async (table) => {
    // What a COMMIT has promised is in the log file when the server is killed, though not yet on the disk.
    const settings = { 'innodb-flush-log-at-trx-commit': '2' };
    // How long a server recovers is up to the machine that it runs on; the worker has the patience for a slow one.
    const worker = await createSync(table, { settings, policy: patient });
    await worker.start();
    const load = Promise.all(clerks.map((clerk) => work(table, worker, clerk)));
    await table.until(batches, { nth: clerks.length, withinMs: 20_000 });
    await table.inject('restart');
    await table.lift('restart');
    await load;
    await worker.sync('after');
    await worker.audit();
  },
  checks: {
    ...soundSync,
    recovers: followed('batches are applied again once the database is back', {
      each: { kind: 'fault.lifted', fault: 'restart' },
      by: { ...batches, status: 'applied' },
    }),
    'no-error': count('an outage that is survived leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
    'named-failure': each('each failed attempt is recorded as a failure of the connection', {
      of: failedAttempts,
      has: {
        level: 'debug',
        category: { anyOf: ['database', 'reset', 'refused'] },
        severity: { anyOf: ['low', 'medium', 'high'] },
      },
      given: struck,
    }),
  },
  reported: ['one-effect-each', 'recovers', 'no-error', 'named-failure', 'pool-at-rest'],
  anyAdapter: {
    kind: 'database',
    fastPace: 5,
    part: (subject) => ({
      faults: {
        restart: {
          fault: restartDatabase({ downMs: 2_000, link: databaseLink, graceful: false }),
          from: 'manual',
        },
      },
      play: async (table) => {
        const { write } = await holdDatabase(table, subject, { own: true });
        for (const id of ['before-1', 'before-2']) await write(id);
        await table.inject('restart');
        await write('during-1');
        await table.lift('restart');
        for (let nth = 1; nth <= 10; nth += 1) {
          await table.sleep(2_000);
          if ((await write(`after-${nth}`)).answer === 'ok') return;
        }
      },
      checks: {
        ...soundAdapter,
        'works-again': followed('statements are carried out again once the database is back', {
          each: { kind: 'fault.lifted', fault: 'restart' },
          by: { ...answersOn('after'), answer: 'ok' },
        }),
      },
    }),
  },
});

/** Syncs batches until the restart has fallen among them, and some more. */
async function work(table: Table, worker: TableSync, clerk: string): Promise<void> {
  for (let batch = 1, after = 0; after < 10 && batch < 500; batch += 1) {
    const { status } = await worker.sync(`${clerk}-${batch}`);
    if (status !== 'applied' || table.count(struck) > 0) after += 1;
  }
}
