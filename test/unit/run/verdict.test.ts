import { expect, it } from 'vitest';
import type { Outcome } from '../../../harness/checks/check.ts';
import { type JudgedSubject, judgeScenario, subjectOutcome } from '../../../harness/run/verdict.ts';

const check = (id: string, outcome: Outcome) => ({
  id,
  outcome,
  title: id,
  measured: '1',
  expected: '1',
  evidence: [],
});
const fault = (strikes: number) => ({
  id: 'cut',
  kind: 'tls_cut',
  place: 'link',
  link: 'a→b',
  params: {},
  strikes,
});
const naive = (outcome: Outcome, strikes = 1): JudgedSubject => ({
  name: 'naive',
  expected: 'fail',
  checks: [check('reuse', outcome), check('other', 'pass')],
  faults: [fault(strikes)],
});
const hardened = (outcome: Outcome, strikes = 1): JudgedSubject => ({
  name: 'hardened',
  expected: 'pass',
  checks: [check('reuse', outcome)],
  faults: [fault(strikes)],
});

/** A subject that did not come to an end. */
const hung = (subject: JudgedSubject): JudgedSubject => ({
  ...subject,
  checks: [...subject.checks, check('standing-ends', 'fail')],
  error: 'the story did not end within 120 s',
});

it.each([
  ['naive fails as reported and hardened passes', naive('fail'), hardened('pass'), 'expected'],
  ['naive passes what it was reported to fail', naive('pass'), hardened('pass'), 'unexpected'],
  ['hardened fails', naive('fail'), hardened('fail'), 'unexpected'],
  ['hardened is unknown', naive('fail'), hardened('unknown'), 'inconclusive'],
  ['naive is unknown', naive('unknown'), hardened('pass'), 'inconclusive'],
  ['a fault never struck hardened', naive('fail'), hardened('pass', 0), 'inconclusive'],
  ['a fault never struck naive, which passes', naive('pass', 0), hardened('pass'), 'inconclusive'],
  ['hardened fails although a fault never struck', naive('fail', 0), hardened('fail'), 'unexpected'],
  ['the naive run broke off', { ...naive('fail'), error: 'boom' }, hardened('pass'), 'inconclusive'],
  ['hardened hangs', naive('fail'), hung(hardened('pass')), 'unexpected'],
  ['naive hangs, and fails as reported', hung(naive('fail')), hardened('pass'), 'expected'],
  ['naive hangs before what was reported', hung(naive('unknown')), hardened('pass'), 'inconclusive'],
  ['naive hangs and passes what was reported', hung(naive('pass')), hardened('pass'), 'inconclusive'],
])('when %s, judges accordingly', (_when, first, second, outcome) => {
  expect(judgeScenario([first, second], ['reuse']).outcome).toBe(outcome);
});

it('names the fault that never struck and why', () => {
  const silent = { ...naive('fail'), faults: [{ ...fault(0), reason: 'there is no link called a→b' }] };

  expect(judgeScenario([silent, hardened('pass')], ['reuse']).inconclusive).toEqual([
    'naive: fault `cut` (tls_cut on a→b) never struck: there is no link called a→b',
  ]);
});

it('tells why a run broke off, and not what follows from it', () => {
  const broken = { ...hardened('unknown', 0), error: 'the agent cannot start' };

  expect(judgeScenario([naive('fail'), broken], ['reuse']).inconclusive).toEqual([
    'hardened: the run broke off: the agent cannot start',
  ]);
});

it('never lets a subject pass when a fault touched nothing', () => {
  expect(subjectOutcome(hardened('pass', 0))).toBe('unknown');
  expect(subjectOutcome(hardened('pass', 1))).toBe('pass');
  expect(subjectOutcome(hardened('fail', 0))).toBe('fail');
});

it('proves nothing where nobody was played', () => {
  expect(judgeScenario([], [])).toEqual({ outcome: 'inconclusive', inconclusive: ['nobody was played'] });
});
