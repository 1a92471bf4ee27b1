/** Shards of a run made one again, for real: the same seed, played in two parts and whole. */
import { cp, mkdir, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';
import { digests, filesOf, timelessRun } from './run-files.ts';

const seed = ['--seed', '3'];
/** Not in the order of their ids, so that the order has to come from the run. */
const scenarios = ['nothing-to-strike', 'holds', 'contradicts', 'also-holds'].map(fixture);

let root: Awaited<ReturnType<typeof reportDirectory>>;
let whole = '';
let shards: string[] = [];

beforeAll(async () => {
  root = await reportDirectory();
  const out = (name: string): string[] => ['--out', join(root.path, name)];
  await runCommand(['run', ...scenarios, ...seed, ...out('whole')]);
  for (const shard of ['1/2', '2/2'])
    await runCommand(['run', ...scenarios, ...seed, '--shard', shard, ...out('parts')]);
  whole = await realpath(join(root.path, 'whole/latest'));
  const names = await readdir(join(root.path, 'parts'));
  shards = names.filter((name) => name.includes('-shard-')).map((name) => join(root.path, 'parts', name));
}, 120_000);

afterAll(() => root[Symbol.asyncDispose]());

it('makes of two shards what the whole run left, but for times, and touches neither', async () => {
  const before = await digests(join(root.path, 'parts'));
  const out = join(root.path, 'merged');

  const merged = await runCommand(['merge', ...shards.toReversed(), '--out', out]);

  expect(merged.output).toContain('✕ not as expected: 2 of 4 scenarios as expected');
  expect(merged.code).toBe(1);
  const directory = await realpath(join(out, 'latest'));
  expect(await filesOf(directory)).toEqual(await filesOf(whole));
  expect(await timelessRun(directory)).toEqual(await timelessRun(whole));
  expect(await digests(join(root.path, 'parts'))).toEqual(before);
});

it('writes the same reports of the merged run again', async () => {
  const out = join(root.path, 'again');
  await runCommand(['merge', ...shards, '--out', out]);
  const directory = await realpath(join(out, 'latest'));
  const before = await digests(directory);

  await runCommand(['report', directory]);

  expect(await digests(directory)).toEqual(before);
});

it('judges a merged run as its shards were judged', async () => {
  const out = join(root.path, 'judged');
  await runCommand(['merge', ...shards, '--out', out]);

  const check = await runCommand(['check', join(out, 'latest')]);

  expect(check.output).toContain('Every check gives what the run said');
  expect(check.code).toBe(1);
});

it('prints run.json alone with --json', async () => {
  const out = join(root.path, 'json');

  const merged = await runCommand(['merge', ...shards, '--out', out, '--json']);

  const stored = await readFile(join(out, 'latest/run.json'), 'utf8');
  expect(merged.output).toContain(stored);
});

it('enters the merged run in the history in the place of its shards', async () => {
  const out = join(root.path, 'shared');
  await cp(join(root.path, 'parts'), out, { recursive: true, verbatimSymlinks: true });
  const copies = shards.map((shard) => shard.replace(join(root.path, 'parts'), out));

  await runCommand(['merge', ...copies, '--out', out]);

  const lines = (await readFile(join(out, 'history.ndjson'), 'utf8')).trim().split('\n');
  const runs = lines.map((line) => JSON.parse(line) as { id: string; shard?: string; parts?: string[] });
  expect(runs.map(({ shard }) => shard)).toEqual(['1/2', '2/2', undefined]);
  expect(runs[2]?.parts).toEqual(runs.slice(0, 2).map(({ id }) => id));
});

it.each([
  ['without a shard', () => [shards[0] ?? ''], 64, 'Shard 2/2 is missing'],
  ['with a shard twice', () => [shards[0] ?? '', ...shards], 64, 'are both shard 1/2'],
  ['of a run and its own shards', () => [...shards, whole], 64, 'is no shard, but others are'],
  ['of a directory that is no run', () => [root.path, ...shards], 3, 'LAB_RUN_NOT_FOUND'],
  ['of nothing', () => [], 64, "missing required argument 'run'"],
])('refuses to merge %s', async (_what, names, code, said) => {
  const out = join(root.path, 'refused');

  const merged = await runCommand(['merge', ...names(), '--out', out]);

  expect(merged.output).toContain(said);
  expect(merged.code).toBe(code);
  await expect(readdir(out)).rejects.toMatchObject({ code: 'ENOENT' });
});

it('refuses to merge the same shards twice, and keeps what is there', async () => {
  const out = join(root.path, 'twice');
  await runCommand(['merge', ...shards, '--out', out]);
  const before = await digests(out);

  const second = await runCommand(['merge', ...shards, '--out', out]);

  expect(second.output).toContain('is there already');
  expect(second.code).toBe(64);
  expect(await digests(out)).toEqual(before);
});

it('says so where there can be no directory', async () => {
  const out = join(whole, 'run.json');

  const merged = await runCommand(['merge', ...shards, '--out', out]);

  expect(merged.output).toContain('(ENOTDIR)');
  expect(merged.code).toBe(64);
});

it.each([
  ['a journal that is missing', (journal: string) => rm(journal), 'is missing, although run.json names'],
  [
    'a half-written journal',
    (journal: string) => writeFile(journal, '{"journal":1'),
    'in the middle of a line',
  ],
])('leaves nothing behind for %s', async (_what, damage, said) => {
  const copies = join(root.path, 'damaged');
  await mkdir(copies);
  await cp(join(root.path, 'parts'), copies, { recursive: true, verbatimSymlinks: true });
  const names = shards.map((shard) => shard.replace(join(root.path, 'parts'), copies));
  const [journal = ''] = (await filesOf(names[1] ?? '')).filter((path) => path.startsWith('journals/'));
  await damage(join(names[1] ?? '', journal));
  const out = join(root.path, 'broken');

  const merged = await runCommand(['merge', ...names, '--out', out]);

  expect(merged.output).toContain(said);
  expect(merged.code).toBe(3);
  expect(await readdir(out).catch(() => [])).toEqual([]);
  await rm(copies, { recursive: true });
});
