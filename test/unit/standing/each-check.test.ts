/** Each standing check with a journal that it passes and one that it does not, and one that gives it nothing to judge by. */
import { describe, expect, it } from 'vitest';
import { runChecks } from '../../../harness/checks/registry.ts';
import { plantedMark } from '../../../harness/journal/scrub.ts';
import {
  type StandingCheckId,
  standingCheckIds,
  withStandingChecks,
} from '../../../harness/standing/index.ts';
import { entries } from '../entries.ts';

type Journal = Parameters<typeof entries>;

const record = { kind: 'agent.log', level: 'info', log: 'agent', message: 'at work' } as const;
const failed = {
  ...record,
  level: 'debug',
  event: 'attempt_failed',
  operation: 'report',
  category: 'reset',
} as const;
const announced = (attempt: number, delayMs: number, t: number) =>
  ({ ...failed, url: 'https://server/report', attempt, delayMs, t }) as const;
const givenUp = {
  ...record,
  level: 'error',
  event: 'operation_failed',
  category: 'reset',
  attempts: 3,
  operation: 'report',
} as const;
const scan = (hits: number) =>
  ({ kind: 'lab.secret-scan', output: 'agent log', secret: 'token', hits }) as const;
const opened = { kind: 'connection.open', link: 'agent→server', connection: 1 } as const;
const hello = { ...opened, kind: 'tls.client-hello' } as const;
const stopped = { kind: 'lab.stopped', tookMs: 900 } as const;
const inVain = {
  kind: 'lab.waited',
  meant: 'server.log event=request',
  nth: 1,
  withinMs: 60_000,
  stalledShare: 0,
} as const;
const cutOff = {
  kind: 'connection.close',
  link: 'agent→server',
  connection: 1,
  end: 'stopped',
  by: 'api',
} as const;
const applied = (sequence: number, machineId = 'a', key = `${machineId}:${sequence}`) =>
  ({
    kind: 'server.log',
    level: 'info',
    event: 'request',
    effect: 'applied',
    idempotencyKey: key,
    machineId,
    sequence,
  }) as const;
const stillTrying = (code: string, t: number) =>
  ({
    ...givenUp,
    operation: 'ws_connect',
    url: 'wss://server/ws?user=a',
    message: 'WebSocket not opened in 5 attempts. Still trying.',
    code,
    t,
  }) as const;
const refusal = (t: number) =>
  ({ ...record, level: 'error', event: 'auth_refused', confirmed: true, t }) as const;
const lost = (attempt: number, delayMs: number, t: number) =>
  ({
    ...record,
    level: 'debug',
    event: 'event_stream_lost',
    code: 'ECONNRESET',
    attempt,
    delayMs,
    t,
  }) as const;
const round = (t: number) =>
  ({
    kind: 'server.log',
    level: 'info',
    event: 'request',
    path: '/api/agents/4711/heartbeat',
    status: 200,
    t,
  }) as const;
const serverTells = (event: string) => ({ kind: 'server.log', level: 'info', event }) as const;
const left = { kind: 'process.left', who: 'agent', timers: 0, sockets: 0, mostListeners: 3 } as const;
const file = (mode: string) =>
  ({ kind: 'lab.log-file', writer: 'agent', log: 'agent', file: 'agent.log', mode }) as const;

/** Of the second journal the check may be unknown, where nothing is proved. */
const samples: Record<
  StandingCheckId,
  { readonly good?: Journal; readonly bad: readonly Journal[]; readonly unknown?: true }
