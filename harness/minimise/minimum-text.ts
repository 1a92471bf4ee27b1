/** Writes what is left of a run as a scenario file, which plays, and which somebody can read and commit. */
import { dirname } from 'node:path';
import { pathFrom } from '../scenario-text/paths.ts';
import { headText } from '../scenario-text/scenario-text.ts';
import { keyText, quoted, type Writable, written } from '../scenario-text/source-text.ts';
import type { MinimisedSource } from './minimised.ts';

/** What the file says beside what it plays. */
export interface MinimumFile extends Omit<MinimisedSource, 'subject'> {
  /** Where it will lie, absolute. */
  readonly path: string;
  /** The scenario’s file, absolute. */
  readonly scenario: string;
  /** An agent of the scenario, a subject file (absolute), or a command. */
  readonly subject: string | { readonly file: string } | readonly string[];
  /** What was found, line by line, for the comment. */
  readonly comment: readonly string[];
}

/** The text of the file. */
export function minimumText(file: MinimumFile): string {
  const { path, scenario, id, title, faults, endsAfterMs, checks, subject, comment } = file;
  const directory = dirname(path);
  const times = Object.entries(faults).map(
    ([fault, { from, until }]) =>
      `    ${keyText(fault)}: ${written({ from: from as Writable, until: until as Writable }, 4)},`,
  );
  return [
    ...headText(comment),
    "import { minimised } from 'shaketable';",
    '',
    `await minimised(() => import(${quoted(pathFrom(directory, scenario))}), {`,
    `  id: ${quoted(id)},`,
    `  title: ${quoted(title)},`,
    `  subject: ${subjectText(subject, directory)},`,
    ...(times.length === 0 ? ['  faults: {},'] : ['  faults: {', ...times, '  },']),
    ...(endsAfterMs === undefined ? [] : [`  endsAfterMs: ${written(endsAfterMs)},`]),
    `  checks: ${written(checks)},`,
    '});',
    '',
  ].join('\n');
}

function subjectText(subject: MinimumFile['subject'], directory: string): string {
  if (typeof subject === 'string') return quoted(subject);
  if ('file' in subject) return `new URL(${quoted(pathFrom(directory, subject.file))}, import.meta.url)`;
  return written(subject);
}
