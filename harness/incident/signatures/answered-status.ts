/** What the signatures of answers share: a server that answers, and with a status that is none of success. */
import type { Failures } from '../features/observed.ts';
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { failingShare, unexplained } from './connections-cut.ts';
import { inTurn, rhythm, rounds, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

/** A signature for the answers with some statuses. */
export function answeredStatus(
  id: string,
  statuses: RegExp,
  words: Pick<Signature, 'title' | 'shows' | 'contradictedBy'>,
): Signature {
  return {
    id,
    ...words,
    match(observed) {
      const failing = observed.failures.filter(({ family }) => statuses.test(family));
      const [most] = failing;
      if (most === undefined) return undefined;
      const status = Number(most.family.slice('status:'.length));
      const { against, part } = unexplained(
        observed,
        failing.map(({ family }) => family),
      );
      const share = failingShare(observed, most);
      const work = workOf(observed);
      const isAll = share.value > 0.95;
      const turn = isAll ? undefined : turnOf(most, share.value);
      const every = inTurn(rhythm(observed, most, work), turn);
      const some = isAll ? {} : turn === undefined ? { share: share.value } : { every: turn };
      return {
        score: 0.85 * part,
        reasons: [`${most.events.length} × status ${status}`],
        against,
        evidence: most.events,
        parameters: [{ name: 'status', value: status, from: 'as the data say' }, share, every],
        cast: {
          plan: {
            part: 'retrying',
            work,
            everyMs: every.playMs,
            attempts: 1,
            seesInside: true,
            steps: [{ fault: 'errors', forMs: rounds(every.playMs, isAll ? 6 : 14) }],
          },
          faults: {
            errors: {
              call: 'toxic',
              args: { type: 'http_status', attributes: { status, ...some } },
              link: 'agent→server',
            },
          },
          checks: { 'told-few-times': toldFewTimes(struck('errors'), 8) },
          reported: ['told-few-times'],
        },
      };
    },
  };
}

/** Every how many requests it is, where that is regular; undefined where it comes by chance. */
function turnOf({ jitter = 1 }: Failures, share: number): number | undefined {
  const every = Math.round(1 / share);
  return jitter < 0.3 && Math.abs(share * every - 1) < 0.15 ? every : undefined;
}
