/** What is given up is told of once for as long as it lasts, not with every further attempt (R1.4, R3.4). */
import { toldOnce } from '../checks/told-once.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

/** One that was held back is the reminder that it goes on, with how often it came meanwhile. */
const givenUp = {
  kind: 'agent.log',
  event: 'operation_failed',
  operation: { exists: true },
  heldBackMs: { exists: false },
} as const satisfies Matcher;

/** An agent that starts knows nothing of what another one told in the same log. */
const over = {
  kind: 'agent.log',
  event: { anyOf: ['operation_recovered', 'agent_started', 'agent_stopped'] },
} as const satisfies Matcher;

/** Several programs, or several clients of one, may write into one log: each tells for itself, and of where it wanted to go. */
const writer = ['log', 'pid', 'url'];

/** Less than the shortest time after which the agents remind of what goes on. */
const withinMs = 50_000;

export const oneRecordEach: StandingCheck = {
  title: 'what was given up is told of once while it lasts',
  judges: 'sound',
  needs: [givenUp],
  check: (title) => toldOnce(title, { of: givenUp, by: [...writer, 'operation', 'code'], over, withinMs }),
};

/** What a program goes on with all the same is not over until it says so: there is nothing to be reminded of. */
const untilItIsOverMs = 7 * 86_400_000;

const keptTrying = {
  kind: 'agent.log',
  event: 'operation_failed',
  message: { matches: 'Still trying' },
} as const satisfies Matcher;

export const oneRecordOfAnOutage: StandingCheck = {
  title: 'an outage that is waited out is told of once, whatever the reason of each attempt',
  judges: 'sound',
  needs: [keptTrying],
  check: (title) =>
    toldOnce(title, { of: keptTrying, by: [...writer, 'operation'], over, withinMs: untilItIsOverMs }),
};

/** A token that is refused for one request is refused for all. */
const refused = {
  kind: 'agent.log',
  event: 'auth_refused',
  confirmed: true,
} as const satisfies Matcher;

const acceptedAgain = {
  kind: 'agent.log',
  event: { anyOf: ['operation_recovered', 'agent_started', 'agent_stopped'] },
  operation: { not: { matches: '^(?!authentication$)' } },
} as const satisfies Matcher;

export const oneRecordOfARefusal: StandingCheck = {
  title: 'a refused token is told of once, until it is accepted again',
  judges: 'sound',
  needs: [refused],
  check: (title) =>
    toldOnce(title, {
      of: refused,
      by: ['log', 'pid', 'server'],
      over: acceptedAgain,
      withinMs: untilItIsOverMs,
    }),
};
