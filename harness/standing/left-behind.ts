/**
 * Who has stopped holds nothing any more: no timer, no socket, no signal with a listener for each request, and nothing that somebody
 * waits for (R3.2, R3.10).
 */
import { each } from '../checks/each.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const left = { kind: 'process.left' } as const satisfies Matcher;

/** Node warns from eleven on of what may be a leak, unless it is told not to. */
const mostListeners = 10;

/** Not every subject has a word for it. */
const nothingOfIts = { unsettled: { not: { atLeast: 1 } }, bufferedBytes: { not: { atLeast: 1 } } } as const;

export const nothingHeld: StandingCheck = {
  title: 'who has stopped holds no timer, no socket, no heap of listeners and nothing without an outcome',
  judges: 'sound',
  needs: [left],
  check: (title) =>
    each(title, {
      of: left,
      has: { timers: 0, sockets: 0, mostListeners: { atMost: mostListeners }, ...nothingOfIts },
      given: left,
    }),
};
