import { expect, it } from 'vitest';
import { measureClaims } from '../../../harness/run/claims.ts';
import type { ClaimSpec } from '../../../harness/run/scenario.ts';
import type { JudgedSubject } from '../../../harness/run/verdict.ts';

const judged = (name: string, value: number | undefined): JudgedSubject => ({
  name,
  expected: name === 'naive' ? 'fail' : 'pass',
  faults: [],
  checks: [
    {
      id: 'handshakes',
      title: 'one handshake',
      outcome: 'pass',
      measured: '',
      expected: '',
      evidence: [],
      ...(value === undefined ? {} : { value }),
    },
  ],
});

const claim: ClaimSpec = {
  id: 'handshakes-per-minute',
  figure: 'handshakes per minute',
  requirement: 'R1.1',
  reportedBefore: 12,
  reportedAfter: 1,
  unit: 'handshakes/min',
  check: 'handshakes',
  scale: 12,
  before: [11, 16],
  after: [0, 3],
};

const measure = (spec: ClaimSpec, naive: number | undefined, hardened: number | undefined) =>
  measureClaims([spec], [judged('naive', naive), judged('hardened', hardened)], ['handshakes'])[0];

it('holds when both figures lie where the report has them, in its unit', () => {
  expect(measure(claim, 1, 0.1)).toMatchObject({ naive: 12, hardened: 1.2, holds: true });
  expect(measure(claim, 1, 0.5)).toMatchObject({ hardened: 6, holds: false });
  expect(measure(claim, 2, 0.1)).toMatchObject({ naive: 24, holds: false });
});

it('is not measured where a check gave no figure', () => {
  expect(measure(claim, 1, undefined)).toMatchObject({ hardened: null, holds: null });
});

it('holds by the ratio alone for a report that says no more than which is larger', () => {
  const anything = [0, Number.POSITIVE_INFINITY] as const;
  const slightlyMore: ClaimSpec = { ...claim, scale: 1, before: anything, after: anything, ratio: [1, 1.5] };

  expect(measure(slightlyMore, 80, 90)?.holds).toBe(true);
  expect(measure(slightlyMore, 90, 80)?.holds).toBe(false);
  expect(measure(slightlyMore, 80, 160)?.holds).toBe(false);
});

it('refuses a claim about a check that there is not', () => {
  expect(() => measureClaims([claim], [], ['others'])).toThrow('names no check');
});
