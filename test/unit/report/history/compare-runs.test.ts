import { expect, it } from 'vitest';
import { compareRuns, unsteadyScenarios } from '../../../../harness/report/history/compare-runs.ts';
import { toPastRun } from '../../../../harness/report/history/past-run.ts';
import { fixtureRun } from '../fixture-run.ts';
import { pastRun, pastScenario } from './past-runs.ts';

it('finds nothing between a run and itself', () => {
  const run = toPastRun(fixtureRun().run);

  expect(compareRuns(run, run)).toEqual({
    since: run.id,
    run: run.id,
    compared: 4,
    conditions: [],
    newFailures: [],
    mended: [],
    otherChecks: [],
    added: [],
    gone: [],
    durations: { usualRatio: 1, notable: [] },
  });
});

it('names what fails newly, worst first, with the checks that came to something else', () => {
  const before = pastRun(
    1,
    ['a', 'b', 'c'].map((id) => pastScenario(id)),
  );
  const after = pastRun(2, [
    pastScenario('a', 'inconclusive'),
    pastScenario('b', 'unexpected'),
    pastScenario('c'),
  ]);

  const { newFailures, mended } = compareRuns(before, after);

  expect(newFailures).toEqual([
    {
      id: 'b',
      before: 'expected',
      after: 'unexpected',
      checks: [{ subject: 'hardened', check: 'quiet', before: 'pass', after: 'fail' }],
    },
    {
      id: 'a',
      before: 'expected',
      after: 'inconclusive',
      checks: [{ subject: 'hardened', check: 'quiet', before: 'pass', after: 'unknown' }],
    },
  ]);
  expect(mended).toEqual([]);
});

it('turns new failures into mended ones the other way round', () => {
  const good = pastRun(1, [pastScenario('a'), pastScenario('b')]);
  const bad = pastRun(2, [pastScenario('a', 'unexpected'), pastScenario('b', 'inconclusive')]);

  expect(compareRuns(bad, good).mended.map(({ id }) => id)).toEqual(['a', 'b']);
  expect(compareRuns(bad, good).newFailures).toEqual([]);
});

it('counts a new scenario that is not as expected among the new failures', () => {
  const { newFailures, added } = compareRuns(pastRun(1, []), pastRun(2, [pastScenario('a', 'unexpected')]));

  expect(newFailures).toEqual([{ id: 'a', after: 'unexpected', checks: [] }]);
  expect(added).toEqual(['a']);
});

it('counts from inconclusive to unexpected as a new failure, and the way back as no mending', () => {
  const unsure = pastRun(1, [pastScenario('a', 'inconclusive')]);
  const bad = pastRun(2, [pastScenario('a', 'unexpected')]);

  expect(compareRuns(unsure, bad).newFailures).toHaveLength(1);
  expect(compareRuns(bad, unsure)).toMatchObject({ newFailures: [], mended: [], otherChecks: [{ id: 'a' }] });
});

it('tells another failing check where the scenario fails as before', () => {
  const checks = (failing: string) => ({ hardened: { [failing]: 'fail' as const } });
  const before = pastRun(1, [pastScenario('a', 'unexpected', { checks: checks('one') })]);
  const after = pastRun(2, [pastScenario('a', 'unexpected', { checks: checks('two') })]);

  expect(compareRuns(before, after).otherChecks[0]?.checks).toEqual([
    { subject: 'hardened', check: 'one', before: 'fail' },
    { subject: 'hardened', check: 'two', after: 'fail' },
  ]);
});

it('names scenarios that are gone, and conditions that differ', () => {
  const before = pastRun(1, [pastScenario('a'), pastScenario('b')]);
  const after = pastRun(2, [pastScenario('b')], {
    seed: 8,
    versions: { node: 'v24.22.0', database: 'MariaDB 10.11' },
  });

  expect(compareRuns(before, after)).toMatchObject({
    gone: ['a'],
    conditions: [
      { what: 'seed', before: '7', after: '8' },
      { what: 'node', before: 'v24.21.0', after: 'v24.22.0' },
    ],
  });
});

it.each([{ world: 'containers' }, { pace: 1 }])('compares no durations where %o differs', (other) => {
  const run = pastRun(1, [pastScenario('a')]);

  expect(compareRuns(run, { ...run, ...other }).durations).toBeUndefined();
});

it('takes no name of a check or scenario for a property of objects', () => {
  const odd = pastScenario('__proto__', 'expected', {
    checks: JSON.parse('{"__proto__":{"constructor":"pass"}}') as never,
  });
  const before = pastRun(1, [odd]);
  const after = pastRun(2, [odd]);
  const bare = pastRun(2, [pastScenario('__proto__', 'expected', { checks: {} })]);

  expect(compareRuns(before, after)).toMatchObject({ compared: 1, otherChecks: [], newFailures: [] });
  expect(compareRuns(bare, after).otherChecks[0]?.checks).toEqual([
    { subject: '__proto__', check: 'constructor', after: 'pass' },
  ]);
  expect(unsteadyScenarios(after, { version: 1, recent: {} })).toEqual([]);
});

it.each([
  ['failed once and did not again', [true, false], true, { notAsExpected: 1, runs: 3 }],
  ['fails now and then', [true, false, true], false, { notAsExpected: 2, runs: 4 }],
  ['fails for the first time', [true, true, true], false, undefined],
  ['was mended', [false, false, true], true, undefined],
  ['always fails', [false, false], false, undefined],
  ['is new', undefined, false, undefined],
])('judges how steady a scenario is that %s', (_what, earlier, now, expected) => {
  const run = pastRun(9, [pastScenario('a', now ? 'expected' : 'unexpected')]);
  const recent = earlier === undefined ? {} : { a: earlier };

  expect(unsteadyScenarios(run, { version: 1, recent })).toEqual(
    expected === undefined ? [] : [{ id: 'a', ...expected }],
  );
});
