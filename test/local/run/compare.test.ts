/** The history that runs leave, and what is said about changes, as a user meets it. */
import { cp, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';

let root: Awaited<ReturnType<typeof reportDirectory>>;
let first = '';
let second = '';
let said = '';

beforeAll(async () => {
  root = await reportDirectory();
  const scenarios = ['turns', 'holds'].map(fixture);
  const play = (seed: string, turned: string) =>
    runCommand(['run', ...scenarios, '--seed', seed, '--out', root.path], { FIXTURE_TURNED: turned });
  await play('1', '');
  first = await realpath(join(root.path, 'latest'));
  said = (await play('2', 'yes')).output;
  second = await realpath(join(root.path, 'latest'));
}, 120_000);

afterAll(() => root[Symbol.asyncDispose]());

it('says after a run what fails newly since the one before', () => {
  expect(said).toContain('1 new failure');
  expect(said).toContain('fixtures/turns: was as expected, now not as expected');
  expect(said).toContain('hardened quiet: pass → fail');
  expect(said).toContain('differs in seed 1 → 2');
  expect(said).not.toContain('unsteady');
});

it('says the same in the summary and on the page, and again without the history', async () => {
  const read = (name: string): Promise<string> => readFile(join(second, name), 'utf8');
  const [summary, page] = [await read('summary.md'), await read('index.html')];

  const alone = join(root.path, 'elsewhere', 'run');
  await cp(second, alone, { recursive: true });
  await runCommand(['report', alone]);

  expect(summary).toContain('**✕ 1 new failure**');
  expect(page).toContain('✕ 1 new failure</h3>');
  expect(await readFile(join(alone, 'summary.md'), 'utf8')).toBe(summary);
  expect(await readFile(join(alone, 'index.html'), 'utf8')).toBe(page);
});

it('says nothing of changes in the report of a first run', async () => {
  expect(await readFile(join(first, 'summary.md'), 'utf8')).not.toContain('What changed');
});

it('leaves a line for each run, with the outcome of each check', async () => {
  const lines = (await readFile(join(root.path, 'history.ndjson'), 'utf8')).trim().split('\n');

  expect(lines.map((line) => JSON.parse(line) as unknown)).toMatchObject([
    { history: 1, seed: 1, world: 'local', pace: 20, outcome: 'expected' },
    {
      seed: 2,
      outcome: 'unexpected',
      scenarios: [
        {
          id: 'fixtures/turns',
          asExpected: false,
          checks: { naive: { quiet: 'fail' }, hardened: { quiet: 'fail' } },
        },
        {
          id: 'fixtures/holds',
          asExpected: true,
          checks: { naive: { quiet: 'fail' }, hardened: { quiet: 'pass' } },
        },
      ],
    },
  ]);
});

it('compares two runs: 1 with new failures, 0 without, no line wider than 80 columns', async () => {
  const worse = await runCommand(['report', '--compare', first, second]);
  const better = await runCommand(['report', second, first, '--compare']);

  expect(worse.output).toContain('✕ 1 new failure');
  expect(worse.code).toBe(1);
  expect(better.output).toContain('✓ 1 mended');
  expect(better.code).toBe(0);
  expect(Math.max(...worse.output.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

it('gives the comparison as JSON', async () => {
  const { output, code } = await runCommand(['report', '--compare', first, second, '--json']);

  expect(JSON.parse(output)).toMatchObject({
    newFailures: [{ id: 'fixtures/turns' }],
    mended: [],
    compared: 2,
  });
  expect(code).toBe(1);
});

it.each([
  ['one run to compare', ['report', '--compare', 'reports/latest'], 64, '--compare takes two runs, not 1'],
  ['three runs to compare', ['report', '--compare', 'a', 'b', 'c'], 64, '--compare takes two runs, not 3'],
  ['a second run without --compare', ['report', 'a', 'b'], 64, 'are for --compare'],
  ['no run', ['report'], 64, "missing required argument 'run'"],
  ['a run that is not there', ['report', '--compare', '/no/a', '/no/b'], 3, 'LAB_RUN_NOT_FOUND'],
])('refuses %s', async (_what, args, code, text) => {
  const { output, code: ended } = await runCommand(args);

  expect(output).toContain(text);
  expect(ended).toBe(code);
});
