/** How an agent that did not start ends, in the codes of `sysexits.h`. */
import type { Category } from '../shared/errors.ts';

/** Process exit codes. */
export const exit = Object.freeze({
  /** Stopped as asked. */
  ok: 0,
  /** The command line makes no sense. */
  usage: 64,
  /** The server cannot be reached, or cannot work. */
  unavailable: 69,
  /** The agent itself is broken. */
  internal: 70,
  /** Something answers, but not our server. */
  protocol: 76,
  /** The server does not accept the client token or its account. */
  noPermission: 77,
  /** The configuration is not valid. */
  config: 78,
});

/** The exit code for a start that failed for a reason of this category. */
export function exitCodeFor(category: Category): number {
  if (category === 'authentication' || category === 'authorization') return exit.noPermission;
  if (category === 'protocol' || category === 'not_found') return exit.protocol;
  return exit.unavailable;
}
