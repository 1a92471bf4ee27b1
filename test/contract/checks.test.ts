/**
 * The contract of a check: it passes a good history, fails a planted bad one, and is unknown on an empty one. Every kind of
 * check in the registry has to be listed here.
 */
import { describe, expect, it } from 'vitest';
import { accounted } from '../../harness/checks/accounted.ts';
import type { CheckSpec, Outcome } from '../../harness/checks/check.ts';
import { count } from '../../harness/checks/count.ts';
import { countsAgree } from '../../harness/checks/counts-agree.ts';
import { distinct } from '../../harness/checks/distinct.ts';
import { each } from '../../harness/checks/each.ts';
import { expectedErrors } from '../../harness/checks/expected-errors.ts';
import { followed } from '../../harness/checks/followed.ts';
import { honestClaims } from '../../harness/checks/honest-claims.ts';
import { intervals } from '../../harness/checks/intervals.ts';
import { jitter } from '../../harness/checks/jitter.ts';
import { noMissing } from '../../harness/checks/no-missing.ts';
import { noSecret } from '../../harness/checks/no-secret.ts';
import { oneEffectEach } from '../../harness/checks/one-effect.ts';
import { ratio } from '../../harness/checks/ratio.ts';
import { checkKinds, runChecks } from '../../harness/checks/registry.ts';
import { statistic } from '../../harness/checks/statistic.ts';
import { trueBeliefs } from '../../harness/checks/true-beliefs.ts';
import type { Entry } from '../../harness/journal/entry.ts';
import type { Matcher } from '../../harness/journal/matcher.ts';
import { entries } from '../unit/entries.ts';

interface Sample {
  readonly spec: CheckSpec;
  readonly good: Entry[];
  readonly bad: Entry[];
  /** What it finds in the bad history; default `fail`. */
  readonly finds?: Outcome;
}

const request = { kind: 'server.log', event: 'request' } satisfies Matcher;
const handshake = { kind: 'tls.handshake', outcome: 'complete' } satisfies Matcher;
const error = { kind: 'agent.log', level: 'error', err: { stack: 'Error: at …' } } as const;
const started = { kind: 'agent.log', level: 'info', message: 'started' } as const;
const refused = { kind: 'connection.refused' } satisfies Matcher;
const [begun, ended] = [{ kind: 'connection.open' }, { kind: 'connection.close' }] as const;
const sends = { kind: 'subject.note', name: 'send' } satisfies Matcher;
const messages = { kind: 'server.log', event: 'ws_message' } satisfies Matcher;
const operation = { kind: 'subject.note', name: 'operation' } satisfies Matcher;
const claim = (id: string, status: string) => ({ ...sends, id, status });
const received = (id: string) => ({ ...messages, id });

const state = { kind: 'subject.note', name: 'state' } satisfies Matcher;
const belief = (claimed: string, id: string) => ({ ...state, claimed, id, witness: `w${id}` });

