/** What the signatures of refusals share: the server understands, and says no until somebody changes a row. */

import type { Writable } from '../../scenario-text/source-text.ts';
import type { Observed } from '../features/observed.ts';
import { toldFewTimes } from '../scenario/checks.ts';
import { partOf, rhythm, workOf } from './measure.ts';
import type { Match } from './signature.ts';

/** How a refusal is made in the lab. */
export interface Refusal {
  readonly status: number;
  /** The words of the answer that say that it is this cause. */
  readonly words: RegExp;
  /** Words that say that it is another. */
  readonly otherWords: RegExp;
  readonly fault: string;
  readonly kind: string;
  readonly apply: string;
  readonly revert?: string;
  readonly work?: 'heartbeat';
}

/** What speaks for a refusal of this kind. */
export function matchRefusal(observed: Observed, refusal: Refusal): Match | undefined {
  const refused = observed.failuresOf(`status:${refusal.status}`);
  if (refused === undefined) return undefined;
  const others = observed.failures.filter((failures) => failures !== refused);
  const othersCount = others.reduce((sum, { events }) => sum + events.length, 0);
  const said = observed.events.find(({ quote }) => refusal.words.test(quote));
  const contradicted = observed.events.find(({ quote }) => refusal.otherWords.test(quote));
  const mixed = observed.mixedPairs.some(({ status }) => status === refusal.status);
  const work = refusal.work ?? workOf(observed);
  const every = rhythm(observed, refused, work);
  const answered: Writable = { kind: 'server.log', event: 'request', status: refusal.status };
  const share = refused.events.length / (refused.events.length + othersCount);
  return {
    score: share * ((said ? 0.92 : 0.7) - (mixed ? 0.5 : 0)) - (contradicted ? 0.3 : 0),
    reasons: [
      `${refused.events.length} × status ${refusal.status}`,
      ...(said ? [`the answer says why: ${said.quote.slice(0, 80)}`] : []),
    ],
    against: [
      ...(said ? [] : ['the answer’s own words are not there']),
      ...(contradicted ? [`another reason is named: ${contradicted.quote.slice(0, 80)}`] : []),
      ...(mixed ? ['the same request is accepted right beside it'] : []),
      ...others.map(({ family, events }) => `${events.length} × ${family} is not explained by it`),
    ],
    evidence: said && !refused.events.includes(said) ? [...refused.events.slice(0, 5), said] : refused.events,
    parameters: [every, { name: 'status', value: refusal.status, from: 'as the log says' }],
    cast: {
      plan: {
        part: partOf(observed) === 'retrying' || refused.size < 2 ? 'retrying' : 'agent',
        work,
        everyMs: every.playMs,
        steps: [{ fault: refusal.fault, forMs: Math.round(every.playMs * 6.5) }],
      },
      faults: {
        [refusal.fault]: {
          call: 'changeRows',
          args: {
            kind: refusal.kind,
            apply: refusal.apply,
            ...(refusal.revert === undefined ? {} : { revert: refusal.revert }),
            struckBy: answered,
          },
        },
      },
      checks: { 'told-few-times': toldFewTimes(answered, 2) },
      reported: ['told-few-times'],
    },
  };
}
