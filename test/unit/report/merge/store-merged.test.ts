import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Recording, writeRecording } from '../../../../harness/journal/store.ts';
import { storeMerged } from '../../../../harness/report/merge/store-merged.ts';
import { writeRun } from '../../../../harness/report/write-reports.ts';
import { fixtureRun } from '../fixture-run.ts';

const { run, journals } = fixtureRun();
const [journal = ''] = journals.keys();
let root = '';
let part = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'shaketable-merge-'));
  part = join(root, 'part');
  await mkdir(join(part, 'journals'), { recursive: true });
  await writeRun(part, run);
  for (const [path, recording] of journals) await writeRecording(join(part, path), recording as Recording);
});

afterEach(() => rm(root, { recursive: true, force: true }));

const merge = (out = 'out', signal = new AbortController().signal) =>
  storeMerged([part], join(root, out), signal);

it('takes no journal of another scenario for the one that run.json names', async () => {
  const { header, entries } = journals.get(journal) as Recording;
  await writeRecording(join(part, journal), { header: { ...header, scenario: 'other/one' }, entries });

  await expect(merge()).rejects.toMatchObject({
    code: 'LAB_JOURNAL_BROKEN',
    message: expect.stringContaining('is of other/one, naive, seed 7'),
  });
});

it('refuses to write into what it merges', async () => {
  await expect(merge('part/merged')).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
  expect((await readdir(part)).toSorted()).toEqual(['journals', 'run.json']);
});

it('says which run.json is half-written', async () => {
  await writeFile(join(part, 'run.json'), '{"version":1,');

  await expect(merge()).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: `${join(part, 'run.json')} is half-written or not JSON`,
  });
});

it('leaves nothing when it is stopped', async () => {
  await expect(merge('out', AbortSignal.abort(new Error('interrupted')))).rejects.toThrow('interrupted');
  expect(await readdir(join(root, 'out'))).toEqual([]);
});

it('tells how far it is: a step for each journal, and as many for the reports', async () => {
  const steps: [done: number, of: number, part: string][] = [];
  const { signal } = new AbortController();

  await storeMerged([part], join(root, 'out'), signal, (...step) => steps.push(step));

  expect(steps).toEqual([
    [0, 8, 'fleet-resets/one-handshake-per-request'],
    [1, 8, 'fleet-resets/one-handshake-per-request'],
    [2, 8, 'fleet-resets/flaky-handshakes'],
    [3, 8, 'fleet-resets/flaky-handshakes'],
    [4, 8, 'reports'],
  ]);
});

it('keeps a history that it cannot read apart from the run, and says so', async () => {
  await mkdir(join(root, 'out/history.ndjson'), { recursive: true });

  const { directory, notes } = await merge();

  expect(notes).toEqual([
    expect.stringContaining('nothing to compare with'),
    expect.stringContaining('this run is not in it'),
  ]);
  expect(await readdir(directory)).toContain('index.html');
});
