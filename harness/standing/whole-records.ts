/** A record says what it is about: nothing that was not there when the text was made stands in it (R4.3). */
import { count } from '../checks/count.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const records = { kind: 'agent.log' } as const satisfies Matcher;

export const wholeRecords: StandingCheck = {
  title: 'no record says undefined, NaN or [object Object]',
  judges: 'sound',
  needs: [records],
  check: (title) =>
    count(title, {
      of: { ...records, message: { matches: '(^|\\W)(undefined|NaN|\\[object \\w+\\])(\\W|$)' } },
      given: records,
      atMost: 0,
      unit: 'records',
    }),
};