const samples: Sample[] = [
  {
    spec: accounted('every failure is told of or counted', {
      happened: refused,
      told: { kind: 'agent.log', event: 'attempt_failed' },
      counted: { of: { kind: 'agent.log', event: 'suppressed' }, field: 'count' },
    }),
    good: entries(
      ...Array.from({ length: 4 }, () => refused),
      { kind: 'agent.log', event: 'attempt_failed' },
      { kind: 'agent.log', event: 'suppressed', count: 2 },
      { kind: 'agent.log', event: 'attempt_failed' },
    ),
    bad: entries(refused, refused, { kind: 'agent.log', event: 'attempt_failed' }),
  },
  {
    spec: count('no error is logged', {
      of: { kind: 'agent.log', level: 'error' },
      given: request,
      atMost: 0,
    }),
    good: entries(started, request, request),
    bad: entries(request, error),
  },
  {
    spec: expectedErrors('no ERROR record goes unseen', {
      judged: [{ event: 'operation_failed' }],
    }),
    good: entries({ ...error, event: 'operation_failed' }, { ...error, event: 'suppressed' }),
    bad: entries({ ...error, event: 'operation_failed' }, { ...error, event: 'report_lost' }),
    // Nobody has judged the record, so that nothing is known of it.
    finds: 'unknown',
  },
  {
    spec: trueBeliefs('the state is true', {
      samples: state,
      belief: 'claimed',
      open: ['open'],
      shut: ['closed'],
      received: messages,
    }),
    good: entries(
      belief('open', '1'),
      received('1'),
      received('w1'),
      belief('closed', '2'),
      belief('suspect', '3'),
      received('w3'),
    ),
    bad: entries(belief('open', '1'), belief('closed', '2'), received('w2')),
  },
  {
    spec: distinct('waits differ', { of: { kind: 'agent.log' }, field: 'delayMs', atLeast: 2 }),
    good: entries({ kind: 'agent.log', delayMs: 1 }, { kind: 'agent.log', delayMs: 2 }),
    bad: entries({ kind: 'agent.log', delayMs: 1 }, { kind: 'agent.log', delayMs: 1 }),
  },
  {
    spec: each('failures carry a stack', {
      of: { kind: 'agent.log', level: 'error' },
      has: { 'err.stack': { exists: true } },
      given: request,
    }),
    good: entries(request, error),
    bad: entries(request, { kind: 'agent.log', level: 'error', err: { message: 'no' } }),
  },
  {
    spec: followed('connections end', {
      each: begun,
      by: ended,
      same: 'connection',
      withinMs: 2_000,
    }),
    good: entries({ ...begun, connection: 1 }, { ...ended, connection: 1 }),
    bad: entries({ ...begun, connection: 1 }, { ...ended, connection: 2 }),
  },
  {
    spec: intervals('it backs off', { of: begun, expectMs: [1_000, 2_000], below: 0.1, above: 0.1 }),
    good: entries({ ...begun, t: 0 }, { ...begun, t: 1_000 }, { ...begun, t: 3_000 }),
    bad: entries({ ...begun, t: 0 }, { ...begun, t: 100 }, { ...begun, t: 200 }),
  },
  {
    spec: honestClaims('what is claimed was received', {
      claims: { ...sends, status: 'acknowledged' },
      denials: { ...sends, status: 'failed' },
      received: messages,
      key: 'id',
      given: sends,
    }),
    good: entries(claim('1', 'acknowledged'), received('1'), claim('2', 'failed'), claim('3', 'unknown')),
    bad: entries(claim('1', 'acknowledged'), claim('2', 'failed'), received('2')),
  },
  {
    spec: noSecret('no secret gets out', { secrets: ['token'] }),
    good: entries({ kind: 'lab.secret-scan', hits: 0 }, { kind: 'agent.log', message: 'abc12345...xyz9' }),
    bad: entries(
      { kind: 'lab.secret-scan', hits: 0 },
      { kind: 'agent.log', message: 'Bearer [planted secret: token]' },
    ),
  },
  {
    spec: oneEffectEach('each report counts once', {
      effects: { ...request, effect: 'applied' },
      operations: operation,
      key: 'sequence',
    }),
    good: entries({ ...operation, sequence: 1 }, { ...request, effect: 'applied', sequence: 1 }),
    bad: entries(
      { ...request, effect: 'applied', sequence: 1 },
      { ...request, effect: 'applied', sequence: 1 },
    ),
  },
  {
    spec: ratio('connections are reused', { of: { kind: 'tls.handshake' }, per: request, atMost: 0.5 }),
    good: entries(handshake, request, request),
    bad: entries(handshake, request, handshake, request),
  },
  {
    spec: jitter('agents come back apart', {
      of: { kind: 'agent.log' },
      field: 'delayMs',
      groupBy: 'attempt',
      atLeast: 0.05,
    }),
    good: entries(
      ...[900, 1_000, 1_100].map((delayMs) => ({ kind: 'agent.log', attempt: 1, delayMs }) as const),
    ),
    bad: entries(
      ...[1_000, 1_000, 1_000].map((delayMs) => ({ kind: 'agent.log', attempt: 1, delayMs }) as const),
    ),
  },
  {
    spec: statistic('buffers stay small', {
      of: { kind: 'process.sample' },
      field: 'bytes',
      take: 'max',
      atMost: 10,
    }),
    good: entries({ kind: 'process.sample', bytes: 5 }, { kind: 'process.sample', bytes: 9 }),
    bad: entries({ kind: 'process.sample', bytes: 5 }, { kind: 'process.sample', bytes: 90 }),
  },
  {
    spec: noMissing('no report is lost', { of: request, field: 'sequence' }),
    good: entries({ ...request, sequence: 1 }, { ...request, sequence: 2 }, { ...request, sequence: 2 }),
    bad: entries({ ...request, sequence: 1 }, { ...request, sequence: 3 }),
  },
  {
    spec: countsAgree('the statistics agree with the log', {
      of: request,
      counted: { kind: 'subject.note', name: 'statistics' },
      field: 'requests',
    }),
    good: entries(request, request, { kind: 'subject.note', name: 'statistics', requests: 2 }),
    bad: entries(request, { kind: 'subject.note', name: 'statistics', requests: 2 }),
  },
];

