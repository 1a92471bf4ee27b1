/** The public interface that people script against: exit codes, and what is printed beside them. */
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand } from './command.ts';

it.each([
  ['holds', 0, 'as expected'],
  ['contradicts', 1, 'hardened fails quiet'],
  ['nothing-to-strike', 2, 'there is no link called agent→sever; the links are agent→server'],
  ['throws', 3, 'this file cannot be loaded'],
  [
    'misspelt',
    3,
    'misspelt.ts: fixtures/misspelt: check `quiet`: of.kind: there is no kind agent.lgo; did you mean agent.log?',
  ],
])('ends a run of %s with %i and says why', async (name, code, said) => {
  await using out = await reportDirectory();

  const run = await runCommand(['run', fixture(name), '--seed', '1', '--out', out.path]);

  expect(run.output).toContain(said);
  expect(run.code).toBe(code);
});

it.each([
  ['an unknown scenario', ['run', 'no-such-scenario'], 'There is no scenario called no-such-scenario'],
  ['an unknown option', ['run', '--sed', '1'], '--seed'],
  ['a seed that is no number', ['run', '--seed', 'x'], 'whole number'],
  ['a shard out of range', ['run', '--shard', '3/2'], 'i/n'],
  ['an unknown world', ['run', '--world', 'mars'], 'containers'],
  ['an unknown command', ['shake'], 'shake'],
])('ends with 64 for %s', async (_what, args, said) => {
  const run = await runCommand(args);

  expect(run.output).toContain(said);
  expect(run.code).toBe(64);
});

it('lists a scenario that is kept outside the project', async () => {
  await using out = await reportDirectory();
  const file = join(out.path, 'my.ts');
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
  await copyFile(fixture('holds'), file);

  const run = await runCommand(['list', file]);

  expect(run.output).toContain('1 scenarios');
  expect(run.code).toBe(0);
});

it('ends with 64 when SHAKETABLE_MYSQLD names no server', async () => {
  await using out = await reportDirectory();

  const run = await runCommand(['run', fixture('holds'), '--out', out.path], {
    SHAKETABLE_MYSQLD: '/no/such/mysqld',
  });

  expect(run.output).toContain('SHAKETABLE_MYSQLD');
  expect(run.code).toBe(64);
});

it('judges a stored run again from its journals, and notices when they were changed', async () => {
  await using out = await reportDirectory();
  await runCommand(['run', fixture('holds'), fixture('contradicts'), '--seed', '1', '--out', out.path]);
  const latest = join(out.path, 'latest');

  const same = await runCommand(['check', latest]);
  const run = JSON.parse(await readFile(join(latest, 'run.json'), 'utf8')) as {
    outcome: string;
    scenarios: { id: string; asExpected: boolean; replay: string }[];
  };

  expect(same.output).toContain('Every check gives what the run said');
  expect(same.code).toBe(1);
  expect(run.outcome).toBe('unexpected');
  expect(run.scenarios.map(({ id, asExpected }) => [id, asExpected])).toEqual([
    ['fixtures/holds', true],
    ['fixtures/contradicts', false],
  ]);
});

it('ends with 3 for a run that is not there', async () => {
  const run = await runCommand(['check', '/no/such/run']);

  expect(run.output).toContain('LAB_RUN_NOT_FOUND');
  expect(run.code).toBe(3);
});
