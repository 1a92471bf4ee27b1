import { expect, it } from 'vitest';
import { changeLines, type LineOptions, wrap } from '../../../../harness/report/history/change-lines.ts';
import { changeReport } from '../../../../harness/report/history/change-report.ts';
import { compareRuns } from '../../../../harness/report/history/compare-runs.ts';
import { changesSection } from '../../../../harness/report/html/changes.ts';
import { hostile, runOf, scenario } from '../fixture-run.ts';
import { openTags } from '../markup-structure.ts';
import { pastRun, pastScenario } from './past-runs.ts';

const before = pastRun(1, [
  pastScenario('fleet/a'),
  pastScenario('fleet/b', 'unexpected'),
  pastScenario('fleet/c'),
  pastScenario('fleet/d'),
  pastScenario('fleet/gone'),
]);
const after = pastRun(
  2,
  [
    pastScenario('fleet/a', 'unexpected'),
    pastScenario('fleet/b'),
    pastScenario('fleet/c', 'expected', { durationMs: 9_000 }),
    pastScenario('fleet/d'),
    pastScenario('fleet/new'),
  ],
  { seed: 8 },
);
const unsteady = [{ id: 'fleet/b', notAsExpected: 3, runs: 9 }];
const report = changeReport(compareRuns(before, after), unsteady);
/** Every colour leaves the text as it is. */
const plain = new Proxy({}, { get: () => (text: string) => text }) as LineOptions['colours'];

it('says new failures first, then what is mended, new, gone, slower and unsteady', () => {
  expect(changeLines(report, { columns: 80, most: 5, colours: plain })).toEqual([
    '  since 2026-03-01T09-30-00-seed-7: 1 new failure, 1 mended, 1 new scenario, 1',
    '    gone; 4 scenarios compared.',
    '    differs in seed 7 → 8',
    '    ✕ 1 new failure',
    '      fleet/a: was as expected, now not as expected',
    '        hardened quiet: pass → fail',
    '    ✓ 1 mended',
    '      fleet/b: was not as expected, now as expected',
    '        hardened quiet: fail → pass',
    '    + 1 new scenario',
    '      fleet/new',
    '    − 1 scenario gone',
    '      fleet/gone',
    '    ~ 1 notably longer or shorter (1.5 times or more beside the usual 1 ×)',
    '      fleet/c: 2.0 s → 9.0 s, 4.5 ×',
    '    ≈ 1 unsteady scenario',
    '      fleet/b: not as expected in 3 of 9 runs',
  ]);
});

it('says in one line that nothing is new', () => {
  const same = changeReport(compareRuns(before, { ...before, id: 'later' }));

  expect(changeLines(same, { columns: 80, most: 5, colours: plain })).toEqual([
    '  since 2026-03-01T09-30-00-seed-7: no new failure; 5 scenarios compared.',
  ]);
});

it('says once that everything took longer', () => {
  const slow = before.scenarios.map((one) => ({ ...one, durationMs: 8_000 }));
  const lines = changeLines(changeReport(compareRuns(before, { ...before, scenarios: slow })), {
    columns: 80,
    most: 5,
    colours: plain,
  });

  expect(lines.slice(1)).toEqual([
    '    ~ Durations',
    '      scenarios take 3.67 times as long as they did: another machine, or more',
    '      beside it',
  ]);
});

it('counts what is left out', () => {
  const many = Array.from({ length: 30 }, (_, n) => pastScenario(`s/${n}`, 'unexpected'));
  const lines = changeLines(changeReport(compareRuns(before, pastRun(2, many))), {
    columns: 80,
    most: 5,
    colours: plain,
  });

  expect(lines).toContain('      and 25 more');
});

it('keeps every line within the columns and lets no text drive the terminal', () => {
  const id = `${'x'.repeat(200)}/${hostile}`;
  const odd = pastRun(2, [pastScenario(id, 'unexpected', { checks: { [hostile]: { [id]: 'fail' } } })]);
  const lines = changeLines(changeReport(compareRuns(before, odd)), { columns: 40, most: 5, colours: plain });

  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(40);
  expect(lines.join('\n')).not.toMatch(/(?!\n)\p{Cc}|\u202e/u);
});

it.each([
  ['', []],
  ['a b', ['  a b']],
  ['one two three', ['  one two', '    three']],
  ['abcdefghijklmnop', ['  abcdefgh', '    ijklmn', '    op']],
])('wraps “%s”', (text, lines) => {
  expect(wrap(text, 2, 10, 4)).toEqual(lines);
});

it('links to scenarios of the page, escapes the rest, and closes what it opens', () => {
  const odd = pastRun(2, [pastScenario('a/b', 'unexpected', { checks: { [hostile]: { x: 'fail' } } })]);
  const run = runOf([scenario('a/b')]);
  const { text } = changesSection(run, changeReport(compareRuns(pastRun(1, [pastScenario(hostile)]), odd)));

  expect(text).toContain('<a href="#a/b">a/b</a>');
  expect(text).not.toContain('<img');
  expect(openTags(text)).toEqual([]);
});
