/** The table of kinds against what runs write: every entry fits it, and no kind is there that nobody writes. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Entry } from '../../../harness/journal/entry.ts';
import { entryKinds } from '../../../harness/journal/kinds.ts';
import { readRecording } from '../../../harness/journal/store.ts';
import { entryProblems } from '../../support/entry-problems.ts';
import { fixture, reportDirectory, runCommand } from './command.ts';

/** Few and short ones that together write every kind of the world `local`. */
const scenarios = [
  'fleet-resets/auth-race',
  'noise-and-leaks/database-restart',
  'silent-socket/back-pressure-is-bounded',
  'unreachable/start-up-check',
  fixture('prints'),
];

/**
 * Written by the real Toxiproxy's world, `containers`, for a toxic of another protocol, which no scenario has, of a subject that does not
 * end, of a call that holds the thread, and of a machine that stood still, which these may find or not.
 */
const elsewhere = [
  'toxiproxy.proxy',
  'toxiproxy.metrics',
  'fault.skipped',
  'lab.hung',
  'lab.held',
  'lab.stall',
];

it('fits every entry of played scenarios, and has no kind that nobody writes', {
  timeout: 300_000,
}, async () => {
  await using out = await reportDirectory();
  await runCommand(['run', ...scenarios, '--seed', '4711', '--out', out.path]);

  const entries = await entriesBelow(out.path);

  expect([...new Set(entries.flatMap((entry) => entryProblems(entry)))]).toEqual([]);
  const written = new Set([...entries.map(({ kind }) => kind), ...elsewhere]);
  expect([...written].toSorted()).toEqual(Object.keys(entryKinds).toSorted());
});

it('notices an entry that does not fit', () => {
  const close = { n: 1, t: 0, source: 'proxy', kind: 'connection.refused', link: 'a→b', connection: 1 };

  expect(entryProblems({ ...close, code: 'ECONNREFUSED' })).toEqual([]);
  expect(entryProblems({ ...close, code: 7, port: 1 })).toEqual([
    'connection.refused: has the field port',
    'connection.refused: code is 7, and no text',
  ]);
  expect(entryProblems(close)).toEqual(['connection.refused: code is missing']);
  expect(entryProblems({ ...close, kind: 'lab.note' })).toEqual(['there is no kind lab.note']);
});

async function entriesBelow(directory: string): Promise<Entry[]> {
  const files = await readdir(directory, { recursive: true });
  const journals = files.filter((file) => /(^|\/)journals\/.*\.ndjson$/.test(file));
  const recordings = await Promise.all(journals.map((file) => readRecording(join(directory, file))));
  return recordings.flatMap(({ entries }) => entries);
}
