/** What the signatures of databases share: a worker whose batches meet an error of MySQL or MariaDB. */

import type { CheckCall, FaultCall } from '../../scenario-text/calls.ts';
import type { Writable } from '../../scenario-text/source-text.ts';
import { struck, toldFewTimes } from '../scenario/checks.ts';
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

/** The signature of an error. */
export function databaseError({
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

const runs: Writable = { kind: 'database.row', query: 'sync_runs' };

const oneEffectEach: CheckCall = {
  call: 'oneEffectEach',
  title: 'every batch takes effect exactly once',
  params: { effects: runs, key: 'runId', operations: { kind: 'subject.note', name: 'sync' } },
};

const noError: CheckCall = {
  call: 'count',
  title: 'what is survived leaves no error in the log',
  params: {
    of: { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } },
    given: { kind: 'fault.strike', fault: 'trouble' },
    atMost: 0,
    unit: 'records',
  },
};
