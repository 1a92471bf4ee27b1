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
