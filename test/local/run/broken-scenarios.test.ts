/** What was asked for is in every report, also when there is no result of it. */
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { fixture, reportDirectory, runCommand } from './command.ts';

it('gives every file that was asked for its place in run.json, JUnit, summary and page', async () => {
  await using out = await reportDirectory();
  const files = ['throws', 'holds', 'declares-nothing'].map(fixture);

  const run = await runCommand(['run', ...files, '--seed', '1', '--out', out.path]);
  const read = (name: string): Promise<string> => readFile(join(out.path, 'latest', name), 'utf8');
  const { outcome, scenarios } = JSON.parse(await read('run.json')) as RunResult;
  const of = (id: string) => scenarios.find((scenario) => scenario.id === id);

  expect(run.code).toBe(3);
  expect(outcome).toBe('inconclusive');
  expect(scenarios).toHaveLength(3);
  expect(of('fixtures/holds')).toMatchObject({ asExpected: true });
  expect(of('scenarios/throws')).toMatchObject({
    asExpected: false,
    inconclusive: [
      'this file cannot be loaded',
      expect.stringMatching(/^at top level \(\S*throws\.ts:1:7\)$/),
    ],
    subjects: [],
  });
  expect(of('scenarios/declares-nothing')).toMatchObject({
    inconclusive: ['The file declares no scenario.'],
  });
  expect(await read('junit.xml')).toMatch(/<testsuites [^>]*tests="3" failures="0" errors="2"/);
  expect(await read('junit.xml')).toMatch(/<error [^>]*this file cannot be loaded/);
  expect(await read('summary.md')).toContain('1 of 3 scenarios as expected, 2 inconclusive');
  expect(await read('index.html')).toContain('this file cannot be loaded');
  expect(run.output).toContain('? scenarios/throws');

  const again = await runCommand(['check', join(out.path, 'latest')]);
  expect(again.output).toContain('Every check gives what the run said');
  expect(again.code).toBe(2);
});

it.each([
  [
    'two scenarios in a file',
    ['both.ts'],
    { 'both.ts': ['mine/a', 'mine/b'] },
    'both.ts declares mine/a and mine/b',
  ],
  [
    'one id in two files',
    ['one.ts', 'two.ts'],
    { 'one.ts': ['mine/a'], 'two.ts': ['mine/a'] },
    'two.ts both declare mine/a',
  ],
])('refuses %s before anything is played', async (_what, names, files, said) => {
  await using out = await reportDirectory();
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
  for (const [name, ids] of Object.entries(files)) {
    const lines = ids.map((id) => `plainScenario('${id}', ['naive']);`);
    await writeFile(
      join(out.path, name),
      `import { plainScenario } from './plain.ts';\n${lines.join('\n')}\n`,
    );
  }

  const run = await runCommand(['run', ...names.map((name) => join(out.path, name)), '--out', out.path]);

  expect(run.output).toContain(said);
  expect(run.code).toBe(64);
  expect(await readdir(out.path)).not.toContain('latest');
});

it('refuses two scenarios in a file that only the run itself can load', async () => {
  await using out = await reportDirectory();
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
  const file = join(out.path, 'both.ts');
  const declared = ['mine/a', 'mine/b'].map((id) => `plainScenario('${id}', ['naive']);`);
  // Node strips types, and has no code for an enum.
  const lines = [
    "import { plainScenario } from './plain.ts';",
    'enum Kind { One }',
    'void Kind.One;',
    ...declared,
  ];
  await writeFile(file, `${lines.join('\n')}\n`);

  const run = await runCommand(['run', file, '--out', out.path]);

  expect(run.output).toContain('mine/b: the file declares mine/a already');
  expect(run.output).not.toContain('✓ mine/a');
  expect(run.code).toBe(3);
});
