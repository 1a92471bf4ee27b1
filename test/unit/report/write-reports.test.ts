import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeReports, writeRun } from '../../../harness/report/write-reports.ts';
import { fixtureRun } from './fixture-run.ts';

const { run } = fixtureRun();
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-write-reports-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

it('leaves the reports and nothing else', async () => {
  await writeRun(directory, run);
  await writeReports(directory, run);

  expect((await readdir(directory)).toSorted()).toEqual([
    'index.html',
    'junit.xml',
    'run.json',
    'summary.md',
  ]);
});

it('writes the page without the journals that are gone, and says so in it', async () => {
  await writeReports(directory, run);

  expect(await readFile(join(directory, 'index.html'), 'utf8')).toContain('naive has no axis: ');
});

it.skipIf(!existsSync('/dev/full'))(
  'keeps the old report when the disk is full, and says what to do',
  async () => {
    await writeFile(join(directory, 'junit.xml'), 'old');
    await symlink('/dev/full', join(directory, 'junit.xml.part'));

    await expect(writeReports(directory, run)).rejects.toMatchObject({
      code: 'LAB_DISK_FULL',
      hint: expect.stringContaining('space'),
    });

    expect(await readdir(directory)).toEqual(['junit.xml']);
    expect(await readFile(join(directory, 'junit.xml'), 'utf8')).toBe('old');
  },
);
