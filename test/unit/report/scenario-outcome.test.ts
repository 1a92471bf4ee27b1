import { expect, it } from 'vitest';
import {
  byUrgency,
  contradictions,
  firstTryInWords,
  headline,
  reasons,
  scenarioOutcome,
} from '../../../harness/report/scenario-outcome.ts';
import { check, runOf, scenario, subject } from './fixture-run.ts';

const asReported = subject('naive', [check('handshakes', 'fail')]);
const fixed = subject('hardened', [check('handshakes', 'pass')]);

it('takes a scenario that holds as expected, without reasons', () => {
  const held = scenario('a/held');

  expect(scenarioOutcome(held)).toBe('expected');
  expect(reasons(held)).toEqual([]);
});

it('names the check that a hardened subject fails, with measured and expected', () => {
  const broken = scenario('a/broken', {
    asExpected: false,
    subjects: [asReported, subject('hardened', [check('handshakes', 'fail', { title: 'few', measured: 9 })])],
  });

  expect(scenarioOutcome(broken)).toBe('unexpected');
  expect(reasons(broken)).toEqual(['hardened fails handshakes (few): measured 9, expected at most 1']);
});

it('says which reported failure the naive subject does not show', () => {
  const healed = scenario('a/healed', {
    asExpected: false,
    subjects: [subject('naive', [check('handshakes', 'pass'), check('other', 'fail')]), fixed],
  });

  expect(contradictions(healed)).toEqual([
    'naive passes handshakes, which it is reported to fail: measured 1, expected at most 1',
  ]);
});

it('asks a naive subject without named checks to fail at least one', () => {
  const quiet = scenario('a/quiet', {
    asExpected: false,
    reported: [],
    subjects: [subject('naive', [check('handshakes', 'pass')]), fixed],
  });

  expect(contradictions(quiet)).toEqual(['naive passes every check, although it has the reported bug']);
});

it('lets a naive subject fail more than was reported', () => {
  const worse = scenario('a/worse', {
    subjects: [subject('naive', [check('handshakes', 'fail'), check('other', 'fail')]), fixed],
  });

  expect(contradictions(worse)).toEqual([]);
});

it('takes a given reason as inconclusive, and repeats it word for word', () => {
  const doubtful = scenario('a/doubtful', { asExpected: false, inconclusive: ['fault `cut` never struck'] });

  expect(scenarioOutcome(doubtful)).toBe('inconclusive');
  expect(reasons(doubtful)).toEqual(['fault `cut` never struck']);
});

it('finds the idle fault and the unknown check itself when no reason is given', () => {
  const doubtful = scenario('a/doubtful', {
    asExpected: false,
    subjects: [asReported, subject('hardened', [check('handshakes', 'unknown')])],
    faults: [
      {
        id: 'cut',
        kind: 'tls_cut',
        link: 'agent→sever',
        strikes: 0,
        subject: 'naive',
        reason: 'no such link',
      },
    ],
  });

  expect(scenarioOutcome(doubtful)).toBe('inconclusive');
  expect(reasons(doubtful)).toEqual([
    'fault `cut` (tls_cut on agent→sever) never struck in the run of naive: no such link',
    'hardened: handshakes is unknown, measured 1, expected at most 1',
  ]);
});

it('keeps a contradiction unexpected although something else is unknown', () => {
  const both = scenario('a/both', {
    asExpected: false,
    subjects: [
      subject('naive', [check('handshakes', 'unknown')]),
      subject('hardened', [check('handshakes', 'fail')]),
    ],
  });

  expect(scenarioOutcome(both)).toBe('unexpected');
});

it('puts what needs a reader first and says the counts', () => {
  const unexpected = scenario('c/unexpected', { asExpected: false });
  const doubtful = scenario('b/doubtful', { asExpected: false, inconclusive: ['why'] });
  const run = runOf([scenario('a/held'), doubtful, unexpected]);

  expect(byUrgency(run.scenarios).map(({ id }) => id)).toEqual(['c/unexpected', 'b/doubtful', 'a/held']);
  expect(headline(run)).toBe('1 of 3 scenarios as expected, 1 not as expected, 1 inconclusive');
});

it('says what a scenario came to before it was played again alone', () => {
  const firstTry = { outcome: 'unexpected', reasons: ['hardened fails soon: 9 s', 'and more'] } as const;

  expect(firstTryInWords(scenario('a/late', { firstTry }))).toBe(
    'at first, while this machine stood still, not as expected: hardened fails soon: 9 s; and more; played again alone',
  );
  expect(firstTryInWords(scenario('a/held'))).toBeUndefined();
});

it('counts in its headline what was played again', () => {
  const firstTry = { outcome: 'unexpected', reasons: [] } as const;

  expect(headline(runOf([scenario('a/late', { firstTry }), scenario('a/held')]))).toBe(
    '2 of 2 scenarios as expected, 1 played again alone',
  );
});
