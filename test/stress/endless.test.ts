/** Code of a scenario that never returns: it ends its own run and no other, and what is said of it names the place. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RunResult } from '../../harness/report/run-result.ts';
import { fixture, reportDirectory, runCommand } from '../local/run/command.ts';

let out: Awaited<ReturnType<typeof reportDirectory>>;
beforeAll(async () => {
  out = await reportDirectory();
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
});
afterAll(() => out[Symbol.asyncDispose]());

/** Writes a scenario of this name, with `more` in lines of their own behind its declaration. */
async function scenarioFile(name: string, live: string, more: readonly string[] = []): Promise<string> {
  const file = join(out.path, `${name}.ts`);
  const lines = [
    "import { plainScenario } from './plain.ts';",
    'function spin(): void {',
    '  for (;;) {',
    '  }',
    '}',
    `plainScenario('mine/${name}', ['naive'], async (table) => { ${live} });`,
    ...more,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);
  return file;
}

const spinIf = (subject: string): string =>
  `await table.sleep(1); if (table.subject === '${subject}') spin();`;

const stored = async (): Promise<RunResult> =>
  JSON.parse(await readFile(join(out.path, 'latest/run.json'), 'utf8')) as RunResult;

it('fails the subject that spins, plays the other one and the rest of the run', {
  timeout: 300_000,
}, async () => {
  const files = [
    await scenarioFile('hardened-spins', spinIf('hardened')),
    await scenarioFile('naive-spins', spinIf('naive')),
    fixture('holds'),
  ];

  const run = await runCommand(['run', ...files, '--seed', '1', '--out', out.path]);
  const { scenarios } = await stored();
  const subjects = Object.fromEntries(
    scenarios.flatMap(({ id, subjects: played }) =>
      played.map(({ name, outcome, error, checks }) => {
        const outcomes = Object.fromEntries(checks.map((check) => [check.id, check.outcome]));
        return [`${id} ${name}`, { outcome, error, ...outcomes }] as const;
      }),
    ),
  );

  expect(run.code).toBe(1);
  expect(scenarios.map(({ id, asExpected }) => [id, asExpected])).toEqual([
    ['mine/hardened-spins', false],
    ['mine/naive-spins', true],
    ['fixtures/holds', true],
  ]);
  expect(subjects['mine/hardened-spins hardened']).toMatchObject({
    outcome: 'fail',
    quiet: 'pass',
    'standing-ends': 'fail',
    error: expect.stringMatching(
      /^it kept its thread busy for 10 s .*, at spin \(\S*hardened-spins\.ts:3:\d+\)$/,
    ),
  });
  expect(subjects['mine/hardened-spins naive']).toMatchObject({ quiet: 'fail', error: undefined });
  expect(subjects['mine/naive-spins naive']).toMatchObject({
    quiet: 'fail',
    'standing-ends': 'fail',
    error: expect.stringContaining('naive-spins.ts:3:'),
  });
  expect(subjects['mine/naive-spins hardened']).toMatchObject({ outcome: 'pass', quiet: 'pass' });
  expect(await readFile(join(out.path, 'latest/junit.xml'), 'utf8')).toMatch(/<failure [^>]*standing-ends/);
  expect(await readFile(join(out.path, 'latest/summary.md'), 'utf8')).toContain('fails `standing-ends`');
  const again = await runCommand(['check', join(out.path, 'latest')]);
  expect(again.output).toContain('Every check gives what the run said');
});

it('plays again from the beginning who spun while the machine stood still', {
  timeout: 300_000,
}, async () => {
  const mark = join(out.path, 'spun');
  const once = [
    "const { existsSync, writeFileSync } = await import('node:fs');",
    `if (table.subject === 'hardened' && !existsSync('${mark}')) {`,
    `  writeFileSync('${mark}', '');`,
    '  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);',
    '  await table.sleep(1_000);',
    '  spin();',
    '}',
  ];
  const file = await scenarioFile('spins-once', once.join(' '));

  const run = await runCommand(['run', file, '--seed', '1', '--out', out.path]);
  const [scenario] = (await stored()).scenarios;

  expect(scenario?.firstTry).toMatchObject({
    outcome: 'unexpected',
    reasons: expect.arrayContaining([expect.stringContaining('standing-ends')]),
  });
  expect(scenario?.subjects.map(({ name, outcome, error }) => [name, outcome, error])).toEqual([
    ['naive', 'fail', undefined],
    ['hardened', 'pass', undefined],
  ]);
  expect(run.code, run.output).toBe(0);
});

it('gives a file that never finishes loading its place, and says where it is', {
  timeout: 300_000,
}, async () => {
  const files = [
    await scenarioFile('loads-and-spins', '', ['spin();']),
    await scenarioFile('waits-for-nothing', '', ['await new Promise(() => {});']),
    fixture('holds'),
  ];

  const run = await runCommand(['run', ...files, '--seed', '1', '--out', out.path]);
  const { scenarios } = await stored();
  const why = (name: string) => scenarios.find(({ id }) => id.endsWith(name))?.inconclusive;

  expect(run.code).toBe(3);
  expect(scenarios.filter(({ asExpected }) => asExpected)).toMatchObject([{ id: 'fixtures/holds' }]);
  expect(why('loads-and-spins')).toEqual([
    expect.stringMatching(
      /^The file did not finish loading: it kept .*, at spin \(\S*loads-and-spins\.ts:3:\d+\)\.$/,
    ),
  ]);
  expect(why('waits-for-nothing')).toEqual([
    'The file did not finish loading: it waited 60 s for a promise at its top level.',
  ]);
  expect(run.output).toMatch(/loads-and-spins\.ts: The file did not finish loading/);
});

it('says how a process ended that crashes under its scenario', { timeout: 300_000 }, async () => {
  const crash =
    "if (table.subject === 'hardened') process.kill(process.pid, 'SIGSEGV'); await table.sleep(1e6);";
  const files = [await scenarioFile('crashes', crash), fixture('holds')];

  const run = await runCommand(['run', ...files, '--seed', '1', '--out', out.path]);
  const { scenarios } = await stored();

  expect(run.code).toBe(3);
  expect(run.output).toMatch(/crashes\.ts: Its process ended in the midst of it, by SIGSEGV\./);
  expect(run.output).not.toContain('vitest');
  expect(scenarios).toMatchObject([
    { asExpected: false, inconclusive: ['Its process ended in the midst of it, by SIGSEGV.'] },
    { id: 'fixtures/holds', asExpected: true },
  ]);
});
