/** What is survived is no alarm (R1.4): a failed attempt that another one follows stays at DEBUG, a time-out at WARN (R2.6). */
import { count } from '../checks/count.ts';
import type { Matcher } from '../journal/matcher.ts';
import { aboveDebug, type StandingCheck } from './standing-check.ts';

const survived = {
  kind: 'agent.log',
  event: { anyOf: ['attempt_failed', 'report_attempt_failed', 'event_stream_lost'] },
} as const satisfies Matcher;

export const quietSurvival: StandingCheck = {
  title: 'an attempt that failed and is followed by another stays at DEBUG',
  judges: 'sound',
  needs: [survived],
  check: (title) =>
    count(title, {
      of: { ...survived, level: { anyOf: aboveDebug }, category: { not: 'timeout' } },
      given: survived,
      atMost: 0,
      unit: 'records above DEBUG',
    }),
};
