/** What passes between a supervisor and the child that plays its units. */
import type { Json, JsonObject } from '../../journal/fields.ts';

export interface PlayMessage {
  readonly kind: string;
  readonly payload: JsonObject;
  /** An empty directory for what the unit leaves. */
  readonly directory: string;
}

/** What the supervisor sends: a unit, or what whoever began the run tells those who play it. */
export type SupervisorMessage = { readonly play: PlayMessage } | { readonly told: JsonObject };

/** What a kind of unit comes to where it is played. */
export interface Played {
  /** Over all of the result that has to be the same wherever the unit is played. */
  readonly digest: string;
  readonly value: Json;
  /** Files in the unit's directory that belong to the result: paths inside it. */
  readonly files: readonly string[];
}

export type ChildMessage =
  /** The event loop comes to its turns. */
  | { readonly kind: 'beat' }
  | { readonly kind: 'played'; readonly played: Played }
  /** The lab could not play it: no result, and not the child's end. */
  | { readonly kind: 'broken'; readonly reason: string }
  /** For whoever began the run. May be lost, as all that is broadcast. */
  | { readonly kind: 'said'; readonly said: JsonObject }
  /** For who runs the worker. */
  | { readonly kind: 'note'; readonly line: string };

/** Milliseconds between two beats. */
export const beatMs = 500;
