/** Each ERROR record of the subject is one that a check of the scenario asks for (R1.4). */
import { expectedErrors, judgedRecords } from '../checks/expected-errors.ts';
import type { StandingCheck } from './standing-check.ts';

export const everyErrorIsJudged: StandingCheck = {
  title: 'no ERROR record goes unseen',
  judges: 'sound',
  needs: [{ kind: 'agent.log' }],
  check(title, { checks }) {
    const judged = Object.values(checks).flatMap(({ params }) => judgedRecords(params));
    return expectedErrors(title, { judged });
  },
};