> = {
  'standing-no-secret': {
    good: [scan(0)],
    bad: [[scan(1)], [scan(0), { ...record, message: plantedMark('token') }]],
  },
  'standing-expected-errors': { good: [record], bad: [[record, givenUp]], unknown: true },
  'standing-ends': { bad: [[{ kind: 'lab.hung', how: 'waits', part: 'stop', boundMs: 30_000 }]] },
  'standing-keeps-up': {
    bad: [[{ ...inVain, stalledShare: 0.01 }]],
  },
  'standing-quiet-survival': {
    good: [failed, { ...failed, level: 'warn', category: 'timeout' }, { ...failed, level: 'trace' }],
    bad: [
      [failed, { ...failed, level: 'warn' }],
      [{ ...failed, level: 'error' }],
      [{ ...failed, event: 'event_stream_lost', level: 'warn' }],
    ],
  },
  'standing-told-once': {
    good: [
      givenUp,
      { ...givenUp, heldBackMs: 0 },
      { ...givenUp, operation: 'heartbeat' },
      // Others that write into the same log.
      { ...givenUp, url: 'wss://server/ws?user=a' },
      { ...givenUp, url: 'wss://server/ws?user=b' },
      { ...givenUp, pid: 4711 },
      { ...givenUp, pid: 4712 },
    ],
    bad: [
      [givenUp, { ...givenUp }],
      [
        { ...givenUp, url: 'wss://server/ws?user=a' },
        { ...givenUp, url: 'wss://server/ws?user=b' },
        { ...givenUp, url: 'wss://server/ws?user=a' },
      ],
    ],
  },
  'standing-right-levels': {
    good: [
      givenUp,
      failed,
      { ...record, event: 'operation_recovered' },
      { ...record, level: 'debug', event: 'auth_refused', confirmed: false },
      { ...record, event: 'health', previous: 'degraded', state: 'healthy' },
      { kind: 'server.log', level: 'warn', event: 'request', route: '/health', status: 503 },
    ],
    bad: [
      [givenUp, { ...givenUp, level: 'warn' }],
      [{ ...record, level: 'error', event: 'auth_refused', confirmed: false }],
      [{ ...record, event: 'health', previous: 'healthy', state: 'degraded' }],
      [{ kind: 'server.log', level: 'info', event: 'request', route: '/health', status: 503 }],
    ],
  },
  'standing-outage-told-once': {
    good: [
      stillTrying('HTTP_503', 0),
      { ...record, event: 'operation_recovered', operation: 'ws_connect', t: 200_000 },
      stillTrying('ECONNRESET', 300_000),
    ],
    bad: [
      [stillTrying('HTTP_503', 0), stillTrying('HTTP_429', 200_000)],
      [
        stillTrying('HTTP_503', 0),
        { ...record, event: 'operation_recovered', operation: 'heartbeat', t: 100_000 },
        stillTrying('HTTP_503', 200_000),
      ],
    ],
  },
  'standing-refusal-told-once': {
    good: [
      refusal(0),
      { ...record, event: 'operation_recovered', operation: 'heartbeat', t: 100 },
      { ...record, event: 'operation_recovered', operation: 'authentication', t: 200 },
      refusal(300),
      { ...refusal(400), confirmed: false },
    ],
    bad: [
      [refusal(0), refusal(600_000)],
      [refusal(0), { ...record, event: 'operation_recovered', operation: 'heartbeat', t: 100 }, refusal(200)],
    ],
  },
  'standing-failures-add-up': {
    good: [
      givenUp,
      { ...givenUp, operation: 'heartbeat' },
      { ...record, level: 'error', event: 'suppressed', key: 'operation_failed report reset', count: 5 },
      { ...givenUp, heldBackMs: 0 },
      { ...record, event: 'operation_recovered', operation: 'report', failures: 7 },
      { ...record, event: 'operation_recovered', operation: 'heartbeat', failures: 1 },
    ],
    bad: [
      [givenUp, { ...record, event: 'operation_recovered', operation: 'report', failures: 2 }],
      [
        givenUp,
        { ...record, event: 'operation_recovered', operation: 'report', failures: 1 },
        { ...record, event: 'operation_recovered', operation: 'report', failures: 1 },
      ],
    ],
  },
  'standing-whole-records': {
    good: [record, { ...record, message: 'undefinedness of NaNny [objects]' }],
    bad: ['sent to undefined', 'NaN ms', 'because of [object Object]'].map((message) => [
      record,
      { ...record, message },
    ]),
  },
  'standing-plausible-times': {
    good: [{ ...failed, durationMs: 3_000, t: 4_000 }],
    bad: [
      [{ ...failed, durationMs: 1_790_000_000_000, t: 4_000 }],
      [{ ...failed, durationMs: -1, t: 4_000 }],
      [{ kind: 'server.log', event: 'request', durationMs: 8, databaseMs: 8_000, t: 4_000 }],
    ],
  },
  'standing-no-runtime-warning': {
    good: [
      record,
      { ...record, level: 'warn', message: 'DeprecationWarning: is what the program itself says' },
    ],
    bad: [
      [{ kind: 'process.warning', text: 'MaxListenersExceededWarning: Possible leak' }],
      [
        {
          kind: 'process.output',
          stream: 'stderr',
          line: '(node:4711) [DEP0040] DeprecationWarning: punycode',
        },
      ],
      [{ kind: 'process.output', stream: 'stderr', line: 'agent.py:4: ResourceWarning: unclosed socket' }],
      [record, { ...record, level: 'unknown', message: 'WARNING: DATA RACE' }],
    ],
  },
  'standing-private-logs': {
    good: [file('600'), file('400')],
    bad: [[file('600'), file('644')], [file('620')]],
  },
  'standing-prompt-stop': {
    good: [stopped],
    bad: [[{ ...stopped, tookMs: 61_000 }]],
  },
  'standing-nothing-left-open': {
    good: [
      hello,
      { kind: 'connection.end', link: 'agent→server', connection: 1, side: 'client', how: 'fin' },
      stopped,
      cutOff,
    ],
    bad: [[hello, stopped, cutOff]],
  },
  'standing-nothing-held': {
    good: [left, { ...left, mostListeners: 10 }, { ...left, unsettled: 0, bufferedBytes: 0 }],
    bad: [
      [{ ...left, unsettled: 1 }],
      [{ ...left, unsettled: 0, bufferedBytes: 60 }],
      [{ ...left, timers: 1 }],
      [left, { ...left, sockets: 1 }],
      [{ ...left, mostListeners: 11 }],
    ],
  },
  'standing-sound-waits': {
    good: [
      announced(1, 1_010, 0),
      announced(2, 1_950, 1_100),
      announced(1, 970, 9_000),
      { ...givenUp, attempt: 2, t: 10_000 },
    ],
    bad: [
      // Cut short, falling back, and the same for all.
      [announced(1, 1_010, 0), announced(2, 1_950, 600)],
      [announced(1, 2_000, 0), announced(2, 800, 2_100)],
      [announced(1, 1_000, 0), announced(1, 1_000, 9_000), announced(1, 1_000, 18_000)],
      [announced(1, 1_010, 0), { ...announced(2, 0, 300), ...givenUp, attempt: 2 }],
      // Too short at first, and no longer two attempts later.
      [announced(1, 400, 0), announced(2, 2_000, 500)],
      [announced(1, 0, 0)],
      [announced(1, 1_010, 0), announced(2, 950, 1_100), announced(3, 1_040, 2_100)],
    ],
  },
  'standing-sound-stream-waits': {
    good: [lost(1, 3_100, 0), lost(2, 6_100, 3_200), lost(3, 12_500, 9_400), lost(1, 3_010, 90_000)],
    bad: [[lost(1, 300, 0)], [lost(1, 3_100, 0), lost(2, 3_000, 3_200), lost(3, 3_050, 6_300)]],
  },
  'standing-all-attempts': {
    good: [
      { ...givenUp, attempt: 3 },
      { ...givenUp, attempt: 1, category: 'tls' },
    ],
    bad: [
      [
        { ...givenUp, attempt: 3 },
        { ...givenUp, attempt: 1 },
      ],
    ],
  },
  'standing-no-storm': {
    good: Array.from({ length: 100 }, () => ({ ...opened, t: 0 })),
    bad: [Array.from({ length: 101 }, () => ({ ...opened, t: 0 }))],
  },
  'standing-no-flood': {
    good: [...Array.from({ length: 500 }, () => ({ ...failed, t: 0 })), record],
    bad: [Array.from({ length: 51 }, () => ({ ...record, t: 0 }))],
  },
  'standing-no-catching-up': {
    good: [...Array.from({ length: 10 }, (_, n) => round(n * 15_000)), round(150_100), round(150_200)],
    bad: [[round(0), ...Array.from({ length: 5 }, (_, n) => round(60_000 + n * 20))]],
  },
  'standing-one-effect': {
    good: [applied(1), applied(2)],
    bad: [[applied(1), applied(2), applied(2)]],
  },
  'standing-nothing-lost': {
    good: [
      applied(1),
      applied(3),
      applied(7, 'b'),
      { ...record, level: 'error', event: 'report_lost', sequence: 2 },
    ],
    bad: [[applied(1), applied(2, 'b'), applied(3), applied(4, 'b'), record]],
  },
  'standing-says-that-it-stopped': {
    good: [
      { ...record, event: 'agent_started' },
      { ...record, event: 'agent_stopped' },
    ],
    bad: [[{ ...record, event: 'agent_started' }]],
  },
  'standing-back-from-offline': {
    good: [serverTells('agent_registered'), serverTells('agent_offline'), serverTells('agent_online')],
    bad: [
      [serverTells('agent_registered'), serverTells('agent_online')],
      [serverTells('agent_online'), serverTells('agent_offline'), serverTells('agent_online')],
    ],
  },
  'standing-sound-server': {
    good: [applied(1), { kind: 'server.log', level: 'error', event: 'database_error' }],
    bad: [[applied(1), { kind: 'server.log', level: 'error', event: 'internal_error' }]],
  },
};

