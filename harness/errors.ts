/**
 * The lab's own errors. Each has a stable code to match on, what happened with its values, and what to do next. The
 * table is the only list of codes; the catalogue page is made from it. A failing check is a result, never one of these.
 */

/** Every code with its meaning: what is wrong, from the view of the person who runs the lab. */
export const labErrorMeanings = Object.freeze({
  LAB_BAD_INPUT: 'A command, option or file that was given to the lab is not valid.',
  LAB_CONTAINER_START: 'A container that the lab needs did not start or did not become ready.',
  LAB_DATABASE_MISSING: 'No MySQL or MariaDB server was found, and none could be set up.',
  LAB_DATABASE_START: 'The database server was found but did not become ready.',
  LAB_DISK_FULL: 'The disk or temporary file system that the lab writes to is full.',
  LAB_ENGINE_GONE: 'The Docker engine does not answer, or stopped answering during the run.',
  LAB_IMAGE_MISSING: 'An image that the world needs is not there and could not be pulled or built.',
  LAB_INTERNAL: 'A promise that the lab makes to itself does not hold: a bug in the lab.',
  LAB_JOURNAL_BROKEN: 'A stored journal cannot be read, or its entries contradict each other.',
  LAB_NO_PERMISSION: 'The lab may not read, write or stop something that it needs to.',
  LAB_NO_WORKER: 'No worker plays what was handed out, or those that there are refuse to.',
  LAB_PORT_TAKEN: 'A port that the lab must have is in use by another program.',
  LAB_PROXY_REFUSED: 'The fault proxy did not accept a link or a fault.',
  LAB_QUEUE_GONE: 'The server that hands out work does not answer.',
  LAB_RUN_NOT_FOUND: 'There is no stored run under the given name.',
  LAB_SCENARIO_BROKEN: 'A scenario file, or the lab itself, threw instead of giving a result.',
  LAB_SUBJECT_START: 'A program under test could not be started.',
  LAB_WORLD_MISSING: 'The world that was asked for is not available.',
  LAB_TIMEOUT: 'Something that the lab waited for did not happen within its bound.',
});

/** A code of the table. */
export type LabErrorCode = keyof typeof labErrorMeanings;

/** What a `LabError` says beyond its code and message. */
export interface LabErrorDetails {
  /** What the reader can do next, as a sentence or a list of lines. */
  readonly hint?: string;
  /** The foreign error behind this one. */
  readonly cause?: unknown;
}

/** An error of the lab itself. Match on `code`: it outlives two copies of this module. */
export class LabError extends Error {
  readonly code: LabErrorCode;
  readonly hint: string | undefined;

  constructor(code: LabErrorCode, message: string, details: LabErrorDetails = {}) {
    super(message, 'cause' in details ? { cause: details.cause } : undefined);
    this.name = 'LabError';
    this.code = code;
    this.hint = details.hint;
  }
}

/** Whether `value` is an error of the lab, or, with `code`, that very one. */
export function isLabError(value: unknown, code?: LabErrorCode): value is LabError {
  if (!(value instanceof Error) || !('code' in value)) return false;
  const known = typeof value.code === 'string' && value.code in labErrorMeanings;
  return known && (code === undefined || value.code === code);
}

/**
 * What the file system said, as an error of the lab: `LAB_DISK_FULL`, `LAB_NO_PERMISSION` or `LAB_BAD_INPUT`.
 * `elsewhere` tells the reader how to have the lab use another place.
 */
export function fileError(
  cause: unknown,
  path: string,
  elsewhere = 'name another directory with --out',
): LabError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new LabError('LAB_DISK_FULL', `No space left to write ${path}`, {
      hint: `Free some space, or ${elsewhere}.`,
      cause,
    });
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new LabError('LAB_NO_PERMISSION', `No access to ${path} (${code})`, {
      hint: `Change its permissions, or ${elsewhere}.`,
      cause,
    });
  }
  if (code === 'ENOENT') {
    return new LabError('LAB_BAD_INPUT', `There is no ${path}`, { hint: 'Check the path.', cause });
  }
  return new LabError('LAB_BAD_INPUT', `Cannot use ${path} (${code})`, {
    hint: 'Check that it is of the expected kind: a file, or a folder.',
    cause,
  });
}
