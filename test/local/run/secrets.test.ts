/** R3.5 holds for the lab itself: what a subject gives away is marked, and not passed on. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { spellings } from '../../../harness/journal/secret-forms.ts';
import { fixture, reportDirectory, runCommand } from './command.ts';

/** Everything that a run has left, as one text. */
async function readAll(directory: string): Promise<string> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const texts = files
    .filter((file) => file.isFile())
    .map((file) => readFile(join(file.parentPath, file.name), 'utf8'));
  return (await Promise.all(texts)).join('\n');
}

it('writes a planted secret nowhere, whatever the subject does with it', async () => {
  await using out = await reportDirectory();

  const run = await runCommand(['run', fixture('leaks-everywhere'), '--seed', '1', '--out', out.path]);
  const written = `${await readAll(out.path)}\n${run.output}`;

  expect(written).toContain('It broke: [planted secret: passphrase]');
  for (const form of spellings('correct horse/battery+staple?')) expect(written).not.toContain(form);
});

it('shows no token and no password of the lab, in journals or reports', async () => {
  await using out = await reportDirectory();

  const scenario = 'noise-and-leaks/secrets-stay-secret';
  const run = await runCommand(['run', scenario, '--seed', '1', '--out', out.path]);
  const written = `${await readAll(out.path)}\n${run.output}`;

  expect(run.code).toBe(0);
  expect(written).toContain('[planted secret: client token]');
  expect(written).toContain('[planted secret: password in the URL]');
  expect(written).not.toMatch(/tok[a-z0-9]{32}/);
  for (const form of spellings('p@ss:word/4711?&Straße')) expect(written).not.toContain(form);
});
