/** The server that a subject talks to is sound: a verdict about a client means nothing where the server has a bug. */
import { count } from '../checks/count.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const requests = { kind: 'server.log', event: 'request' } as const satisfies Matcher;

export const soundServer: StandingCheck = {
  title: 'the server has no error but those of its database',
  judges: 'sound',
  needs: [requests],
  check: (title) =>
    count(title, {
      of: {
        kind: 'server.log',
        level: { anyOf: ['error', 'fatal'] },
        event: { not: 'database_error' },
      },
      given: requests,
      atMost: 0,
      unit: 'ERROR records of the server',
    }),
};
