/** Who is in trouble does not make it worse: no storm of connections (R3.3, field issue D11) or of missed rounds, no flood of records (R3.4). */
import { burst } from '../checks/burst.ts';
import type { Matcher } from '../journal/matcher.ts';
import { aboveDebug, type StandingCheck } from './standing-check.ts';

const connections = { kind: 'connection.open' } as const satisfies Matcher;
const records = { kind: 'agent.log', level: { anyOf: aboveDebug } } as const satisfies Matcher;

/** A loop that does not wait makes hundreds; what is sound made 52 connections for 60 channels, and 16 records, at the most. */
const withinMs = 5_000;
const mostConnections = 100;
const mostRecords = 50;

export const noStorm: StandingCheck = {
  title: 'no link sees a storm of connections',
  judges: 'sound',
  needs: [connections],
  check: (title) =>
    burst(title, {
      of: connections,
      withinMs,
      atMost: mostConnections,
      groupBy: 'link',
      unit: 'connections',
    }),
};

export const noFlood: StandingCheck = {
  title: 'no log is flooded',
  judges: 'sound',
  needs: [records],
  check: (title) =>
    burst(title, {
      of: records,
      withinMs,
      atMost: mostRecords,
      groupBy: 'log',
      unit: 'records above DEBUG',
    }),
};

/** What an agent does round after round. Reports are not among them: each of those is kept until it is delivered. */
const rounds = {
  kind: 'server.log',
  event: 'request',
  path: { matches: '^/api/agents/[^/]+/(heartbeat|commands)$' },
  status: 200,
  aborted: { exists: false },
} as const satisfies Matcher;

/** One round, and what of it was answered and asked for again. Loops of the lab come round every second at the most. */
const roundMs = 2_000;
const mostOfRounds = 4;

export const noCatchingUp: StandingCheck = {
  title: 'rounds that were missed are left out, not made up for all at once',
  judges: 'sound',
  needs: [rounds],
  check: (title) =>
    burst(title, {
      of: rounds,
      withinMs: roundMs,
      atMost: mostOfRounds,
      groupBy: 'path',
      unit: 'rounds',
    }),
};
