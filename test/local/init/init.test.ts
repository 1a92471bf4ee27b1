/** What `shaketable init` leaves in somebody's project. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const entry = resolve(import.meta.dirname, '../../../harness/bin/shaketable.cjs');

let directory: string;
const ignored = () => join(directory, '.gitignore');
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
});
afterEach(() => rm(directory, { recursive: true }));

function init(): string {
  const { stdout, status, stderr } = spawnSync(process.execPath, [entry, 'init'], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return stdout;
}

it('keeps reports out of git where there is git, once', async () => {
  await mkdir(join(directory, '.git'));

  expect(init()).toContain('wrote    .gitignore: reports/');
  expect(init()).toContain('left     .gitignore: it has reports/');
  expect(await readFile(ignored(), 'utf8')).toBe('reports/\n');
});

it('adds its line to a file that is there, and changes no other', async () => {
  await writeFile(ignored(), 'node_modules\n*.log');

  expect(init()).toContain('changed  .gitignore: reports/');
  expect(await readFile(ignored(), 'utf8')).toBe('node_modules\n*.log\nreports/\n');
});

it.each([
  'reports',
  '/reports/',
  'reports/**',
  '  reports/  ',
])('takes a line %j for its own', async (line) => {
  await writeFile(ignored(), `a\r\n${line}\r\n`);

  expect(init()).toContain('left     .gitignore');
});

it('says to install the lab where its script would not find it', async () => {
  expect(init()).toContain('Next: npm install --save-dev shaketable, then npm run lab, then read scenarios/');

  await mkdir(join(directory, 'node_modules/shaketable'), { recursive: true });

  expect(init()).toContain('Next: npm run lab, then read scenarios/');
});

it('writes no .gitignore where nobody uses git', async () => {
  expect(init()).not.toContain('.gitignore');
  await expect(readFile(ignored())).rejects.toThrow('ENOENT');
});
