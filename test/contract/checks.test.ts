/**
 * The contract of a check: it passes a good history, fails a planted bad one, and is unknown on an empty one. Every kind of
 * check has a sample in the folder `checks`.
 */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CheckKind, CheckSpec } from '../../harness/checks/check.ts';
import { count, each, followed, honestClaims } from '../../harness/checks/index.ts';
import { mistakesIn } from '../../harness/checks/mistakes.ts';
import { checkKinds, runChecks } from '../../harness/checks/registry.ts';
import type { Entry } from '../../harness/journal/entry.ts';
import { entries } from '../unit/entries.ts';
import { claim, messages, refused, request, sends, started } from './checks/common.ts';
import type { Sample } from './checks/sample.ts';

const folder = join(import.meta.dirname, 'checks');
const samples = await Promise.all(
  globSync('*.sample.ts', { cwd: folder }).map(
    async (file) => ((await import(join(folder, file))) as { default: Sample }).default,
  ),
);

it('covers every kind of check in the registry', () => {
  expect(samples.map(({ spec }) => spec.check).toSorted()).toEqual([...checkKinds.keys()].toSorted());
});

describe.each(samples)('$spec.check', ({ spec, good, bad, finds = 'fail' }) => {
  const judge = (history: Entry[]) => runChecks(history, { it: spec })[0];

  it('has nothing against its own sample, and much against a parameter that it does not know', () => {
    const kind = checkKinds.get(spec.check) as CheckKind;

    expect(mistakesIn(kind, spec.params)).toEqual([]);
    expect(mistakesIn(kind, { ...spec.params, mispelt: 1 })[0]?.why).toContain('there is no `mispelt`');
  });

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

it.each<[string, CheckSpec]>([
  [
    'counts levels',
    count('it is quiet', { of: { kind: 'agent.log', level: 'error' }, given: request, atMost: 0 }),
  ],
  [
    'asks that none has a level',
    each('none is an error', { of: { kind: 'agent.log' }, has: { level: { not: 'error' } }, given: request }),
  ],
])('is unknown where it %s and no level could be read', (_what, spec) => {
  const line = {
    kind: 'agent.log',
    source: 'agent',
    message: 'E1129 something is wrong',
    level: 'unknown',
  } as const;

  expect(runChecks(entries(request, line), { spec })).toMatchObject([
    { outcome: 'unknown', measured: 'no record of agent.log has a level that could be read' },
  ]);
  expect(runChecks(entries(request, line, { ...line, level: 'info' }), { spec })).toMatchObject([
    { outcome: 'pass' },
  ]);
});

describe('a check that fails because the machine stood still', () => {
  const stall = { kind: 'lab.stall', t: 9_000, lateMs: 7_000, realMs: 350 } as const;
  const late = entries({ ...request, t: 1_000 }, stall, { kind: 'agent.log', event: 'done', t: 9_500 });
  const soon = (withinMs: number) =>
    followed('it is done soon', { each: request, by: { kind: 'agent.log', event: 'done' }, withinMs });

  it('is unknown, and says for how long', () => {
    expect(runChecks(late, { soon: soon(5_000) })).toMatchObject([
      {
        outcome: 'unknown',
        measured: expect.stringContaining('this machine stood still for 350 ms = 7 s of lab time'),
      },
    ]);
  });

  it('fails where it would have failed all the same', () => {
    expect(runChecks(late, { soon: soon(1_000) })).toMatchObject([{ outcome: 'fail' }]);
  });

  it('passes where it passes', () => {
    expect(runChecks(late, { soon: soon(10_000) })).toMatchObject([{ outcome: 'pass' }]);
  });

  it('fails where it is not about time', () => {
    const none = count('nothing is done', { of: { kind: 'agent.log' }, given: request, atMost: 0 });

    expect(runChecks(late, { none })).toMatchObject([{ outcome: 'fail' }]);
  });
});