function judge(id: StandingCheckId, journal: Journal, expected: 'pass' | 'fail' = 'pass', pace = 20) {
  const history = entries(...journal);
  const checks = withStandingChecks({ entries: history, checks: {}, pace }, expected);
  return runChecks(history, checks).find((result) => result.id === id);
}

describe.each(standingCheckIds)('%s', (id) => {
  const { good, bad, unknown = false } = samples[id];

  it('passes what is sound, or has nothing to say of it', () => {
    expect(judge(id, good ?? [record])?.outcome).toBe(good && 'pass');
  });

  it.each(bad.map((journal) => [journal] as const))('does not pass what is not: %j', (journal) => {
    expect(judge(id, journal)).toMatchObject({ outcome: unknown ? 'unknown' : 'fail' });
  });

  it('does not apply where there is nothing to judge by', () => {
    expect(
      judge(id, [{ kind: 'fault.strike', fault: 'x', faultKind: 'reset', reason: 'it was there' }]),
    ).toBeUndefined();
  });
});

it('judges only secrets and hangs of a subject that is to fail', () => {
  const judging = standingCheckIds.filter((id) => judge(id, samples[id].bad[0] ?? [], 'fail') !== undefined);

  expect(judging).toEqual(['standing-no-secret', 'standing-ends']);
});

