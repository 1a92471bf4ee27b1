/** What a signature is: the marks by which one cause is known in logs and captures, and the scenario that has that cause. */

import type { CheckCall, FaultCall } from '../../scenario-text/calls.ts';
import type { IncidentEvent } from '../event.ts';
import type { Observed } from '../features/observed.ts';
import type { IncidentPlan } from '../plan.ts';

/** A figure of the scenario. */
export interface Parameter {
  readonly name: string;
  readonly value: number | string;
  readonly unit?: string;
  /** Where it comes from: what it was measured from, or why it is a default. */
  readonly from: string;
}

/** What is played for a cause. */
export interface Cast {
  readonly plan: IncidentPlan;
  /** The faults of the scenario, by id. */
  readonly faults: Readonly<Record<string, FaultCall>>;
  readonly checks: Readonly<Record<string, CheckCall>>;
  /** The checks that the program of the incident fails. */
  readonly reported: readonly string[];
  /** Who is played alone, where the naive program cannot show the incident. */
  readonly alone?: 'hardened';
}

/** A cause that the observed events speak for. */
export interface Match {
  /** How much they do, from 0 to 1. */
  readonly score: number;
  readonly reasons: readonly string[];
  /** What speaks against it, and what it would show besides that is not there. */
  readonly against: readonly string[];
  readonly evidence: readonly IncidentEvent[];
  readonly parameters: readonly Parameter[];
  readonly cast: Cast;
  /** Families that its reproduction shows although the incident’s log does not name them. */
  readonly mayShow?: readonly string[];
}

/** One cause. */
export interface Signature {
  readonly id: string;
  /** The cause, as a sentence without its full stop. */
  readonly title: string;
  /** What it shows in logs and on the wire. */
  readonly shows: string;
  /** What would contradict it. */
  readonly contradictedBy: string;
  /** Undefined where nothing speaks for it. */
  match(observed: Observed): Match | undefined;
}
