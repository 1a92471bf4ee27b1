/**
 * A copy of the project in a directory of its own, to break something in and to run the lab there as a user would. Installed
 * packages are linked, those of the project lead into the copy.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { RunResult } from '../../harness/report/run-result.ts';

/** The project that is copied. */
export const projectRoot = resolve(import.meta.dirname, '../..');

/** What of the project a run of the lab needs. */
const needed = [
  'harness',
  'proxy',
  'services',
  'scenarios',
  'shaketable.config.ts',
  'package.json',
  'test/mutation/drawn/virtual',
];

/** How a run in the copy ended. `run` is absent when the lab did not get as far as `run.json`. */
export interface ScratchRun {
  readonly code: number | null;
  readonly output: string;
  readonly run: RunResult | undefined;
}

/** How a run differs from the usual one. */
export interface ScratchRunOptions {
  /** After so many real milliseconds the command is killed, and `code` is null. @default no bound */
  readonly boundMs?: number;
}

/** The copy; disposal removes it. */
export interface ScratchCopy extends AsyncDisposable {
  readonly directory: string;
  /** Makes a file, with the folders that it needs. */
  write(file: string, text: string): Promise<void>;
  /** Writes a file anew. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** Runs scenarios with seed 1. An abort of `signal` stops the command, waits for its end and rejects with the reason. */
  run(scenarios: readonly string[], signal: AbortSignal, options?: ScratchRunOptions): Promise<ScratchRun>;
  /** Runs a program of the copy, which is ended in the same way. */
  program(
    file: string,
    args: readonly string[],
    signal: AbortSignal,
    options?: ScratchRunOptions,
  ): Promise<Omit<ScratchRun, 'run'>>;
}

/** A copy in which any command can be run. */
export interface CommandCopy extends ScratchCopy {
  /** Runs a command of `shaketable`. */
  command(args: readonly string[], signal: AbortSignal): Promise<Omit<ScratchRun, 'run'>>;
}

/** Copies the project as it stands in the working tree. */
export async function copyProject(): Promise<CommandCopy> {
  const directory = await mkdtemp(join(tmpdir(), 'shaketable-mutant-'));
  for (const file of await projectFiles()) await cp(join(projectRoot, file), join(directory, file));
  await linkPackages(directory);
  return {
    directory,
    async write(file, text) {
      const path = join(directory, file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    async edit(file, change) {
      const path = join(directory, file);
      await writeFile(path, change(await readFile(path, 'utf8')));
    },
    async run(scenarios, signal, { boundMs } = {}) {
      const out = join(directory, 'reports');
      await rm(out, { recursive: true, force: true }); // An earlier result is not taken for this one's.
      const args = ['run', ...scenarios, '--seed', '1', '--out', out];
      const ended = await runProgram(directory, lab, args, signal, boundMs);
      const text = await readFile(join(out, 'latest/run.json'), 'utf8').catch(() => undefined);
      return { ...ended, run: text === undefined ? undefined : (JSON.parse(text) as RunResult) };
    },
    program: (file, args, signal, { boundMs } = {}) => runProgram(directory, file, args, signal, boundMs),
    command: (args, signal) => runProgram(directory, lab, args, signal),
    [Symbol.asyncDispose]: () => rm(directory, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Links what is installed; npm's links to the project's own packages are relative, and so lead into the copy. */
async function linkPackages(directory: string): Promise<void> {
  const [installed, linked] = [projectRoot, directory].map((root) => join(root, 'node_modules')) as [
    string,
    string,
  ];
  await mkdir(linked);
  for (const entry of await readdir(installed, { withFileTypes: true })) {
    const path = join(installed, entry.name);
    await symlink(entry.isSymbolicLink() ? await readlink(path) : path, join(linked, entry.name));
  }
}

/** Paths of all that is copied: tracked files, and those about to be; a deleted one is no longer there. */
export async function projectFiles(): Promise<string[]> {
  const list = async (...which: string[]): Promise<string[]> => {
    const args = ['ls-files', '-z', ...which, '--', ...needed];
    const { stdout } = await promisify(execFile)('git', args, { cwd: projectRoot });
    return stdout.split('\0').filter((file) => file !== '');
  };
  const deleted = new Set(await list('--deleted'));
  const files = await list('--cached', '--others', '--exclude-standard');
  return [...new Set(files)].filter((file) => !deleted.has(file));
}

/** The lab's command. */
const lab = 'harness/bin/shaketable.cjs';

async function runProgram(
  directory: string,
  file: string,
  args: readonly string[],
  signal: AbortSignal,
  boundMs?: number,
) {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [join(directory, file), ...args], {
    cwd: directory,
    env: { ...process.env, CI: 'true', SHAKETABLE_WORLD: 'local' },
    // Ctrl-C reaches a process group: this one gets one signal, from here, and so has the time to clean up.
    detached: true,
  });
  const stop = (): void => void child.kill('SIGTERM');
  // Its workers, too: one that spins would hold the output open for ever.
  const kill = (): void => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
  const bound = boundMs === undefined ? undefined : setTimeout(kill, boundMs);
  signal.addEventListener('abort', stop, { once: true });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  try {
    const [code] = await once(child, 'close');
    signal.throwIfAborted();
    return { code: code as number | null, output };
  } finally {
    clearTimeout(bound);
    signal.removeEventListener('abort', stop);
  }
}
