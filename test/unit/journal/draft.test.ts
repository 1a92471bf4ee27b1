/** What is left of a journal whose process was killed. */
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keepDraft, readDraft } from '../../../harness/journal/draft.ts';
import { Journal } from '../../../harness/journal/journal.ts';

const of = {
  scenario: 'a/b',
  subject: 'naive',
  seed: 1,
  pace: 20,
  startedAt: '2026-11-29T00:00:00.000Z',
  labStart: 0,
  reported: ['quiet'],
  expected: 'fail',
} as const;
const stopped = { now: () => 0, sleep: async () => {} };

let directory: string;
let file: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'draft-'));
  file = join(directory, 'a.ndjson.draft');
});
afterAll(() => rm(directory, { recursive: true }));

it('has what was there, what came, and no line that was cut off', async () => {
  const journal = new Journal(stopped);
  journal.append('subject', 'subject.note', { name: 'before' }, 5);
  using _draft = keepDraft(file, of, journal);
  journal.append('subject', 'subject.note', { name: 'later' }, 9);
  journal.append('subject', 'subject.note', { name: 'earlier' }, 7);
  await expect.poll(() => readFile(file, 'utf8')).toContain('earlier');
  await appendFile(file, '{"name":"cut o');

  const { expected, recording } = await readDraft(file);

  expect(expected).toBe('fail');
  expect(recording.header).toMatchObject({ journal: 1, scenario: 'a/b', subject: 'naive', checks: {} });
  expect(recording.entries).toMatchObject([
    { n: 1, t: 5, name: 'before' },
    { n: 2, t: 7, name: 'earlier' },
    { n: 3, t: 9, name: 'later' },
  ]);
});

it('keeps the beginning of a journal that grows without end', async () => {
  const journal = new Journal(stopped);
  const mebibyte = 'x'.repeat(2 ** 20);
  const draft = keepDraft(file, of, journal);
  for (let left = 40; left > 0; left -= 1) journal.append('subject', 'subject.note', { name: mebibyte });
  draft[Symbol.dispose]();
  await expect.poll(async () => (await stat(file)).size).toBeGreaterThan(14 * 2 ** 20);

  expect((await readDraft(file)).recording.entries).toHaveLength(15);
});

it('says so where nothing was written', async () => {
  await writeFile(file, '');

  await expect(readDraft(file)).rejects.toMatchObject({ code: 'LAB_JOURNAL_BROKEN' });
});
