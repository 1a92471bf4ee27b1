import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Recording, writeRecording } from '../../../harness/journal/store.ts';
import { readJournals, readRun } from '../../../harness/report/read-run.ts';
import { writeRun } from '../../../harness/report/write-reports.ts';
import { fixtureRun } from './fixture-run.ts';

const { run, journals } = fixtureRun();
const [firstJournal = ''] = journals.keys();
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-read-run-'));
  await mkdir(join(directory, 'journals'));
  await writeRun(directory, run);
  for (const [path, recording] of journals)
    await writeRecording(join(directory, path), recording as Recording);
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

it('gives back what was written, journals included', async () => {
  expect(await readRun(directory)).toEqual(run);
  const read = await readJournals(directory, run);
  expect([...read.keys()]).toEqual([...journals.keys()]);
  for (const [path, recording] of journals) expect(read.get(path)).toMatchObject(recording);
});

it('says that there is no run where run.json is missing', async () => {
  await rm(join(directory, 'run.json'));

  await expect(readRun(directory)).rejects.toMatchObject({ code: 'LAB_RUN_NOT_FOUND' });
  await expect(readRun(join(directory, 'nowhere'))).rejects.toMatchObject({ code: 'LAB_RUN_NOT_FOUND' });
});

it('names the journal that is missing', async () => {
  await rm(join(directory, firstJournal));

  await expect(readRun(directory)).rejects.toMatchObject({
    code: 'LAB_JOURNAL_BROKEN',
    message: `${join(directory, firstJournal)} is missing, although run.json names ${firstJournal}`,
  });
});

it('keeps the reason in the place of a journal that is broken', async () => {
  await writeFile(join(directory, firstJournal), '{"journal":1}\n{"n":1,"t"');

  const found = (await readJournals(directory, run)).get(firstJournal);

  expect(found).toEqual({ unreadable: expect.stringContaining('ends in the middle of a line') });
});
