/**
 * What a page has besides links: programs that it can start, and how a scenario puts the same on its table. Whoever starts a
 * persistent lab gives it, since the lab itself knows no program.
 */
import type { CheckSpec } from '../checks/check.ts';
import type { JsonObject } from '../journal/entry.ts';

/** Variables of an environment. */
export type Env = Readonly<Record<string, string>>;

/** A program that the page starts and stops. */
export interface StageProgram {
  readonly name: string;
  /** What it is, in a few words. */
  readonly about: string;
  /** Its environment unless something else is given, as far as somebody may want to change it. */
  readonly env: Env;
  /** Whether a scenario with two subjects has it as the one with the reported bug, or as the one with the fix. */
  readonly subject: 'naive' | 'hardened';
  /** Starts it; what is thrown is told to the user. */
  start(env: Env): Promise<AsyncDisposable>;
  /** How a scenario starts it, after `before`. */
  inScenario(env: Env): StageCall;
}

/** A call in a scenario: `startAgent(table, reference, { session: true })`. */
export interface StageCall {
  readonly function: string;
  /** Names in scope. */
  readonly names: readonly string[];
  readonly options: JsonObject;
}

/** Names that a module gives. */
export interface StageImport {
  readonly names: readonly string[];
  /** The path of the module. */
  readonly from: string;
}

/** How a saved scenario has the same. */
export interface StageSetting {
  readonly imports: readonly StageImport[];
  /** Statements at the beginning of `play`. */
  readonly before: readonly string[];
  /** What is judged, by id; those that fail on what was done by hand are what the naive subject is reported to fail. */
  readonly checks: Readonly<Record<string, CheckSpec>>;
}

export interface Stage {
  readonly programs: readonly StageProgram[];
  readonly setting: StageSetting;
}
