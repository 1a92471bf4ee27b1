/**
 * What hands out work and collects its results, in few verbs. There are two: one in the memory of the process that began the run, and
 * NATS JetStream for other machines. Both keep to one contract: a unit is given to one worker at a time for as long as its lease
 * is extended, to another one after that, and what was said of it is never forgotten before the run is removed.
 *
 *   submit ──► claim ──► extend … ──► complete ──► watch
 *                 ▲                     fail ────────┤
 *                 └── after fail, or a lease that lapsed
 */
import type { JsonObject } from '../journal/fields.ts';

/** A run as everybody who plays for it has to know it. */
export interface RunManifest {
  /** Unique on the engine: letters, digits, `-` and `_`, 64 at most. */
  readonly run: string;
  /** Which kind of units it is made of. */
  readonly kind: string;
  /** The code that may play it: what a worker must have alike, by name. */
  readonly code: Readonly<Record<string, string>>;
  /** Milliseconds after which a unit that nobody extends is given to another worker. */
  readonly leaseMs: number;
  /** How often a unit may be handed out, where that is not for the workers to say. */
  readonly mostAttempts?: number;
}

/** A piece of work, named by what decides about its result. */
export interface WorkUnit {
  /** Hexadecimal, 64 at most. */
  readonly id: string;
  readonly payload: JsonObject;
}

/** A unit in the hands of a worker. */
export interface Lease {
  readonly run: string;
  readonly unit: WorkUnit;
  readonly worker: string;
  /** How often the unit was handed out, this time included. */
  readonly attempt: number;
  /** How many workers said before that they failed at it. */
  readonly failures: number;
}

/** What was said of a unit. A unit may have several results: who compares them sees whether they are one. */
export interface Told {
  readonly kind: 'result' | 'failure';
  readonly unit: string;
  readonly worker: string;
  readonly attempt: number;
  /** Of a result what came of it; of a failure `{ reason }`. */
  readonly body: JsonObject;
}

/** An engine. Every verb may be called again after it was cut off in the middle. */
export interface Engine extends AsyncDisposable {
  /** Where it is, for messages: without credentials. */
  readonly address: string;
  /** Makes a run known to workers. @throws LabError `LAB_BAD_INPUT` for a name that is taken */
  open(manifest: RunManifest): Promise<void>;
  /** Every run there is. */
  runs(): Promise<readonly RunManifest[]>;
  /** Adds units; one that the run has already is left as it is. */
  submit(run: string, units: readonly WorkUnit[]): Promise<void>;
  /** The next unit, or undefined if none came within `waitMs` or the run is gone. */
  claim(run: string, worker: string, waitMs: number, signal?: AbortSignal): Promise<Lease | undefined>;
  /** Keeps the unit for another lease; false if it is not the worker's any more. @throws when the engine cannot be reached */
  extend(lease: Lease): Promise<boolean>;
  /** Says what came of the unit, which is done then; kept also where the lease is lost, and where another was first. */
  complete(lease: Lease, body: JsonObject): Promise<void>;
  /** Gives it back at once, and says why nothing came of it; without a reason nobody failed at it. */
  fail(lease: Lease, reason?: string): Promise<void>;
  /** What was and will be said of the units of a run, in one order for everybody, from the beginning until `signal`. */
  watch(run: string, signal: AbortSignal): AsyncIterable<Told>;
  /** Keeps bytes with the run. */
  putBlob(run: string, name: string, bytes: Uint8Array): Promise<void>;
  /** @throws LabError `LAB_RUN_NOT_FOUND` when there are none of that name */
  getBlob(run: string, name: string): Promise<Uint8Array>;
  /** Tells whoever listens now. May be lost: nothing that has to arrive is said here. */
  broadcast(run: string, message: JsonObject): Promise<void>;
  /** What is broadcast from now on until `signal`. */
  listen(run: string, signal: AbortSignal): AsyncIterable<JsonObject>;
  /** Removes all that belongs to the run, and nothing else; one that is gone is no error. */
  remove(run: string): Promise<void>;
}
