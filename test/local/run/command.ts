/** Runs the command as a user would, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const entry = join(root, 'harness/bin/shaketable.cjs');

/** The path of a fixture scenario. */
export const fixture = (name: string): string => resolve(import.meta.dirname, 'scenarios', `${name}.ts`);

/** A command under way: what it has printed so far, and how it ends. */
export interface RunningCommand {
  readonly child: ChildProcess;
  output(): string;
  /** Resolves when `text` was printed; rejects when the command ends without it. */
  printed(text: string): Promise<void>;
  readonly ended: Promise<{ code: number | null; output: string }>;
}

/** Those that have not ended. */
const running = new Set<RunningCommand>();

/** A test that fails half-way leaves its commands to nobody. */
afterAll(async () => {
  for (const { child, ended } of running) {
    child.kill('SIGTERM');
    await ended;
  }
});

/** Starts `shaketable` with these arguments; it is stopped when the tests of the file are over. */
export function startCommand(args: readonly string[], env: Record<string, string> = {}): RunningCommand {
  const child = spawn(process.execPath, [entry, ...args], {
    cwd: root,
    env: { ...process.env, CI: 'true', SHAKETABLE_WORLD: 'local', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('printed');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    child.emit('printed');
  });
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, output }));
  const command: RunningCommand = {
    child,
    output: () => output,
    async printed(text) {
      while (!output.includes(text)) {
        const over = await Promise.race([once(child, 'printed').then(() => false), ended.then(() => true)]);
        if (over && !output.includes(text))
          throw new Error(`The command ended without saying “${text}”:\n${output}`);
      }
    },
    ended,
  };
  running.add(command);
  void ended.then(() => running.delete(command));
  return command;
}

/** Runs `shaketable` to its end. */
export function runCommand(args: readonly string[], env?: Record<string, string>): RunningCommand['ended'] {
  return startCommand(args, env).ended;
}

/** A directory for reports that disposal removes. */
export async function reportDirectory(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'shaketable-test-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
