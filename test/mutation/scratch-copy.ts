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
const needed = ['harness', 'proxy', 'services', 'scenarios', 'shaketable.config.ts', 'package.json'];

/** How a run in the copy ended. `run` is absent when the lab did not get as far as `run.json`. */
export interface ScratchRun {
  readonly code: number | null;
  readonly output: string;
  readonly run: RunResult | undefined;
}

/** The copy; disposal removes it. */
export interface ScratchCopy extends AsyncDisposable {
  readonly directory: string;
  /** Makes a file, with the folders that it needs. */
  write(file: string, text: string): Promise<void>;
  /** Writes a file anew. */
  edit(file: string, change: (text: string) => string): Promise<void>;
  /** Runs scenarios with seed 1; the command is stopped when `signal` aborts. */
  run(scenarios: readonly string[], signal: AbortSignal): Promise<ScratchRun>;
}

/** Copies the project as it stands in the working tree. */
export async function copyProject(): Promise<ScratchCopy> {
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
    async run(scenarios, signal) {
      const out = join(directory, 'reports');
      const ended = await runLab(directory, ['run', ...scenarios, '--seed', '1', '--out', out], signal);
      const text = await readFile(join(out, 'latest/run.json'), 'utf8').catch(() => undefined);
      return { ...ended, run: text === undefined ? undefined : (JSON.parse(text) as RunResult) };
    },
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

/** Tracked files that are needed, and those about to be: a deleted one is no longer there to be copied. */
async function projectFiles(): Promise<string[]> {
  const list = async (...which: string[]): Promise<string[]> => {
    const args = ['ls-files', '-z', ...which, '--', ...needed];
    const { stdout } = await promisify(execFile)('git', args, { cwd: projectRoot });
    return stdout.split('\0').filter((file) => file !== '');
  };
  const deleted = new Set(await list('--deleted'));
  const files = await list('--cached', '--others', '--exclude-standard');
  return [...new Set(files)].filter((file) => !deleted.has(file));
}

async function runLab(directory: string, args: readonly string[], signal: AbortSignal) {
  const child = spawn(process.execPath, [join(directory, 'harness/bin/shaketable.cjs'), ...args], {
    cwd: directory,
    env: { ...process.env, CI: 'true', SHAKETABLE_WORLD: 'local' },
    signal,
    killSignal: 'SIGTERM',
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const [code] = await once(child, 'close');
  return { code: code as number | null, output };
}
