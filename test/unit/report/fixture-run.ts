/**
 * A run as the lab leaves it, built in code: scenarios of every outcome, with journals that tell their story.
 */
import type { Entry, EntryKind, JsonObject, Source } from '../../../harness/journal/entry.ts';
import type { Recording } from '../../../harness/journal/store.ts';
import type { Journals } from '../../../harness/report/read-run.ts';
import type {
  CheckResult,
  RunResult,
  ScenarioResult,
  SubjectResult,
} from '../../../harness/report/run-result.ts';

type Draft = [t: number, source: Source, kind: EntryKind, fields?: JsonObject];

/** Entries in order of time, numbered from 1. */
export function entriesOf(drafts: readonly Draft[]): Entry[] {
  const ordered = drafts.toSorted((a, b) => a[0] - b[0]);
  return ordered.map(
    ([t, source, kind, fields], index) => ({ n: index + 1, t, source, kind, ...fields }) as unknown as Entry,
  );
}

export function recording(scenario: string, subject: string, drafts: readonly Draft[]): Recording {
  return {
    header: {
      journal: 1,
      scenario,
      subject,
      seed: 7,
      pace: 20,
      startedAt: '2026-03-02T09:30:00.000Z',
      labStart: 1_772_443_800_000,
      checks: {},
    },
    entries: entriesOf(drafts),
  };
}

export function check(
  id: string,
  outcome: CheckResult['outcome'],
  fields: Partial<CheckResult> = {},
): CheckResult {
  return { id, outcome, measured: 1, expected: 'at most 1', evidence: [], ...fields };
}

export function subject(
  name: string,
  checks: readonly CheckResult[],
  fields: Partial<SubjectResult> = {},
): SubjectResult {
  const outcomes = checks.map((one) => one.outcome);
  const worst = outcomes.includes('fail') ? 'fail' : outcomes.includes('unknown') ? 'unknown' : 'pass';
  const expected = name === 'naive' ? 'fail' : 'pass';
  return { name, expected, outcome: worst, journal: '', checks, ...fields };
}

export function scenario(id: string, fields: Partial<ScenarioResult> = {}): ScenarioResult {
  return {
    id,
    title: 'A connection a request, a handshake a connection',
    requirements: ['R1.1'],
    world: 'local',
    seed: 7,
    durationMs: 2_100,
    asExpected: true,
    replay: `npm run lab -- ${id} --seed 7`,
    reported: ['handshakes'],
    subjects: [
      subject('naive', [check('handshakes', 'fail', { measured: '12/12' })]),
      subject('hardened', [check('handshakes', 'pass')]),
    ],
    faults: [],
    ...fields,
  };
}

export function runOf(scenarios: readonly ScenarioResult[], fields: Partial<RunResult> = {}): RunResult {
  return {
    version: 1,
    id: '2026-03-02T09-30-00-seed-7',
    seed: 7,
    world: 'local',
    pace: 20,
    startedAt: '2026-03-02T09:30:00.000Z',
    durationMs: 61_400,
    versions: {
      node: '24.21.0',
      shaketable: '0.1.0',
      undici: '8.12.4',
      ws: '8.23.0',
      mysql2: '3.24.6',
      database: 'MariaDB 10.11.14',
      proxy: 'shaketable 0.1.0',
    },
    outcome: 'expected',
    scenarios,
    claims: [],
    ...fields,
  };
}

/** Text as a subject could log it to break out of a report or to drive a terminal. */
export const hostile =
  '</script><img src=x onerror=alert(1)> \u001b[31mred\u001b[0m \u202egnp| ]]> & "quoted" `tick`\u0000';

