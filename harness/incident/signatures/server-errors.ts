/** The server answers, with an error of its own. */
import { struck, toldFewTimes } from '../scenario/checks.ts';
import { failingShare, unexplained } from './connections-cut.ts';
import { rhythm, rounds, workOf } from './measure.ts';
import type { Signature } from './signature.ts';

/** A signature for the answers of one kind. */
function answers(
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
      const every = rhythm(observed, most, work);
      const isAll = share.value > 0.95;
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
              args: { type: 'http_status', attributes: { status, ...(isAll ? {} : { share: share.value }) } },
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

export const serverErrors = answers('server-errors', /^status:5\d\d$/, {
  title: 'The server answers with errors of its own',
  shows: 'Requests are answered 500 to 599, all or a share of them, while connections are healthy.',
  contradictedBy: 'Resets and time-outs in the same time: then the path or the process is what fails.',
});

export const rateLimited = answers('rate-limited', /^status:429$/, {
  title: 'The server answers that requests come too often',
  shows: 'Requests are answered 429, in bursts or from a certain rate on.',
  contradictedBy: 'A 429 for every request at whatever rate, which is a quota and no rate.',
});
