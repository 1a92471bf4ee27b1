import { expect, it } from 'vitest';
import { parseRun } from '../../../harness/report/parse-run.ts';
import { fixtureRun, runOf, scenario } from './fixture-run.ts';

const { run } = fixtureRun();
const file = 'reports/x/run.json';
const stored = JSON.stringify(run);

it('reads what a run wrote', () => {
  expect(parseRun(stored, file)).toEqual(run);
});

it('keeps fields that it does not know', () => {
  expect(parseRun(JSON.stringify({ ...run, later: 1 }), file)).toMatchObject({ later: 1 });
});

it.each([
  ['', 'reports/x/run.json is empty'],
  [stored.slice(0, -20), 'reports/x/run.json is half-written or not JSON'],
  [
    JSON.stringify({ ...run, version: 2 }),
    'reports/x/run.json has version 2; this shaketable reads version 1',
  ],
  ['[]', 'reports/x/run.json names no version; this shaketable reads version 1'],
  ['null', 'reports/x/run.json names no version; this shaketable reads version 1'],
])('refuses a file that is no run: %#', (text, message) => {
  expect(() => parseRun(text, file)).toThrow(expect.objectContaining({ code: 'LAB_BAD_INPUT', message }));
});

it('names the place that does not fit', () => {
  const broken = {
    ...run,
    scenarios: [run.scenarios[0], { ...run.scenarios[1], subjects: [{ name: 'naive' }] }],
  };

  expect(() => parseRun(JSON.stringify(broken), file)).toThrow(
    'scenarios[1].subjects[0].expected should be one of pass, fail, but is missing',
  );
});

it.each([
  '../../etc/passwd',
  '/etc/passwd',
  'file:///etc/passwd',
  'C:\\secrets',
  'a\\..\\b',
])('refuses a journal outside the run directory: %s', (journal) => {
  const [one] = scenario('a/b').subjects;
  const foreign = runOf([scenario('a/b', { subjects: [{ ...(one as NonNullable<typeof one>), journal }] })]);

  expect(() => parseRun(JSON.stringify(foreign), file)).toThrow('a path below the run directory');
});
