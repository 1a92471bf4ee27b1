/** Runs clients that are programs of their own. */
import { execFile, spawnSync } from 'node:child_process';

/** What a program left behind. */
export interface Ran {
  /** Its exit code; -1 when it was ended after the time limit. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, for 20 seconds at most. */
export function runProgram(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code ?? -1);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Whether a program is installed: it answers `--version`. Says so when it is not, since its tests are skipped then. */
export function isThere(program: string): boolean {
  return orSaySkipped(spawnSync(program, ['--version']).status === 0, `${program} is not installed`);
}

/** Whether Python has a package. Says so when it has not. */
export function hasPythonPackage(name: string): boolean {
  const { status } = spawnSync('python3', ['-c', `import ${name}`]);
  return orSaySkipped(status === 0, `Python's package ${name} is not installed`);
}

/** Passes on whether something is to be had, and prints why its tests are skipped when it is not. */
export function orSaySkipped(there: boolean, reason: string): boolean {
  if (!there) console.warn(`skipped: ${reason}`);
  return there;
}
