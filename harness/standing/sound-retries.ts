/** Who tries again does so in good order, on every path that announces its waits (R2.6, R3.3). */
import { persevered } from '../checks/persevered.ts';
import { soundWaits } from '../checks/sound-waits.ts';
import type { Matcher } from '../journal/matcher.ts';
import type { StandingCheck } from './standing-check.ts';

/** A record that was held back carries its time of writing, and a lost connection is no attempt. */
const announced = {
  kind: 'agent.log',
  event: 'attempt_failed',
  url: { exists: true },
  delayMs: { atLeast: 0 },
  heldBackMs: { exists: false },
  lost: { exists: false },
} as const satisfies Matcher;

const givenUp = { kind: 'agent.log', event: 'operation_failed' } as const satisfies Matcher;

/** What a second attempt keeps at least: half of the second that every policy here begins with, however its jitter falls. */
const leastFirstMs = 500;

/** By how much a timer of Node may be early, in real milliseconds: it leaves out the fraction, and counts from the whole millisecond before. */
const timerMs = 2;

/** How long a wait is that the server asks for, the program does not decide. */
const asked = { kind: 'agent.log', retryAfterMs: { exists: true } } as const satisfies Matcher;

export const goodWaits: StandingCheck = {
  title: 'waits between attempts begin long enough, grow, differ and are kept',
  judges: 'sound',
  needs: [announced],
  unless: asked,
  check: (title, { pace }) =>
    soundWaits(title, {
      of: announced,
      ends: { ...givenUp, url: { exists: true }, heldBackMs: { exists: false } },
      wait: 'delayMs',
      attempt: 'attempt',
      by: ['log', 'operation', 'url'],
      earlyMs: Math.max(100, timerMs * pace),
      leastFirstMs,
    }),
};

/** Streams and reports that are tried for as long as it takes: there is no request whose record could give them up. */
const announcedForGood = {
  kind: 'agent.log',
  event: { anyOf: ['event_stream_lost', 'report_attempt_failed'] },
  delayMs: { atLeast: 1 },
} as const satisfies Matcher;

export const goodWaitsForGood: StandingCheck = {
  title: 'so do those of what is tried for as long as it takes',
  judges: 'sound',
  needs: [announcedForGood],
  check: (title, { pace }) =>
    soundWaits(title, {
      of: announcedForGood,
      wait: 'delayMs',
      attempt: 'attempt',
      by: ['log', 'event', 'sequence', 'code'],
      earlyMs: Math.max(100, timerMs * pace),
      leastFirstMs,
    }),
};

const mightPass = {
  ...givenUp,
  category: { anyOf: ['name_resolution', 'refused', 'reset', 'timeout'] },
  attempts: { exists: true },
} as const satisfies Matcher;

export const allAttempts: StandingCheck = {
  title: 'nothing that may pass is given up before its last attempt',
  judges: 'sound',
  needs: [mightPass],
  check: (title) =>
    persevered(title, {
      of: mightPass,
      attempt: 'attempt',
      attempts: 'attempts',
    }),
};
