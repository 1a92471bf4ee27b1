/** The public interface that people script against: exit codes, and what is printed beside them. */
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fixture, reportDirectory, runCommand, startCommand } from './command.ts';

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
  ['a misspelt scenario', ['run', 'unreachable/refusd'], 'Did you mean unreachable/refused?'],
  ['a scenario without a name', ['run', ''], 'An empty name means no scenario'],
  ['a file that is not there', ['run', './scenarios/mine.ts'], 'There is no file'],
  ['a directory without a name', ['run', '--out', ''], 'got an empty one'],
  ['a run without a name', ['check', ''], 'got an empty one'],
  ['one of two runs without a name', ['report', '--compare', 'reports/latest', ''], 'got an empty one'],
  ['a config that nothing reads', ['run', '--config', 'lab.json', 'refused'], '--world external'],
  ['one run of many as JSON', ['run', '--json', '--repeat', '2', 'refused'], '--json prints one run'],
  ['no run at all', ['run', '--repeat', '0'], '1 or more'],
  ['a config that is not there', ['list', '--project', 'no.ts'], 'There is no file'],
  ['a world that no other program can reach', ['up', '--world', 'simulated'], 'auto, local, containers'],
  ['a port that there is not', ['up', '--port', '99999'], '0 to 65535'],
])('ends with 64 for %s', async (_what, args, said) => {
  const run = await runCommand(args);

  expect(run.output).toContain(said);
  expect(run.code).toBe(64);
});

it('plays by one seed after the other, and ends as the worst run did', async () => {
  await using out = await reportDirectory();
  const files = [fixture('holds'), fixture('contradicts')];

  const run = await runCommand(['run', ...files, '--seed', '8', '--repeat', '2', '--out', out.path]);
  const kept = (await readdir(out.path))
    .filter((name) => name.includes('seed'))
    .map((name) => name.slice(-6));

  expect(run.output).toContain('1 of 2 scenarios as expected in each of 2 runs');
  expect(run.output).toMatch(/fixtures\/contradicts +✕ +✕/);
  expect(kept.toSorted()).toEqual(['seed-8', 'seed-9']);
  expect(run.code).toBe(1);
});

it('ends in good order when its reader is gone', async () => {
  const { child, ended } = startCommand(['--help']);
  child.stdout?.destroy();

  expect(await ended).toEqual({ code: 0, output: '' });
});

it('loses no verdict where a directory is called latest', async () => {
  await using out = await reportDirectory();
  await mkdir(join(out.path, 'latest', 'mine'), { recursive: true });

  const run = await runCommand(['run', fixture('holds'), '--seed', '1', '--out', out.path]);
  const left = await readdir(out.path);

  expect(run.output).toContain('latest does not lead to');
  expect(run.output).toContain('there is a directory of that name');
  expect(run.code).toBe(0);
  expect(left.filter((name) => name.endsWith('.part'))).toEqual([]);
  expect(await readdir(join(out.path, 'latest'))).toEqual(['mine']);
});

it('lists a scenario that is kept outside the project, in one of no type', async () => {
  await using out = await reportDirectory();
  await writeFile(join(out.path, 'package.json'), '{}');
  const file = join(out.path, 'my.ts');
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
  await copyFile(fixture('holds'), file);

  const run = await runCommand(['list', file]);

  expect(run.output).toContain('1 scenario.');
  expect(run.output).not.toContain('Warning');
  expect(run.code).toBe(0);
});

it('is silent of a project that names no type', async () => {
  await using out = await reportDirectory();
  await writeFile(join(out.path, 'package.json'), '{}');
  await writeFile(
    join(out.path, 'lab.ts'),
    "export default { scenarios: '.', builtIn: false, ignore: ['lab.ts'] };",
  );
  await copyFile(fixture('plain'), join(out.path, 'plain.ts'));
  await copyFile(fixture('holds'), join(out.path, 'my.ts'));

  const run = await runCommand(['list', 'my', '--project', join(out.path, 'lab.ts')]);

  expect(run.output).toContain('1 scenario.');
  expect(run.output).not.toContain('Warning');
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
