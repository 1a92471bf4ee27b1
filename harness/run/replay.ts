/**
 * The command that plays a scenario again, on the same faults.
 */
import { join, relative, resolve, sep } from 'node:path';
import type { ForeignSubject } from '../foreign/subject.ts';
import { inRepository, packageRoot } from '../own-files.ts';
import type { Pace, WorldModule } from '../worlds/world-module.ts';

/** What of a run decides about its faults. */
interface Replayed {
  readonly seed: number;
  readonly pace: Pace;
  readonly module: Pick<WorldModule, 'paces' | 'replayFlags'>;
  readonly facts: unknown;
  /** Folders in which a file's place is its scenario's id. */
  readonly folders: readonly string[];
  /** The user's own program, where one is played. */
  readonly subject?: Pick<ForeignSubject, 'file' | 'command'>;
}

/** By its id, where that is its place in a folder of scenarios, else by the path of its file. */
export function replayCommand(
  id: string,
  file: string,
  { seed, pace, module, facts, folders, subject }: Replayed,
): string {
  const hasId = folders.some((folder) => file.startsWith(`${join(folder, id)}.`));
  const speed = pace === module.paces[0] ? [] : ['--pace', pace];
  const named = subject === undefined || subject.file === '' ? [] : ['--subject', quoted(subject.file)];
  const flags = [...named, '--seed', seed, ...speed, ...module.replayFlags(facts)];
  const behind = subject?.file === '' ? ` -- ${subject.command.map(quoted).join(' ')}` : '';
  const command = inRepository ? 'npm run lab --' : 'npx shaketable run';
  return `${command} ${hasId ? id : shortPath(file)} ${flags.join(' ')}${behind}`;
}

/** A word as a shell takes it. */
const quoted = (word: string): string =>
  /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** Relative to where the command is called, if the file is below; npm runs its scripts in the project's root. */
export function shortPath(file: string): string {
  const root = callRoot();
  return file.startsWith(root + sep) ? relative(root, file) : file;
}

/** The file again. */
export const longPath = (path: string): string => resolve(callRoot(), path);

const callRoot = (): string => (inRepository ? packageRoot : process.cwd());