/** The journal of an agent that reports every five seconds, over one connection or a new one each time. */
export function fleetJournal(scenarioId: string, name: 'naive' | 'hardened', cycles = 12): Recording {
  const drafts: Draft[] = [[0, 'subject', 'subject.note', { name: 'agent starts' }]];
  const reuses = name === 'hardened';
  const length = cycles * 5_000;
  drafts.push([
    400,
    'fault',
    'fault.installed',
    { fault: 'cut', faultKind: 'cut handshake', link: 'agent→server' },
  ]);
  drafts.push([length * 0.75, 'fault', 'fault.lifted', { fault: 'cut' }]);
  drafts.push([200, 'proxy', 'connection.open', { link: 'server→mysql', connection: 900 }]);
  drafts.push([length, 'proxy', 'connection.close', closing('server→mysql', 900, 'stopped', length - 200)]);
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const t = 500 + cycle * 5_000;
    const struck = cycle % 3 === 1 && cycle < cycles * 0.75 && (!reuses || cycle === 1);
    if (!reuses || cycle === 0 || struck) drafts.push(...handshake(t, cycle + 1, struck, reuses, length));
    if (struck) drafts.push(...failure(t + 40, name));
    const sent = struck ? t + 1_200 : t + 60;
    drafts.push([sent, 'server', 'server.log', request(cycle, 200, 'applied')]);
    if (!reuses) drafts.push([sent + 6, 'server', 'server.log', request(cycle, 200, 'duplicate')]);
    if (cycle === 6) drafts.push([sent + 20, 'server', 'server.log', request(cycle, 401, undefined)]);
    drafts.push([
      sent + 30,
      'agent',
      'agent.log',
      { level: 'info', message: 'report sent', sequence: cycle },
    ]);
    drafts.push([
      t + 2_500,
      'database',
      'database.rows',
      { query: 'machines', rows: [{ status: 'online' }] },
    ]);
    drafts.push([
      t + 100,
      'process',
      'process.sample',
      { rssBytes: 61e6, fds: 21, sockets: reuses ? 2 : 2 + cycle },
    ]);
  }
  return recording(scenarioId, name, drafts);
}

function handshake(t: number, connection: number, struck: boolean, reuses: boolean, length: number): Draft[] {
  const link = 'agent→server';
  const outcome = struck ? 'failed' : 'complete';
  const closes = struck ? t + 32 : reuses ? length : t + 140;
  return [
    [t, 'proxy', 'connection.open', { link, connection }],
    [t + 5, 'proxy', 'tls.client-hello', { link, connection, serverName: 'localhost' }],
    [
      t + 30,
      'proxy',
      'tls.handshake',
      {
        link,
        connection,
        outcome,
        version: 'TLSv1.3',
        cipher: 'TLS_AES_256_GCM_SHA384',
        resumed: false,
        durationMs: 25,
      },
    ],
    ...(struck
      ? [
          [
            t + 31,
            'fault',
            'fault.strike',
            { fault: 'cut', link, connection, reason: 'share 0.3 drawn' },
          ] as Draft,
        ]
      : []),
    [closes, 'proxy', 'connection.close', closing(link, connection, struck ? 'reset' : 'fin', closes - t)],
  ];
}

function closing(link: string, connection: number, end: string, ageMs: number): JsonObject {
  return {
    link,
    connection,
    bytesUp: 1_812,
    bytesDown: 2_410,
    end,
    by: end === 'reset' ? 'fault' : 'client',
    ageMs,
  };
}

function request(cycle: number, status: number, effect: string | undefined): JsonObject {
  const said = {
    level: 'info',
    message: 'request',
    event: 'request',
    method: 'POST',
    path: '/api/fleet/report',
  };
  return { ...said, status, durationMs: 4.2, sequence: cycle, ...(effect === undefined ? {} : { effect }) };
}

function failure(t: number, name: 'naive' | 'hardened'): Draft[] {
  const err = {
    type: 'Error',
    message: 'read ECONNRESET',
    code: 'ECONNRESET',
    stack: 'Error: read ECONNRESET\n    at x',
  };
  if (name === 'hardened') {
    const fields = {
      level: 'debug',
      message: 'attempt failed',
      event: 'attempt_failed',
      attempt: 1,
      attempts: 3,
      err,
    };
    return [[t, 'agent', 'agent.log', { ...fields, category: 'reset', severity: 'low', delayMs: 1_000 }]];
  }
  return [
    [
      t,
      'agent',
      'agent.log',
      {
        level: 'error',
        message: "Connection aborted. ConnectionResetError(104, 'Connection reset by peer')",
      },
    ],
    [
      t + 400,
      'agent',
      'agent.log',
      { level: 'warn', message: 'Retrying (Retry(total=2)) after connection broken' },
    ],
  ];
}

