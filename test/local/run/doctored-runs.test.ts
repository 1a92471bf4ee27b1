/** A stored run that somebody changed, or that a disk lost half of: neither `check` nor `report` takes it for whole. */
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';

let out: Awaited<ReturnType<typeof reportDirectory>>;
let stored: string;
beforeAll(async () => {
  out = await reportDirectory();
  const { output } = await runCommand(['run', fixture('holds'), '--seed', '1', '--out', out.path]);
  expect(output).toContain('1 of 1 scenario as expected');
  stored = join(out.path, 'latest');
});
afterAll(() => out[Symbol.asyncDispose]());

/** A copy of the run in which one file is another. */
async function doctored(name: string, file: string, change: (text: string) => string): Promise<string> {
  const copy = join(out.path, name);
  await cp(stored, copy, { recursive: true, dereference: true });
  const text = await readFile(join(copy, file), 'utf8');
  const changed = change(text);
  expect(changed).not.toBe(text);
  await writeFile(join(copy, file), changed);
  return copy;
}

const journal = 'journals/fixtures__holds.naive.ndjson';

it('is believed as it was written', async () => {
  expect(await runCommand(['check', stored])).toMatchObject({ code: 0 });
});

it.each<[string, string, (text: string) => string, string]>([
  [
    'nothing is reported any more',
    'run.json',
    (text) => text.replace(/"reported": \[[^\]]*\]/, '"reported": []'),
    'reported to fail quiet by its journal',
  ],
  [
    'a check is called otherwise',
    'run.json',
    (text) => text.replace('"id": "quiet"', '"id": "calm"'),
    'the journal knows no check calm',
  ],
  ['a check passes', 'run.json', (text) => text.replace('"outcome": "fail"', '"outcome": "pass"'), 'differs'],
])('check says that %s', async (what, file, change, said) => {
  const run = await runCommand(['check', await doctored(`check ${what}`, file, change)]);

  expect(run.output).toContain(said);
  expect(run.code).toBe(1);
});

it.each<[string, (text: string) => string]>([
  ['without its header', (text) => text.slice(text.indexOf('\n') + 1)],
  ['without its last entry', (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`],
  ['of garbage', () => 'garbage\n'],
])('neither check nor report takes a journal %s', async (what, change) => {
  const copy = await doctored(`journal ${what}`, journal, change);

  for (const command of ['check', 'report']) {
    const run = await runCommand([command, copy]);
    expect(run.output).toContain('LAB_JOURNAL_BROKEN');
    expect(run.code).toBe(3);
  }
});
