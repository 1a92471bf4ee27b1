/** Which program a command starts: looked up as the system does, and through the first line of a script. */
import { constants } from 'node:fs';
import { access, open, realpath } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, resolve } from 'node:path';
import { LabError } from '../errors.ts';

/** A command as it will run. */
export interface Program {
  /** The file that the command names. */
  readonly file: string;
  /** What runs it: the interpreter of a script, or the file itself. */
  readonly runtime: string;
}

/** @throws LabError `LAB_BAD_INPUT` when there is no such program, or it may not be executed */
export async function findProgram(command: string, cwd: string): Promise<Program> {
  const file = await lookUp(command, cwd);
  if (file === undefined)
    throw new LabError('LAB_BAD_INPUT', `There is no program ${command} that could be started`, {
      hint: command.includes('/')
        ? `Check that ${resolve(cwd, command)} exists and may be executed (chmod +x).`
        : 'Install it, or give its path; it is looked for in PATH.',
    });
  return { file, runtime: await runtimeOf(file, cwd) };
}

async function lookUp(command: string, cwd: string): Promise<string | undefined> {
  const candidates = command.includes('/')
    ? [isAbsolute(command) ? command : resolve(cwd, command)]
    : (process.env.PATH ?? '').split(delimiter).map((folder) => resolve(folder || '.', command));
  for (const candidate of candidates)
    if (
      await access(candidate, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  return undefined;
}

/** Through `#!` lines, as far as one leads to another. */
async function runtimeOf(file: string, cwd: string, depth = 0): Promise<string> {
  const line = await firstLine(file);
  const [, interpreter, argument] = /^#!\s*(\S+)(?:\s+(?:-S\s+)?(\S+))?/.exec(line) ?? [];
  if (interpreter === undefined || depth > 3) return realpath(file).catch(() => file);
  const next = basename(interpreter) === 'env' && argument !== undefined ? argument : interpreter;
  const found = await lookUp(next, cwd);
  return found === undefined ? file : runtimeOf(found, cwd, depth + 1);
}

async function firstLine(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.toString('latin1', 0, bytesRead).split('\n', 1)[0] ?? '';
  } finally {
    await handle.close();
  }
}
