/** The server that a subject talks to is sound: a verdict about a client means nothing where the server has a bug. */
import { count } from '../checks/count.ts';
import { type Matcher, select } from '../journal/matcher.ts';
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

const announced = {
  kind: 'server.log',
  event: { anyOf: ['agent_registered', 'agent_online'] },
} as const satisfies Matcher;

export const backFromOffline: StandingCheck = {
  title: 'no agent comes back online that was not offline',
  judges: 'sound',
  needs: [announced],
  check: (title, { entries }) =>
    count(title, {
      of: { ...announced, event: 'agent_online' },
      given: announced,
      atMost: select(entries, { ...announced, event: 'agent_offline' }).length,
      unit: 'times',
    }),
};