/** A run with each outcome, and the journals of its first scenarios. */
export function fixtureRun(): { run: RunResult; journals: Journals } {
  const journals = new Map<string, Recording>();
  const first = withJournals('fleet-resets/one-handshake-per-request', journals, {
    title: 'One handshake per request, where one would do',
    story:
      'The agent in the field opens a TLS connection for every report it sends, so that at a cycle of five seconds it pays for twelve handshakes a minute. Each of them can fail.\n\nThe hardened agent keeps its connection and pays once.',
    requirements: ['R1.1', 'R1.2'],
  });
  const second = withJournals('fleet-resets/flaky-handshakes', journals, {
    title: 'Three handshakes in ten are cut, and nobody should notice',
    requirements: ['R1.2', 'R1.4'],
    asExpected: false,
    subjects: [
      subject('naive', [
        check('handshakes', 'fail', { title: 'Handshakes a minute', measured: '12/12', evidence: [9, 14] }),
      ]),
      subject('hardened', [
        check('handshakes', 'pass', { title: 'Handshakes a minute', measured: 2, evidence: [5] }),
        check('quiet-log', 'fail', {
          title: 'Nothing above DEBUG while the fault is survived',
          measured: { error: 1, message: `Connection reset ${hostile}` },
          expected: 'no record above debug',
          evidence: [13],
        }),
      ]),
    ],
  });
  const third = scenario('silent-socket/state-is-not-proof', {
    title: 'A socket that looks open is not a peer that listens',
    requirements: ['R4.2'],
    asExpected: false,
    inconclusive: [
      'fault `cut` (tls_cut on agent→sever) never struck: no such link; links are agent→server, server→mysql',
    ],
    subjects: [
      subject('naive', [check('handshakes', 'unknown')]),
      subject('hardened', [check('handshakes', 'unknown')]),
    ],
    faults: [{ id: 'cut', kind: 'tls_cut', link: 'agent→sever', strikes: 0, reason: 'no such link' }],
  });
  const run = runOf(
    [first, second, third, scenario('unreachable/refused', { requirements: ['R2.1', 'R2.10'] })],
    {
      outcome: 'unexpected',
      claims: [
        claim('handshakes', 'TLS handshakes a minute at a 5 s cycle', 12, 1, 12, 1, '', true),
        claim('failed', 'failed handshakes', 30, 0, 31.2, 0, '%', true),
        claim('latency', 'mean request latency', '50–200', '10–20', 18.4, 4.1, 'ms', false),
        claim('silent', 'silent WebSocket send failures', 'unknown', 0, null, null, '%', null),
      ],
    },
  );
  return { run, journals };
}

function withJournals(
  id: string,
  journals: Map<string, Recording>,
  fields: Partial<ScenarioResult>,
): ScenarioResult {
  const titled = { title: 'TLS handshakes a minute' };
  const base = scenario(id, {
    subjects: [
      subject('naive', [
        check('handshakes', 'fail', {
          ...titled,
          measured: '12 of 12 requests',
          evidence: [4, 9, 14, 22, 30, 38, 44, 52, 60, 68],
        }),
        check('machine-online', 'pass', {
          title: 'The machine stays ONLINE',
          measured: 'online, 12 of 12',
          expected: 'always online',
        }),
      ]),
      subject('hardened', [
        check('handshakes', 'pass', { ...titled, evidence: [4] }),
        check('machine-online', 'pass', {
          title: 'The machine stays ONLINE',
          measured: 'online, 12 of 12',
          expected: 'always online',
        }),
      ]),
    ],
    faults: (['naive', 'hardened'] as const).map((name) => ({
      id: 'cut',
      kind: 'cut handshake',
      link: 'agent→server',
      place: 'bytes',
      strikes: name === 'naive' ? 3 : 1,
      subject: name,
      params: { share: 0.3, stage: 'ServerHello' },
    })),
    ...fields,
  });
  const subjects = base.subjects.map((one) => {
    const path = `journals/${id.replaceAll('/', '__')}.${one.name}.ndjson`;
    journals.set(path, fleetJournal(id, one.name === 'naive' ? 'naive' : 'hardened'));
    return { ...one, journal: path };
  });
  return { ...base, subjects };
}

function claim(
  id: string,
  figure: string,
  reportedBefore: string | number,
  reportedAfter: string | number,
  naive: number | null,
  hardened: number | null,
  unit: string,
  holds: boolean | null,
): RunResult['claims'][number] {
  return { id, figure, requirement: 'R1.7', reportedBefore, reportedAfter, naive, hardened, unit, holds };
}
