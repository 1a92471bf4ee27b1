/** Which lines of a stack belong to a scenario, and not to the lab, its libraries or Node. */
import { join, sep } from 'node:path';
import { packageRoot } from '../own-files.ts';

const lab = join(packageRoot, 'harness') + sep;

/** Whether the file is the scenario's, or one that it uses. */
export const isOwnFile = (file: string): boolean =>
  !file.startsWith('node:') && !file.startsWith(lab) && !file.includes(`${sep}node_modules${sep}`);

/** The uppermost line of a stack in a file of the scenario: `play (/my/scenario.ts:12:5)`. */
export function ownLine(stack: string): string | undefined {
  const lines = stack.matchAll(
    /^\s*at (?:(?:async )?(.+) \()?((?:file:\/\/)?(\/[^():]+|node:[^():]+):\d+:\d+)\)?$/gm,
  );
  for (const [, called, place = '', file = ''] of lines) {
    if (!isOwnFile(file)) continue;
    const short = place.replace('file://', '');
    return called === undefined ? short : `${called} (${short})`;
  }
  return undefined;
}

/** The line of the scenario that is carried out just now, as {@link ownLine}; undefined where none is on the stack. */
export function ownLineNow(): string | undefined {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = Number.POSITIVE_INFINITY;
  try {
    return ownLine(new Error('here').stack ?? '');
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
