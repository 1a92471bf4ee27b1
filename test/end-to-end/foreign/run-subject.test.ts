/** Programs that the lab has never seen, judged without a change to them. */
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { findProgram } from '../../../harness/databases/programs.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { orSaySkipped } from '../../local/proxy/programs.ts';
import { reportDirectory, runCommand } from '../../local/run/command.ts';

const agents = resolve(import.meta.dirname, 'agents');
const has = (program: string): boolean =>
  orSaySkipped(findProgram(program, process.env) !== undefined, `${program} is not installed`);
const hasPython = has('python3');
const hasCurl = has('curl');
const scenarios = ['fleet-resets/one-handshake-per-request', 'unreachable/black-hole'];

async function runOf(directory: string): Promise<RunResult> {
  return JSON.parse(await readFile(join(directory, 'latest/run.json'), 'utf8')) as RunResult;
}

const failing = (run: RunResult, id: string): string[] =>
  (run.scenarios.find((scenario) => scenario.id === id)?.subjects[0]?.checks ?? [])
    .filter(({ outcome }) => outcome === 'fail')
    .map((check) => check.id)
    .toSorted();

it.skipIf(!hasPython)(
  'passes a Python agent that pools, times out and backs off',
  { timeout: 240_000 },
  async () => {
    await using out = await reportDirectory();

    const ended = await runCommand([
      'run',
      '--subject',
      join(agents, 'python.json'),
      ...scenarios,
      'silent-socket/send-while-closing',
      '--seed',
      '1',
      '--out',
      out.path,
    ]);
    const run = await runOf(out.path);

    expect(ended.output).toMatch(/subject python-agent, at the (lab’s pace by libfaketime|real pace): /);
    expect(run.subject).toMatchObject({ name: 'python-agent', server: 'reference' });
    expect(run.notApplicable).toMatchObject([{ id: 'silent-socket/send-while-closing' }]);
    expect(scenarios.flatMap((id) => failing(run, id))).toEqual([]);
    expect(ended.code).toBe(0);
  },
);

it.skipIf(!hasCurl)(
  'names what is wrong with a curl loop, and holds its list of known failures against it',
  { timeout: 300_000 },
  async () => {
    await using out = await reportDirectory();
    const subject = JSON.parse(await readFile(join(agents, 'shell.json'), 'utf8'));
    const file = join(out.path, 'shell.json');
    const known = (check: string) => ({ scenario: '*', check, reason: 'rewrite', since: '2026-11-30' });
    const write = (knownFailing: unknown) =>
      writeFile(file, JSON.stringify({ ...subject, cwd: agents, knownFailing }));
    const play = () =>
      runCommand(['run', '--subject', file, scenarios[0] ?? '', '--seed', '1', '--out', out.path]);

    await write([]);
    const first = await play();
    expect(failing(await runOf(out.path), scenarios[0] ?? '')).toEqual(['connections', 'handshakes']);
    expect(first.code).toBe(1);

    await write([known('connections'), known('handshakes')]);
    expect((await play()).code).toBe(0);

    await write([known('connections'), known('handshakes'), known('stays-up')]);
    const stale = await play();
    expect(stale.output).toContain('passes stays-up');
    expect(stale.output).toContain('take it off the list');
    expect(stale.code).toBe(1);
  },
);

it.skipIf(!hasPython)(
  'judges a program by workers as it does by itself, and refuses what these cannot have',
  { timeout: 240_000 },
  async () => {
    await using out = await reportDirectory();
    const file = relative('.', join(agents, 'python.json'));
    const played = [...scenarios.slice(0, 1), 'silent-socket/send-while-closing'];
    const wanted = ['--seed', '1', '--out', out.path, '--on', 'embedded:2'];

    const ended = await runCommand(['run', '--subject', file, ...played, ...wanted]);
    const run = await runOf(out.path);
    const bare = await runCommand(['run', ...played, ...wanted, '--', 'python3', 'agent.py']);
    const strange = join(out.path, 'python.json');
    await copyFile(file, strange);
    const elsewhere = await runCommand(['run', '--subject', strange, ...played, ...wanted]);

    expect(ended.output).toMatch(/subject python-agent, at the (lab’s pace by libfaketime|real pace): /);
    expect(run.subject).toMatchObject({ name: 'python-agent', server: 'reference' });
    expect(run.notApplicable).toMatchObject([{ id: 'silent-socket/send-while-closing' }]);
    expect(run.scenarios).toMatchObject([{ id: scenarios[0], asExpected: true }]);
    expect(run.scenarios[0]?.replay).toContain(`--subject ${file}`);
    expect(run.workers).toMatchObject([{ slots: 2, scenarios: 1 }]);
    expect(ended.code).toBe(0);
    expect(bare.output).toContain('Workers are given no command');
    expect(bare.code).toBe(64);
    expect(elsewhere.output).toContain('does not lie below');
    expect(elsewhere.code).toBe(64);
  },
);

it('refuses what cannot be started before anything is played', async () => {
  await using out = await reportDirectory();
  const file = join(out.path, 'mine.json');
  const refusal = async (subject: unknown, scenario = 'fleet-resets') => {
    await writeFile(file, typeof subject === 'string' ? subject : JSON.stringify(subject));
    const { code, output } = await runCommand(['run', '--subject', file, scenario, '--out', out.path]);
    expect(code).toBe(64);
    return output;
  };

  expect(await refusal('{')).toContain('is not JSON');
  expect(await refusal({ name: 'mine', command: ['no-such-program'] })).toContain(
    'There is no program no-such-program that could be started',
  );
  expect(await refusal({ name: 'mine', command: ['sh'], cwd: 'nowhere' })).toContain('there is no folder');
  const staying = 'fleet-resets/idle-connection-reset';
  expect(await refusal({ name: 'mine', command: ['sh'], exits: true }, staying)).toContain(
    'None of these scenarios can play mine',
  );
});
