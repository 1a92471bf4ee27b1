import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
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
