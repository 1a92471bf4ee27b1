/** One source of an incident: a log, the part of a ticket that is one, a HAR file, a capture. */
import type { IncidentEvent, Side } from '../event.ts';

/** What was read of it. */
export interface IncidentSource {
  /** Its name for the reader, with names replaced. */
  readonly name: string;
  /** What it is: `pino log`, `HAR`, `pcapng`. */
  readonly format: string;
  readonly side: Side;
  readonly events: readonly IncidentEvent[];
  /** Lines, exchanges or packets. */
  readonly read: number;
  /** Records that have a time and records that have none. */
  readonly timed: number;
  readonly untimed: number;
  /** What the reader should know of it, a sentence each. */
  readonly notes: readonly string[];
}

/** Events of one source that are kept; what comes after them is counted. */
export const mostEvents = 50_000;
