/** Runs clients that are programs of their own. */
import { execFile, execFileSync } from 'node:child_process';

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

/** Whether a program is installed: it answers `--version`. */
export function isThere(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
