/** R3.9 R3.10 R3.3 R3.5, field issue H3: a connection is killed in the middle of a batch. */
import {
  count,
  each,
  followed,
  holdLocks,
  killConnections,
  type Matcher,
  noSecret,
  scenario,
} from 'shaketable';
import { answersOn, holdDatabase, soundAdapter } from '../rigs/any-adapter.ts';
import { batches, createSync, errorRecords, failedAttempts, soundSync } from '../rigs/sync.ts';

const struck = { kind: 'fault.strike', fault: 'kill' } satisfies Matcher;

scenario({
  id: 'noise-and-leaks/database-connection-killed',
  title: 'A killed database connection is replaced, and the batch it carried is done once',
  requirements: ['R3.3', 'R3.5', 'R3.9', 'R3.10'],
  except: { simulated: 'the database in memory has no locks that a statement could wait for' },
  story:
    'A sync worker writes batches of rows to MySQL. One of its batches is waiting for a row that somebody else has locked ' +
    'when an administrator kills its connection. The database is up all the time. As reported, the worker has that one ' +
    'connection and no other: every batch from then on fails with "Can\'t add new command when connection is in closed ' +
    'state", until it is restarted, and the log fills with errors that show its password.',
  fastPace: 10,
  faults: {
    hold: {
      fault: holdLocks({ lock: "SELECT * FROM sync_items WHERE id = 'stock' FOR UPDATE" }),
      from: 'manual',
    },
    kill: { fault: killConnections(), from: 'manual' },
  },
  play: async (table) => {
    const worker = await createSync(table);
    await worker.start();
    await worker.sync('before', { shared: ['stock'] });
    await table.inject('hold');
    const during = worker.sync('during', { shared: ['stock'] });
    await table.until({ kind: 'fault.strike', fault: 'hold' }, { withinMs: 20_000 });
    await table.inject('kill');
    await table.lift('hold');
    await during;
    await worker.sync('after-1', { shared: ['stock'] });
    await worker.sync('after-2');
    await worker.audit();
  },
  checks: {
    ...soundSync,
    'works-again': followed('batches are applied again after the kill', {
      each: struck,
      by: { ...batches, status: 'applied' },
    }),
    'no-error': count('a kill that is survived leaves no error in the log', {
      of: errorRecords,
      given: struck,
      atMost: 0,
      unit: 'records',
    }),
    'named-failure': each(
      'the interrupted attempt is recorded as a lost connection that is worth another try',
      {
        of: failedAttempts,
        has: {
          level: 'debug',
          category: { anyOf: ['database', 'reset'] },
          severity: { anyOf: ['low', 'medium'] },
          definite: true,
        },
        given: struck,
      },
    ),
    'no-password': noSecret('the database password is in no output', { secrets: ['database password'] }),
  },
  reported: ['works-again', 'one-effect-each', 'no-error', 'named-failure', 'no-password'],
  anyAdapter: {
    kind: 'database',
    part: (subject) => ({
      faults: { kill: { fault: killConnections(), from: 'manual' } },
      play: async (table) => {
        const { write } = await holdDatabase(table, subject);
        for (const id of ['before-1', 'before-2']) await write(id);
        await table.inject('kill');
        await table.lift('kill');
        for (const id of ['after-1', 'after-2', 'after-3']) {
          await table.sleep(2_000);
          await write(id);
        }
      },
      checks: {
        ...soundAdapter,
        'works-again': followed('statements are carried out again after the kill', {
          each: struck,
          by: { ...answersOn('after'), answer: 'ok' },
          onlyFirst: true,
        }),
        'nothing-fails': each('no statement fails because an idle connection was killed', {
          of: answersOn('after'),
          has: { answer: 'ok' },
          given: struck,
        }),
      },
    }),
  },
});
