/** A run that is stopped or killed in the middle leaves nothing that the next one does not find and remove. */
import { existsSync } from 'node:fs';
import { glob as globFiles, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isAlive, type ProcessIdentity } from '../../../harness/cleanup/process-identity.ts';
import { fixture, reportDirectory, runCommand, startCommand } from './command.ts';

/** What the run wrote down as its own: processes and directories, in records below its temporary directory. */
async function holdings(temporary: string): Promise<{ processes: ProcessIdentity[]; directories: string[] }> {
  const runs = (await glob(temporary, 'shaketable-*/runs/*.ndjson')).map((path) => join(temporary, path));
  const lines = (await Promise.all(runs.map((path) => readFile(path, 'utf8')))).join('').split('\n');
  const processes = lines.flatMap((line) => {
    const [, pid, start] = /"process":\{"pid":(\d+),"start":"(\d+)"/.exec(line) ?? [];
    return pid === undefined || start === undefined ? [] : [{ pid: Number(pid), start }];
  });
  const directories = lines.flatMap((line) => /"directory":"([^"]+)"/.exec(line)?.[1] ?? []);
  return { processes, directories };
}

async function glob(cwd: string, pattern: string): Promise<string[]> {
  return Array.fromAsync(globFiles(pattern, { cwd }));
}

/** Those of the holdings that are still there; an id that went to another process is not. */
function remaining({ processes, directories }: Awaited<ReturnType<typeof holdings>>): string[] {
  const alive = processes.filter(isAlive).map(({ pid }) => `process ${pid}`);
  return [...alive, ...directories.filter((path) => existsSync(path))];
}

/** A run in the middle of its scenario, with a temporary directory to itself. */
async function startedRun(out: string) {
  const env = { TMPDIR: out };
  const command = startCommand(['run', fixture('never-ends'), '--seed', '1', '--out', out], env);
  await command.printed('Shaketable');
  for (;;) {
    const held = await holdings(out);
    const tables = held.directories.filter((path) => path.includes('fixtures-never-ends'));
    if (tables.length === 2 && held.processes.length > 0) {
      return { ...command, held, env };
    }
    if (command.child.exitCode !== null) throw new Error(command.output());
    await wait(20);
  }
}

it.each(['SIGINT', 'SIGTERM'] as const)('cleans up when it gets %s', async (signal) => {
  await using out = await reportDirectory();
  const run = await startedRun(out.path);

  run.child.kill(signal);
  const { code, output } = await run.ended;

  expect(output).toContain('Stopping and cleaning up');
  expect(code).toBe(130);
  expect(run.held.processes).not.toEqual([]);
  expect(remaining(run.held)).toEqual([]);
});

it('is cleaned up after by doctor when it was killed', async () => {
  await using out = await reportDirectory();
  const run = await startedRun(out.path);

  run.child.kill('SIGKILL');
  await run.ended;
  const doctor = await runCommand(['doctor'], run.env);
  const again = await runCommand(['doctor'], run.env);

  expect(doctor.output).toContain('left behind');
  expect(again.output).toContain('nothing left behind');
  expect(remaining(run.held)).toEqual([]);
});
