import { describe, expect, it } from 'vitest';
import { standingCheckIds } from '../../../../harness/standing/index.ts';
import type { DryRun } from '../../../mutation/drawn/dry-run.ts';
import type { Outcome } from '../../../mutation/drawn/judge.ts';
import { neverFailed } from '../../../mutation/drawn/never-failed.ts';
import type { MutantResult } from '../../../mutation/drawn/play.ts';
import { inWords, toMarkdown } from '../../../mutation/drawn/report.ts';
import { reportOn } from '../../../mutation/drawn/report-on.ts';
import { scoreOf } from '../../../mutation/drawn/score.ts';
import type { StageName } from '../../../mutation/drawn/stage.ts';
import { toTerminal } from '../../../mutation/drawn/terminal.ts';
import { mutant } from './mutants.ts';

const text = 'a < b';
const member = (id: string, file = 'services/a.ts') => mutant({ id, file });
const result = (id: string, outcome: Outcome, stage: StageName = 'simulated'): MutantResult => ({
  id,
  stage,
  outcome,
  failures:
    outcome === 'failed'
      ? [{ scenario: 'noise/quiet', check: 'survived-quietly', measured: '2 records' }]
      : [],
  unsteady: outcome === 'survived' ? [{ scenario: 'noise/late', check: 'in-time', measured: '9 s' }] : [],
  notes: [],
  reachedBy: 3,
  played: 2,
  durationMs: 9,
});
const dryRun: DryRun = {
  stage: 'local',
  scenario: 'noise/quiet',
  asExpected: true,
  durationMs: 1,
  reached: ['1', '8'],
  checks: ['survived-quietly', 'loud', 'never', 'by-plants', 'standing-no-secret'],
  failedByNaive: ['loud'],
};

const report = reportOn({
  paths: ['services/agent'],
  seed: 1,
  instrumented: { mutants: [member('1')], wording: 4 },
  population: [member('1'), member('2'), member('8', 'services/b.ts')],
  sample: {
    mutants: [
      member('1'),
      member('2'),
      member('3', 'services/b.ts'),
      member('4', 'services/b.ts'),
      member('5'),
    ],
    refused: [{ mutant: member('9'), by: 'compiler', because: 'error TS2322' }],
  },
  reasons: new Map([['4', 'they are never equal']]),
  dryRuns: [
    dryRun,
    { ...dryRun, scenario: 'noise/late', asExpected: false, checks: [], trouble: 'a check failed' },
  ],
  results: [
    result('1', 'survived'),
    result('1', 'failed', 'local'),
    result('2', 'survived'),
    result('2', 'not reached', 'local'),
    result('3', 'inconclusive'),
    result('4', 'survived'),
  ],
  noticePlanted: [{ scenario: 'noise/quiet', check: 'by-plants' }],
  textOf: () => text,
});

describe('the report', () => {
  it('counts what was played and is not equivalent', () => {
    expect(report.score).toMatchObject({ noticed: 1, of: 3, percent: 33 });
    expect(report.withInconclusive).toMatchObject({ noticed: 2, of: 3 });
    expect(report.counts).toEqual({
      failed: 1,
      timeout: 0,
      inconclusive: 1,
      broken: 0,
      survived: 1,
      'not reached': 0,
      equivalent: 1,
    });
    expect(report.files.map(({ file, score: { noticed, of } }) => [file, noticed, of])).toEqual([
      ['services/a.ts', 1, 2],
      ['services/b.ts', 0, 1],
    ]);
  });

  it('shows each survivor with its change and what to write if it is equivalent', () => {
    const page = toMarkdown(report);

    expect(page).toContain(
      '### services/a.ts:1:1 EqualityOperator: survived\n\nsimulated: survived, 2 played of 3 that reach it. local: not reached, 2 played of 3 that reach it. noise/late: in-time failed once, and not again.',
    );
    expect(page).toContain('```diff\n- a < b\n+ (a <= b)\n```');
    expect(page).toContain('"line":"a < b","original":"a < b","replacement":"a <= b","because":""');
  });

  it('says who noticed, what is equivalent and why, and what was left out', () => {
    const page = toMarkdown(report);

    expect(page).toContain(
      '| `a < b` | `a <= b` | failed | local | `noise/quiet: survived-quietly` (2 records) |',
    );
    expect(page).toContain('- services/b.ts:1:1: equivalent because they are never equal');
    expect(page).toContain(
      '- local: `noise/late` is not as expected without any mutant:\n\n```\na check failed\n```',
    );
  });

  it('says how much of each file no scenario reaches', () => {
    expect(report.unreached).toEqual([{ file: 'services/a.ts', unreached: 1, of: 2 }]);
    expect(toMarkdown(report)).toContain('| services/a.ts | 1 | 2 |');
  });

  it('comes to a few lines for the terminal, the score last', () => {
    expect(toTerminal(report)).toEqual([
      '',
      'not noticed: 2',
      '  survived      services/a.ts:1:1  + (a <= b)',
      '  inconclusive  services/b.ts:1:1  + (a <= b)',
      '',
      '',
      `checks that were never seen to fail: ${1 + standingCheckIds.length}`,
      '  noise/quiet: never',
      ...standingCheckIds.toSorted().map((id) => `  ${id}`),
      '',
      '',
      'scenarios left out, since they are not as expected without a mutant: 1',
      '  local: noise/late',
      '',
      '1 failed, 1 inconclusive, 1 survived, 1 equivalent',
      'simulated: 0 of 3 noticed, 0.0 s a mutant',
      'local: 1 of 2 noticed, 0.0 s a mutant',
      '1 of 3 noticed: 33 % (6 to 79 %)',
    ]);
  });

  it('names the checks that nothing was seen to fail', () => {
    expect(report.neverFailed).toEqual(['noise/quiet: never', ...standingCheckIds.toSorted()]);
  });
});

it('takes a standing check for the same one in all scenarios', () => {
  const dryRuns = ['a', 'b'].map((scenario) => ({
    ...dryRun,
    scenario,
    checks: ['standing-no-secret', 'own'],
  }));
  const failures = [{ scenario: 'a', check: 'standing-no-secret' }];
  const others = standingCheckIds.filter((id) => id !== 'standing-no-secret').toSorted();

  expect(neverFailed({ dryRuns, failures })).toEqual(['a: own', 'b: own', ...others]);
});

describe('the score', () => {
  it.each([
    // By Wilson's formula, as statistical tables have it.
    { noticed: 102, of: 120, words: '102 of 120 noticed: 85 % (78 to 90 %)' },
    { noticed: 10, of: 10, words: '10 of 10 noticed: 100 % (72 to 100 %)' },
    { noticed: 0, of: 10, words: '0 of 10 noticed: 0 % (0 to 28 %)' },
    { noticed: 0, of: 0, words: '0 of 0 noticed: 0 % (0 to 100 %)' },
  ])('of $noticed in $of has an interval', ({ noticed, of, words }) => {
    expect(inWords(scoreOf(noticed, of))).toBe(words);
  });
});
