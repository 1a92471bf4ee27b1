import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { DryRun } from '../../../mutation/drawn/dry-run.ts';
import { openMeasurement, type Plan } from '../../../mutation/drawn/measurement.ts';
import type { MutantResult } from '../../../mutation/drawn/play.ts';
import { mutant } from './mutants.ts';

const plan: Plan = { code: 'abc', paths: ['services/agent'], seed: 1, size: 2 };
const sample = { mutants: [mutant({ id: '7' })], refused: [] };
const result = (id: string): MutantResult => ({
  id,
  stage: 'simulated',
  outcome: 'survived',
  failures: [],
  unsteady: [],
  notes: [],
  reachedBy: 1,
  played: 1,
  durationMs: 1,
});

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'shaketable-measurement-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const open = (resume: boolean, changed: Partial<Plan> = {}) =>
  openMeasurement(directory, { ...plan, ...changed }, { resume });

it('goes on with the sample and the results that were there when it was stopped', async () => {
  const first = await open(false);
  await first.sample(async () => sample);
  await first.results.add(result('7'));

  const second = await open(true);

  expect(second.results.all).toEqual([result('7')]);
  expect(await second.sample(() => Promise.reject(new Error('drawn again')))).toEqual(sample);
  await second.results.add(result('8'));
  expect((await open(true)).results.all.map(({ id }) => id)).toEqual(['7', '8']);
});

it('drops the half line of a process that was killed', async () => {
  const first = await open(false);
  await first.results.add(result('7'));
  appendFileSync(join(directory, 'results.ndjson'), '{"id":"8","outc');

  const second = await open(true);
  await second.results.add(result('9'));

  expect((await open(true)).results.all.map(({ id }) => id)).toEqual(['7', '9']);
});

it.each([
  { code: 'abd' },
  { seed: 2 },
  { size: 3 },
  { paths: ['services/server'] },
])('does not go on with other results: %o', async (changed) => {
  await open(false);

  await expect(open(true, changed)).rejects.toThrow('has a measurement of other code, or by other options');
});

it('begins when there is nothing to go on with', async () => {
  expect((await open(true)).results.all).toEqual([]);
});

it('does not throw away what is not finished', async () => {
  await open(false);

  await expect(open(false)).rejects.toThrow('not finished: go on with --resume');
});

it('keeps what scenarios reach for the next measurement of the same code, and tries the others again', async () => {
  const dryRun = (scenario: string, asExpected: boolean): DryRun => ({
    stage: 'local',
    scenario,
    asExpected,
    durationMs: 1,
    reached: ['7'],
    checks: [],
    failedByNaive: [],
  });
  const first = await open(false);
  await first.dryRuns.add(dryRun('good', true));
  await first.dryRuns.add(dryRun('late', false));
  await first.finish({ 'report.json': '{}' });

  const second = await open(false, { seed: 2 });
  expect(second.dryRuns.all).toEqual([dryRun('good', true)]);
  await second.finish({ 'report.json': '{}' });
  expect((await open(false, { code: 'abd' })).dryRuns.all).toEqual([]);
});

it('begins anew after one that is finished', async () => {
  const first = await open(false);
  await first.sample(async () => sample);
  await first.results.add(result('7'));
  await first.finish({ 'report.json': '{}', 'report.md': '# Drawn mutants\n' });

  const second = await open(false, { seed: 2 });

  expect(readFileSync(join(directory, 'report.md'), 'utf8')).toBe('# Drawn mutants\n');
  expect(second.results.all).toEqual([]);
  expect((await second.sample(async () => ({ ...sample, mutants: [] }))).mutants).toEqual([]);
  await expect(open(false)).rejects.toThrow('not finished');
});
