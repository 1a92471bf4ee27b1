/**
 * A schedule of faults as data: what strikes, where, from when and for how long. It is drawn, shrunk, stored and played again, in every
 * world.
 */
import * as z from 'zod';
import { LabError } from '../errors.ts';
import type { JsonObject } from '../journal/entry.ts';
import { mistakeInWords, schemaMistakes } from '../schema-mistakes.ts';

/** Entries that a fault can come after. */
export const anchorKinds = [
  'connection.open',
  'tls.client-hello',
  'tls.handshake',
  'connection.close',
] as const;
export type AnchorKind = (typeof anchorKinds)[number];

/** One fault of a schedule. */
export interface ScheduledFault {
  /** A kind of docs/exploring.md: `reset`, `silence`. */
  readonly kind: string;
  /** The link it is on; none for one that is elsewhere. */
  readonly link?: string;
  /** Lab milliseconds since the storm began, or since what it comes after. */
  readonly atMs: number;
  /** What it comes after, where that is not the beginning: the nth entry of a kind on its link, counted from the beginning of the run. */
  readonly after?: { readonly kind: AnchorKind; readonly nth: number };
  /** How long it holds, lab milliseconds. */
  readonly forMs: number;
  /** How it is, as the kind draws it. */
  readonly params: JsonObject;
}

/** The faults of one run, in order of their time. */
export interface Schedule {
  readonly faults: readonly ScheduledFault[];
}

/** A schedule with what has to be known to play it again. */
export interface StoredSchedule extends Schedule {
  readonly version: 1;
  /** The file that was explored, relative to this one. */
  readonly explored: string;
  readonly seed: number;
  /** The check that failed. */
  readonly fails: string;
}

const fault = z.strictObject({
  kind: z.string(),
  link: z.string().optional(),
  atMs: z.number().min(0),
  after: z.strictObject({ kind: z.enum(anchorKinds), nth: z.int().min(1) }).optional(),
  forMs: z.number().min(0),
  params: z.record(z.string(), z.unknown()),
});

const stored = z.strictObject({
  version: z.literal(1),
  explored: z.string(),
  seed: z.int().min(0),
  fails: z.string(),
  faults: z.array(fault).max(1_000),
});

/** Reads a stored schedule. @throws LabError `LAB_BAD_INPUT` that says what is wrong with it */
export function parseSchedule(text: string, file: string): StoredSchedule {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    throw notOne(file, (error as Error).message);
  }
  const mistakes = schemaMistakes(stored, given).map(mistakeInWords);
  if (mistakes.length > 0) throw notOne(file, mistakes.join('; '));
  return given as StoredSchedule;
}

function notOne(file: string, why: string): LabError {
  return new LabError('LAB_BAD_INPUT', `${file} is no schedule of \`shaketable explore\`: ${why}`, {
    hint: 'Give the schedule.json that an exploration wrote.',
  });
}

/** In order of time; those of one time as they were. */
export const inOrder = (faults: readonly ScheduledFault[]): ScheduledFault[] =>
  faults.toSorted((a, b) => a.atMs - b.atMs);
