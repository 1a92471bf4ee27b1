/** Everything ends in bounded time, and who is asked to stop leaves no connection behind. */
import { count } from '../checks/count.ts';
import { each } from '../checks/each.ts';
import { nothingLeftOpen } from '../checks/nothing-left-open.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

const stopped = { kind: 'lab.stopped' } as const satisfies Matcher;

/** Lab time for work in progress, and real time for a machine that is slow to let it end. */
const longestMs = 20_000;
const longestRealMs = 2_000;

export const promptStop: StandingCheck = {
  title: 'who is asked to stop does so before long',
  judges: 'sound',
  needs: [stopped],
  check: (title, { pace }) =>
    each(title, {
      of: stopped,
      has: { tookMs: { atMost: longestMs + longestRealMs * pace } },
      given: stopped,
    }),
};

/** Connections to a server of HTTPS or WebSocket. */
const secured = { kind: 'tls.client-hello' } as const satisfies Matcher;

export const allClosed: StandingCheck = {
  title: 'who has stopped has no connection left',
  judges: 'sound',
  needs: [secured, stopped],
  check: (title) => nothingLeftOpen(title, { of: secured, since: stopped }),
};

const hung = { kind: 'lab.hung' } as const satisfies Matcher;

/** A hang is the only evidence there is: what ended leaves none. */
export const everythingEnds: StandingCheck = {
  title: 'story and stop end in bounded time',
  judges: 'every',
  needs: [hung],
  check: (title) => count(title, { of: hung, given: hung, atMost: 0, unit: 'without an end' }),
};
