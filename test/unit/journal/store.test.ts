/** Journals that are read back, and what is noticed when somebody or something changed them. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Recording, readRecording, writeRecording } from '../../../harness/journal/store.ts';

const header = {
  journal: 1,
  scenario: 'a/b',
  subject: 'naive',
  seed: 1,
  pace: 20,
  startedAt: '2026-11-29T00:00:00.000Z',
  labStart: 0,
  checks: {},
  reported: ['quiet'],
} as const;
const entries = [1, 2, 2, 5].map((t, index) => ({
  n: index + 1,
  t,
  source: 'lab',
  kind: 'lab.note',
  name: 'x',
}));
const recording = { header, entries } as unknown as Recording;

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'journal-'));
  file = join(directory, 'a.ndjson');
});
afterAll(() => rm(directory, { recursive: true }));

it('gives back what was written', async () => {
  await writeRecording(file, recording);

  expect(await readRecording(file)).toEqual({ header: { ...header, entries: 4 }, entries });
});

it('reads a journal of an older version, which does not say how many entries it has', async () => {
  await writeFile(file, `${[header, ...entries].map((line) => JSON.stringify(line)).join('\n')}\n`);

  expect((await readRecording(file)).entries).toHaveLength(4);
});

it.each<[string, (lines: string[]) => string[], string]>([
  ['the header is gone', (lines) => lines.slice(1), 'has no version 1 header in line 1'],
  ['the header has no checks', ([, ...rest]) => ['{"journal":1}', ...rest], 'has no version 1 header'],
  ['the last entry is gone', (lines) => lines.slice(0, -1), 'has 3 of the 4 entries'],
  ['all entries are gone', ([first = '']) => [first], 'has 0 of the 4 entries'],
  ['one in between is gone', (lines) => lines.toSpliced(2, 1), 'line 3 has entry 3 where 2 belongs'],
  ['one is doubled', (lines) => lines.toSpliced(2, 0, lines[2] ?? ''), 'line 4 has entry 2 where 3 belongs'],
  [
    'two have changed places',
    ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest],
    'line 2 has entry 2',
  ],
  [
    'a time was changed',
    (lines) => lines.map((line) => line.replace('"t":5', '"t":0')),
    'line 5 has an entry that is earlier',
  ],
  [
    'a number was changed',
    (lines) => lines.map((line) => line.replace('"n":4', '"n":"4"')),
    'line 5 is no entry',
  ],
  ['a line is empty', (lines) => lines.toSpliced(2, 0, ''), 'line 3 is not JSON'],
  ['a line is no object', (lines) => lines.toSpliced(2, 0, '7'), 'line 3 is not an object'],
  [
    'a line is half there',
    (lines) => lines.map((line, index) => (index === 2 ? line.slice(0, 9) : line)),
    'line 3 is not JSON',
  ],
])('notices that %s', async (_what, change, said) => {
  await writeRecording(file, recording);
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');

  await writeFile(file, `${change(lines).join('\n')}\n`);

  await expect(readRecording(file)).rejects.toMatchObject({
    code: 'LAB_JOURNAL_BROKEN',
    message: expect.stringContaining(said),
  });
});

it('notices that the end of the last line is gone', async () => {
  await writeRecording(file, recording);
  await writeFile(file, (await readFile(file, 'utf8')).slice(0, -5));

  await expect(readRecording(file)).rejects.toThrow('ends in the middle of a line');
});
