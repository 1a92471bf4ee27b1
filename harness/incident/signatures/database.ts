/** What a database says when it cannot do what it is asked: a signature for each error of MySQL and MariaDB. */

import { struck, toldFewTimes } from '../scenario/checks.ts';
import type { FaultCall, SourceCheck, SourceValue } from '../scenario/source.ts';
import { unexplained } from './connections-cut.ts';
import { rhythm, rounds } from './measure.ts';
import type { Signature } from './signature.ts';

/** How one error is made. */
interface DatabaseError {
  readonly id: string;
  readonly families: readonly string[];
  readonly title: string;
  readonly shows: string;
  readonly contradictedBy: string;
  readonly fault: FaultCall;
  readonly settings?: Readonly<Record<string, string>>;
  /** Nothing of the work gets through, and the worker has to say so, once. */
  readonly isFinal?: true;
  /** The worker meets it when it starts. */
  readonly atStart?: true;
  /** How long it holds for each piece of work, ms. */
  readonly forMs?: number;
}

function signatureOf({
  id,
  families,
  title,
  shows,
  contradictedBy,
  fault,
  settings,
  forMs,
  isFinal,
  atStart,
}: DatabaseError): Signature {
  return {
    id,
    title,
    shows,
    contradictedBy,
    match(observed) {
      const failing = observed.failures.filter(({ family }) => families.includes(family));
      const [most] = failing;
      if (most === undefined) return undefined;
      const { against, part } = unexplained(observed, families);
      const every = rhythm(
        observed,
        most.size > 1 || most.periodMs !== undefined ? most : undefined,
        'batch',
      );
      return {
        score: 0.9 * part,
        reasons: [`${most.events.length} × MySQL error ${most.family.slice('mysql:'.length)}`],
        against,
        evidence: most.events,
        parameters: [
          every,
          { name: 'error', value: most.family.slice('mysql:'.length), from: 'as the data say' },
        ],
        cast: {
          plan: {
            part: 'sync',
            work: 'batch',
            ...(atStart ? { atStart } : {}),
            everyMs: Math.min(every.playMs, 10_000),
            ...(settings === undefined ? {} : { database: settings }),
            steps: [{ fault: 'trouble', forMs: forMs ?? rounds(Math.min(every.playMs, 10_000), 4) }],
          },
          faults: { trouble: fault },
          checks: isFinal
            ? { 'told-few-times': toldFewTimes(struck('trouble'), 6) }
            : { 'one-effect-each': oneEffectEach, 'no-error': noError },
          reported: isFinal ? ['told-few-times'] : ['one-effect-each', 'no-error'],
        },
      };
    },
  };
}

const runs: SourceValue = { kind: 'database.row', query: 'sync_runs' };

const oneEffectEach: SourceCheck = {
  call: 'oneEffectEach',
  title: 'every batch takes effect exactly once',
  params: { effects: runs, key: 'runId', operations: { kind: 'subject.note', name: 'sync' } },
};

const noError: SourceCheck = {
  call: 'count',
  title: 'what is survived leaves no error in the log',
  params: {
    of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
    given: { kind: 'fault.strike', fault: 'trouble' },
    atMost: 0,
    unit: 'records',
  },
};

export const databaseDeadlock = signatureOf({
  id: 'database-deadlock',
  families: ['mysql:1213'],
  title: 'Transactions are the victims of deadlocks',
  shows: 'Error 1213 now and then, under load, for statements that work when they are repeated.',
  contradictedBy: 'Error 1205: then locks are held for long rather than taken crosswise.',
  fault: {
    call: 'deadlocks',
    args: {
      first: "UPDATE sync_items SET version = version + 1 WHERE id >= 'account-2' ORDER BY id",
      second: "UPDATE sync_items SET version = version + 1 WHERE id = 'account-1'",
      times: 5,
    },
  },
});

export const databaseLockWait = signatureOf({
  id: 'database-lock-wait',
  families: ['mysql:1205'],
  title: 'A transaction of somebody else holds locks for longer than others wait',
  shows: 'Error 1205 after the lock wait time-out, for the same rows again and again.',
  contradictedBy: 'Error 1213, or waits that end by themselves.',
  fault: { call: 'holdLocks', args: { lock: "SELECT * FROM sync_items WHERE id = 'account-1' FOR UPDATE" } },
  settings: { 'innodb-lock-wait-timeout': '1' },
  forMs: 30_000,
});

export const databaseFull = signatureOf({
  id: 'database-full',
  families: ['mysql:1040'],
  title: 'The database takes no more connections',
  shows: 'Error 1040 for new connections, while those that are open go on.',
  contradictedBy: 'Refused connections: then no database is there at all.',
  fault: { call: 'connectionLimit' },
  atStart: true,
  forMs: 6_000,
});

export const databaseReadOnly = signatureOf({
  id: 'database-read-only',
  families: ['mysql:1290'],
  title: 'The database has become read-only, as after a fail-over',
  shows: 'Error 1290 for every write, while reads go well.',
  contradictedBy: 'Writes that succeed in between on the same connection.',
  fault: { call: 'readOnly' },
  isFinal: true,
});

export const databaseLost = signatureOf({
  id: 'database-lost',
  families: ['mysql:2013', 'mysql:2006', 'mysql:1053'],
  title: 'Connections to the database are killed or lost with it',
  shows: 'Error 2006 or 2013, PROTOCOL_CONNECTION_LOST or a link failure, on the first statement after it.',
  contradictedBy: 'Refused connections alone: then the database was down all the time.',
  fault: { call: 'killConnections' },
});
