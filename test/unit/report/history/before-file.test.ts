import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readBefore, writeBefore } from '../../../../harness/report/history/before-file.ts';
import { pastRun, pastScenario } from './past-runs.ts';

let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-before-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

it('gives back what was written', async () => {
  const before = {
    version: 1,
    previous: pastRun(1, [pastScenario('a')]),
    recent: { a: [true, false] },
  } as const;
  await writeBefore(directory, before);

  expect(await readBefore(directory)).toEqual(before);
});

it('is nothing for a run of before there was a history', async () => {
  expect(await readBefore(directory)).toBeUndefined();
});

it.each([
  ['half-written', '{"version":1,'],
  ['empty', ''],
  ['of a later version', '{"version":2,"recent":{}}'],
  ['null', 'null'],
  ['without results', '{"version":1,"recent":{"a":[1]}}'],
  ['with a run that is none', '{"version":1,"recent":{},"previous":{"history":1}}'],
])('says what to do with one that is %s', async (_what, text) => {
  await writeFile(join(directory, 'previous.json'), text);

  await expect(readBefore(directory)).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: expect.stringContaining(join(directory, 'previous.json')),
    hint: expect.stringContaining('Take the file away'),
  });
});
