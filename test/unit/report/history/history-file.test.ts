import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { appendHistory, readHistory } from '../../../../harness/report/history/history-file.ts';
import { pastRun, pastScenario } from './past-runs.ts';

let directory = '';
let file = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-history-'));
  file = join(directory, 'history.ndjson');
});

afterEach(() => rm(directory, { recursive: true, force: true }));

const day = (number: number) => pastRun(number, [pastScenario('a'), pastScenario('b', 'unexpected')]);

it('gives back what was appended, in order', async () => {
  await appendHistory(directory, day(1));
  await appendHistory(directory, day(2));

  expect(await readHistory(directory)).toEqual({ runs: [day(1), day(2)], skipped: [] });
  expect((await readFile(file, 'utf8')).split('\n')).toHaveLength(3);
});

it('is empty where nothing was run', async () => {
  expect(await readHistory(join(directory, 'nowhere'))).toEqual({ runs: [], skipped: [] });
});

it('skips a half-written last line and says so', async () => {
  await appendHistory(directory, day(1));
  await appendFile(file, JSON.stringify(day(2)).slice(0, 100));

  expect(await readHistory(directory)).toEqual({
    runs: [day(1)],
    skipped: ['history.ndjson: the last line is half-written and was skipped'],
  });
});

it('appends behind a half-written line without losing the new one', async () => {
  await writeFile(file, '{"history":1,"id"');
  await appendHistory(directory, day(2));

  expect(await readHistory(directory)).toEqual({
    runs: [day(2)],
    skipped: ['history.ndjson: 1 other line that is no run of this version skipped'],
  });
});

it.each([
  ['a line of a later version', JSON.stringify({ ...day(1), history: 2 })],
  ['something else', '[1,2]'],
  ['a run without scenarios', JSON.stringify({ ...day(1), scenarios: undefined })],
  ['an outcome that there is not', JSON.stringify({ ...day(1), outcome: 'fine' })],
  [
    'checks that are none',
    JSON.stringify({ ...day(1), scenarios: [{ ...pastScenario('a'), checks: { naive: 1 } }] }),
  ],
  ['bytes that are no text', '\u0000\ufffd'],
])('skips %s', async (_what, line) => {
  await writeFile(file, `${line}\n`);
  await appendHistory(directory, day(2));

  const { runs, skipped } = await readHistory(directory);

  expect(runs).toEqual([day(2)]);
  expect(skipped).toHaveLength(1);
});

it('loses no line of many that append at once', async () => {
  const days = Array.from({ length: 31 }, (_, n) => day(n + 1));
  await Promise.all(days.map((run) => appendHistory(directory, run)));

  const { runs, skipped } = await readHistory(directory);

  expect(runs.map(({ id }) => id).toSorted()).toEqual(days.map(({ id }) => id));
  expect(skipped).toEqual([]);
});

it('stays within its bounds and keeps the newest', async () => {
  const bytes = JSON.stringify(day(1)).length + 1;
  const limits = { fileBytes: bytes * 4, keptBytes: bytes * 8 };
  for (let n = 1; n <= 30; n += 1) await appendHistory(directory, day(n), limits);

  const { runs } = await readHistory(directory);
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);

  expect(total).toBeLessThanOrEqual(limits.fileBytes + limits.keptBytes);
  expect(runs.length).toBeGreaterThanOrEqual(8);
  expect(runs.map(({ id }) => id)).toEqual(
    Array.from({ length: runs.length }, (_, n) => day(30 - runs.length + n + 1).id),
  );
});

it('says that the disk is full', async (context) => {
  if (!existsSync('/dev/full')) context.skip('there is no /dev/full here');
  await symlink('/dev/full', file);

  await expect(appendHistory(directory, day(1))).rejects.toMatchObject({ code: 'LAB_DISK_FULL' });
});

it('says that it may not write', async (context) => {
  if (process.getuid?.() === 0) context.skip('root may write everywhere');
  await writeFile(file, '');
  await chmod(file, 0o400);

  await expect(appendHistory(directory, day(1))).rejects.toMatchObject({ code: 'LAB_NO_PERMISSION' });
});
