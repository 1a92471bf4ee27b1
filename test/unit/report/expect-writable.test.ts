import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { expectWritable } from '../../../harness/report/expect-writable.ts';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'writable-'));
  file = join(folder, 'a.json');
  await writeFile(file, '{}');
});
afterAll(() => rm(folder, { recursive: true }));

it('takes what is there, and what can be made', async () => {
  await expectWritable(folder, 'folder');
  await expectWritable(file, 'file');
  await expectWritable(join(folder, 'not', 'yet', 'b.json'), 'file');
});

it.runIf(process.platform === 'linux')('refuses a place whose file system takes nothing', async () => {
  // Root may write there, says the system, and others may not.
  const code = process.getuid?.() === 0 ? 'LAB_BAD_INPUT' : 'LAB_NO_PERMISSION';
  for (const kind of ['file', 'folder'] as const)
    await expect(expectWritable('/proc/x/reports', kind)).rejects.toMatchObject({ code });
});

it('refuses a folder behind a link to nothing, and takes such a link for a file', async () => {
  const link = join(folder, 'link');
  await symlink(join(folder, 'gone'), link);
  onTestFinished(() => rm(link));

  await expect(expectWritable(join(link, 'reports'), 'folder')).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: `${link} is a link to what is not there`,
  });
  await expectWritable(link, 'file');
});

it('leaves nothing behind', async () => {
  await expectWritable(join(folder, 'reports'), 'folder');

  expect(await readdir(folder)).toEqual(['a.json']);
});

it.each([
  ['through a file', () => join(file, 'b.json'), 'file', 'ENOTDIR'],
  ['of a folder for a file', () => folder, 'file', 'EISDIR'],
  ['of a file for a folder', () => file, 'folder', 'ENOTDIR'],
] as const)('refuses a path %s', async (_name, path, kind, code) => {
  await expect(expectWritable(path(), kind)).rejects.toMatchObject({
    code: 'LAB_BAD_INPUT',
    message: `Cannot use ${path()} (${code})`,
  });
});
