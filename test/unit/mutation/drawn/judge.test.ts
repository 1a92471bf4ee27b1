import { expect, it } from 'vitest';
import type { CheckResult, RunResult, ScenarioResult } from '../../../../harness/report/run-result.ts';
import { judge } from '../../../mutation/drawn/judge.ts';

const check = (id: string, outcome: CheckResult['outcome']): CheckResult => ({
  id,
  outcome,
  measured: `${id} is measured`,
  expected: 'something',
  evidence: [],
});

type Subject = ScenarioResult['subjects'][number];

const subject = (name: string, checks: CheckResult[], error?: string): Subject => ({
  name,
  expected: name === 'naive' ? 'fail' : 'pass',
  outcome: checks.some(({ outcome }) => outcome === 'unknown')
    ? 'unknown'
    : (checks[0]?.outcome ?? 'unknown'),
  journal: '',
  checks,
  ...(error === undefined ? {} : { error }),
});

const scenario = (id: string, so: Partial<ScenarioResult>): ScenarioResult => ({
  id,
  title: id,
  requirements: [],
  world: 'local',
  seed: 1,
  durationMs: 1,
  asExpected: false,
  replay: '',
  subjects: [],
  faults: [],
  ...so,
});

const judged = (...scenarios: ScenarioResult[]) =>
  judge({ code: 1, output: '', run: { scenarios } as unknown as RunResult });

const naive = subject('naive', [check('quiet', 'fail')]);
const good = scenario('good', {
  asExpected: true,
  subjects: [naive, subject('hardened', [check('quiet', 'pass')])],
});
const failing = scenario('failing', {
  subjects: [naive, subject('hardened', [check('quiet', 'fail'), check('waits', 'unknown')])],
});
const unsure = scenario('unsure', {
  subjects: [naive, subject('hardened', [check('quiet', 'unknown')])],
  inconclusive: ['hardened: check `quiet` is unknown: nothing'],
});

it('has noticed a mutant when a check of the subject that should be sound fails', () => {
  expect(judged(good, failing)).toEqual({
    outcome: 'failed',
    failures: [{ scenario: 'failing', check: 'quiet', measured: 'quiet is measured' }],
    notes: [],
  });
});

it('takes the worst of several scenarios', () => {
  expect(judged(good).outcome).toBe('survived');
  expect(judged(good, unsure).outcome).toBe('inconclusive');
  expect(judged(unsure, failing).outcome).toBe('failed');
});

it('is not impressed by a naive subject that passes what it was reported to fail', () => {
  const cured = scenario('cured', {
    subjects: [subject('naive', [check('quiet', 'pass')]), subject('hardened', [check('quiet', 'pass')])],
  });

  expect(judged(cured)).toMatchObject({
    outcome: 'survived',
    notes: ['cured: only the naive subject is not as expected'],
  });
});

it('is not impressed by a scenario that is inconclusive for the naive subject alone', () => {
  const unstruck = scenario('unstruck', {
    subjects: [subject('naive', [check('quiet', 'unknown')]), subject('hardened', [check('quiet', 'pass')])],
    inconclusive: ['naive: fault `cut` never struck'],
  });

  expect(judged(unstruck).outcome).toBe('survived');
});

it('calls it a timeout when the subject hangs, and nothing else is wrong', () => {
  const hangs = (...others: CheckResult[]) =>
    scenario('hangs', {
      subjects: [naive, subject('hardened', [check('standing-ends', 'fail'), ...others])],
    });

  expect(judged(hangs(check('quiet', 'unknown'))).outcome).toBe('timeout');
  expect(judged(hangs(check('quiet', 'fail'))).outcome).toBe('failed');
});

it('keeps apart a lab that could not play', () => {
  const unloadable = scenario('unloadable', { inconclusive: ['ReferenceError: nothing is defined'] });

  expect(judged(unloadable)).toMatchObject({
    outcome: 'broken',
    notes: ['unloadable: ReferenceError: nothing is defined'],
  });
  expect(judge({ code: 3, output: 'first\nLAB_INTERNAL\n', run: undefined })).toMatchObject({
    outcome: 'broken',
    notes: ['LAB_INTERNAL'],
  });
  expect(judge({ code: null, output: '', run: undefined }).outcome).toBe('broken');
});