it('covers every kind of check in the registry', () => {
  expect(samples.map(({ spec }) => spec.check).toSorted()).toEqual([...checkKinds.keys()].toSorted());
});

describe.each(samples)('$spec.check', ({ spec, good, bad, finds = 'fail' }) => {
  const judge = (history: Entry[]) => runChecks(history, { it: spec })[0];

  it('passes a good history', () => {
    expect(judge(good)).toMatchObject({ outcome: 'pass' });
  });

  it('does not pass a planted bad one and points at the entries that show it', () => {
    const finding = judge(bad);

    expect(finding).toMatchObject({ outcome: finds });
    expect(finding?.evidence.length).toBeGreaterThan(0);
    expect(finding?.evidence.every((n) => bad.some((entry) => entry.n === n))).toBe(true);
  });

  it('is unknown on an empty history', () => {
    expect(judge([])).toMatchObject({ outcome: 'unknown' });
  });

  it('survives a trip through JSON', () => {
    const stored = JSON.parse(JSON.stringify(spec)) as CheckSpec;

    expect(runChecks(bad, { it: stored })).toEqual(runChecks(bad, { it: spec }));
  });

  it('says what it measured and what it expected', () => {
    expect(judge(good)?.measured).not.toBe('');
    expect(judge(good)?.expected).not.toBe('');
  });
});

it('gives unknown for a check that crashes or that nobody knows', () => {
  const broken = { check: 'count', title: 'broken', params: {} };
  const stranger = { check: 'no-such-check', title: 'stranger', params: {} };

  expect(runChecks(entries(request), { broken, stranger }).map(({ outcome }) => outcome)).toEqual([
    'unknown',
    'unknown',
  ]);
});

it('gives unknown for a stored check that can match nothing, and says why', () => {
  const params = { of: { kind: 'agent.lgo' }, given: request, atMost: 0 };

  expect(runChecks(entries(request), { it: { check: 'count', title: 'it', params } })).toMatchObject([
    { outcome: 'unknown', measured: expect.stringContaining('of.kind: there is no kind agent.lgo') },
  ]);
});

it('judges a journal of another version by the kinds that it has', () => {
  const old = entries(request, { kind: 'probe.old' as 'subject.note' });
  const params = { of: { kind: 'probe.old', name: 'x' }, given: request, atMost: 0 };

  expect(runChecks(old, { it: { check: 'count', title: 'it', params } })).toMatchObject([
    { outcome: 'pass' },
  ]);
});

it('passes for the lack of a record only where there are records of its kind', () => {
  const quiet = count('no error', { of: { kind: 'agent.log', level: 'error' }, given: request, atMost: 0 });
  const honest = honestClaims('what is claimed was received', {
    claims: { ...sends, status: 'acknowledged' },
    received: messages,
    key: 'id',
    given: sends,
  });

  expect(runChecks(entries(request), { quiet })).toMatchObject([
    { outcome: 'unknown', measured: 'there is no agent.log at all to look into' },
  ]);
  expect(runChecks(entries(request, started), { quiet })).toMatchObject([{ outcome: 'pass' }]);
  expect(runChecks(entries(claim('1', 'failed')), { honest })).toMatchObject([{ outcome: 'unknown' }]);
});

it('passes for the lack of something that the lab itself would have seen', () => {
  const taken = count('no connection is refused', { of: refused, given: request, atMost: 0 });

  expect(runChecks(entries(request), { taken })).toMatchObject([{ outcome: 'pass' }]);
});

it('fails a check whose records are missing altogether', () => {
  const told = count('it is told', { of: { kind: 'agent.log' }, given: request, atLeast: 1 });

  expect(runChecks(entries(request), { told })).toMatchObject([{ outcome: 'fail' }]);
});

/** Every object in the parameters that names a kind. */
const matchersIn = (value: unknown, path: string): string[] => {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, item]) =>
    matchersIn(item, path === '' ? key : `${path}.${key}`),
  );
  return 'kind' in value ? [path, ...inner] : inner;
};

it.each(samples)('says of $spec.check which parameters are matchers', ({ spec }) => {
  const reads = Object.keys(checkKinds.get(spec.check)?.reads ?? {});

  expect(reads).toEqual(expect.arrayContaining(matchersIn(spec.params, '')));
});
