import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findOrphans, removeOrphans } from '../../../harness/cleanup/index.ts';
import { identifyProcess } from '../../../harness/cleanup/process-identity.ts';
import { type DatabaseBinary, findDatabase } from '../../../harness/databases/index.ts';
import { startOwner } from '../cleanup/owner.ts';

interface Held {
  pid: number;
  directory: string;
}

/** A lab that has started a database. */
const owner = (binary: DatabaseBinary) => `
  import { startDatabase } from './harness/databases/index.ts';
  const { pid, directory } = await startDatabase({ binary: ${JSON.stringify(binary)} });
  setInterval(() => {}, 1000);
  report({ pid, directory });
`;

it.each([
  ['with the help of the kernel', {}],
  ['without the help of the kernel', { PATH: '/nowhere' }],
])('leaves no database behind after a lab that was killed (%s)', async (_title, env) => {
  // A temporary directory of its own keeps this test from clearing up after others.
  const place = await mkdtemp(join(tmpdir(), 'killed-owner-'));
  const before = process.env.TMPDIR;
  await using lab = await startOwner<Held>(owner(await findDatabase()), { ...env, TMPDIR: place });
  const { pid, directory } = lab.facts;
  const alive = identifyProcess(pid);
  expect(alive).toBeDefined();
  await lab.kill();
  if (!('PATH' in env)) await expect.poll(() => identifyProcess(pid)).toBeUndefined();

  process.env.TMPDIR = place;
  const found = await findOrphans();
  const removed = await removeOrphans(found);
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;

  expect(found.map(({ kind }) => kind)).toEqual([
    ...('PATH' in env ? ['process'] : []),
    'directory',
    'record',
  ]);
  expect(removed.map(({ outcome }) => outcome)).toEqual(found.map(() => 'removed'));
  expect(identifyProcess(pid)).toBeUndefined();
  expect(existsSync(directory)).toBe(false);
  await rm(place, { recursive: true });
});
