import { expect, it } from 'vitest';
import type { CheckSpec } from '../../../harness/checks/check.ts';
import { count } from '../../../harness/checks/count.ts';
import { each } from '../../../harness/checks/each.ts';
import { runChecks } from '../../../harness/checks/registry.ts';
import { plantedMark } from '../../../harness/journal/scrub.ts';
import { judgeScenario } from '../../../harness/run/verdict.ts';
import { type Waivers, withStandingChecks } from '../../../harness/standing/index.ts';
import { entries } from '../entries.ts';

const request = { kind: 'server.log', event: 'request' } as const;
const lost = {
  kind: 'agent.log',
  level: 'error',
  event: 'report_lost',
  message: 'Fleet report 1 is lost',
} as const;
const scan = (hits: number) => ({
  kind: 'lab.secret-scan' as const,
  output: 'agent log',
  secret: 'client token',
  hits,
});
const checks = { works: count('it works', { of: request, given: request, atLeast: 1 }) };
const oneError = { ...checks, told: count('the loss is told', { of: lost, given: request, atLeast: 1 }) };

function judge(
  { checks, waives }: { checks: Record<string, CheckSpec>; waives?: Waivers },
  expected: 'pass' | 'fail',
  ...journal: Parameters<typeof entries>
) {
  const history = entries(...journal);
  return runChecks(history, withStandingChecks({ entries: history, checks, pace: 20 }, expected, waives));
}

const outcomeOf = (results: ReturnType<typeof judge>, id: string) =>
  results.find((result) => result.id === id)?.outcome;

it.each([
  'pass',
  'fail',
] as const)('fails any subject with a planted secret in a scanned output (%s)', (expected) => {
  const results = judge({ checks }, expected, request, scan(1));

  expect(outcomeOf(results, 'standing-no-secret')).toBe('fail');
});

it('fails a subject with the mark of a planted secret in any entry', () => {
  const leak = {
    kind: 'agent.log' as const,
    level: 'info',
    message: `started with ${plantedMark('client token')}`,
  };

  expect(outcomeOf(judge({ checks }, 'pass', scan(0), leak), 'standing-no-secret')).toBe('fail');
});

it('passes where every output was scanned and nothing was found', () => {
  expect(outcomeOf(judge({ checks }, 'pass', request, scan(0)), 'standing-no-secret')).toBe('pass');
});

it('judges no secrets where none was planted', () => {
  expect(outcomeOf(judge({ checks }, 'pass', request), 'standing-no-secret')).toBeUndefined();
});

it('makes a scenario inconclusive over an ERROR record of the sound subject that no check looks at', () => {
  const results = judge({ checks }, 'pass', request, lost);
  const subject = (name: string, expected: 'pass' | 'fail', found: ReturnType<typeof judge>) => ({
    name,
    expected,
    checks: found,
    faults: [],
  });

  const { outcome, inconclusive } = judgeScenario([subject('hardened', 'pass', results)], []);

  expect(outcome).toBe('inconclusive');
  expect(inconclusive.join()).toContain('Fleet report 1 is lost');
});

it('asks nothing of the ERROR records of a subject that is to fail', () => {
  expect(outcomeOf(judge({ checks }, 'fail', request, lost), 'standing-expected-errors')).toBeUndefined();
});

it('passes an ERROR record that a check looks at', () => {
  expect(outcomeOf(judge({ checks: oneError }, 'pass', request, lost), 'standing-expected-errors')).toBe(
    'pass',
  );
});

it('takes a count of all records for no look at one of them, nor what a record has to have', () => {
  const all = { kind: 'agent.log' } as const;
  const blind = {
    ...checks,
    noise: count('little is logged', { of: all, given: all, atMost: 9 }),
    whole: each('every record has a level', { of: all, has: { level: 'error' }, given: all }),
  };

  expect(outcomeOf(judge({ checks: blind }, 'pass', request, lost), 'standing-expected-errors')).toBe(
    'unknown',
  );
});

it('leaves out what a scenario waives with a reason', () => {
  const waives = { 'standing-expected-errors': 'the losses are what this is about' };

  expect(
    outcomeOf(judge({ checks, waives }, 'pass', request, lost), 'standing-expected-errors'),
  ).toBeUndefined();
});
