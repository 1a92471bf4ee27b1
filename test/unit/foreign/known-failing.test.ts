/** Which listed failure is meant, and what it does to a verdict. */
import { expect, it } from 'vitest';
import { knownFailing } from '../../../harness/foreign/known-failing.ts';
import { type JudgedSubject, judgeScenario, subjectOutcome } from '../../../harness/run/verdict.ts';

const entry = { scenario: 'unreachable/*', check: 'quiet', reason: 'TICKET-7', since: '2026-11-30' };
const subject = { knownFailing: [entry] };

it('means a check by its name and a scenario by its id or a part of it', () => {
  expect(knownFailing(subject, 'unreachable/refused', 'quiet')).toBe(entry);
  expect(knownFailing(subject, 'unreachable/refused', 'noise')).toBeUndefined();
  expect(knownFailing(subject, 'fleet-resets/unreachable/x', 'quiet')).toBeUndefined();
  expect(knownFailing({ knownFailing: [{ ...entry, scenario: 'a.b' }] }, 'aXb', 'quiet')).toBeUndefined();
});

const judged = (outcome: 'pass' | 'fail' | 'unknown'): JudgedSubject => ({
  name: 'mine',
  expected: 'pass',
  faults: [],
  checks: [
    { id: 'other', title: '', outcome: 'pass', measured: '', expected: '', evidence: [] },
    { id: 'quiet', title: '', outcome, measured: '', expected: '', evidence: [], known: entry },
  ],
});

it.each([
  ['fail', 'expected'],
  ['pass', 'unexpected'],
  ['unknown', 'inconclusive'],
] as const)('takes a listed check that comes to %s for %s', (outcome, verdict) => {
  expect(judgeScenario([judged(outcome)], []).outcome).toBe(verdict);
});

it('does not call a subject failed for what is known', () => {
  expect(subjectOutcome(judged('fail'))).toBe('pass');
});