it.each([
  { pace: 20, outcome: 'fail' },
  { pace: 250, outcome: 'pass' },
])('allows a timer what timers have, which at pace $pace is pace times as much', ({ pace, outcome }) => {
  const early = [announced(1, 944, 0), announced(2, 2_112, 590)] as const;

  expect(judge('standing-sound-waits', [...early], 'pass', pace)).toMatchObject({ outcome });
});

it('leaves waits alone whose length the server decides', () => {
  const asked = { ...announced(1, 20_000, 0), retryAfterMs: 20_000 } as const;

  expect(judge('standing-sound-waits', [asked, announced(2, 1_000, 20_100)])).toBeUndefined();
});

it('blames nobody for a wait on a machine that stood still, or for a fault that did not strike', () => {
  expect(judge('standing-keeps-up', [{ ...inVain, stalledShare: 0.2 }])).toBeUndefined();
  expect(judge('standing-keeps-up', [{ ...inVain, meant: 'fault.strike fault=cut' }])).toBeUndefined();
});

it('asks no last word of a program that was killed', () => {
  const killed = {
    kind: 'process.exit',
    process: 'agent',
    code: null,
    signal: 'SIGKILL',
    ranMs: 9_000,
  } as const;

  expect(
    judge('standing-says-that-it-stopped', [{ ...record, event: 'agent_started' }, killed]),
  ).toBeUndefined();
});
