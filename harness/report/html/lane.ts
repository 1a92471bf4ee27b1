/**
 * What an axis shows, as data: lanes with bars, marks and a curve. Times are lab milliseconds since the journal began;
 * `entries` are the numbers of the journal entries that a thing stands for.
 */

import type { Entry } from '../../journal/entry.ts';

/** What every lane is made from. */
export interface LaneContext {
  readonly entries: readonly Entry[];
  /** Lab milliseconds at which the journal ends. */
  readonly end: number;
  /** How many times faster than the wall clock the lab clock ran. */
  readonly pace: number;
  /** Entries that checks cite: they are drawn whatever else has to go. */
  readonly cited: ReadonlySet<number>;
}

export interface Lane {
  readonly name: string;
  /** How much it has, or what else the reader needs to know, behind the name. */
  readonly note: string;
  readonly rows: number;
  readonly bars: readonly Bar[];
  readonly marks: readonly Mark[];
  readonly curve?: Curve;
}

/** Something that lasted. */
export interface Bar {
  readonly from: number;
  readonly to: number;
  readonly row: number;
  readonly look: BarLook;
  readonly ending?: MarkLook;
  /** Whether it is drawn before others where there is not the room for all. */
  readonly kept: boolean;
  readonly entries: readonly number[];
}

/** Something that happened at once. */
export interface Mark {
  readonly t: number;
  readonly row: number;
  readonly look: MarkLook;
  /** As of a bar. */
  readonly kept: boolean;
  readonly entries: readonly number[];
}

/** A quantity over time; it keeps each value until the next. */
export interface Curve {
  readonly points: readonly (readonly [t: number, value: number])[];
  readonly highest: number;
}

/** How bars look, with what that means: the legend is made from it. */
export const barLooks = Object.freeze({
  fault: 'fault in force',
  stall: 'this machine stood still',
  secure: 'TLS handshake complete',
  resumed: 'TLS session resumed',
  failed: 'TLS handshake failed',
  plain: 'connection without a handshake seen',
});
export type BarLook = keyof typeof barLooks;

/** How marks look, with what that means. */
export const markLooks = Object.freeze({
  strike: 'fault strikes',
  reset: 'ends in a reset',
  open: 'stopped by the lab, or still open',
  refused: 'connection refused',
  answered: 'answered 1xx–3xx',
  duplicate: 'answered, as a duplicate',
  rejected: 'answered 4xx',
  broken: 'answered 5xx',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
  state: 'database rows',
  note: 'note',
});
export type MarkLook = keyof typeof markLooks;
