/**
 * What is merged.
 */
import type { RunResult, ScenarioResult } from '../run-result.ts';

/** A stored run and where it is. */
export interface StoredRun {
  readonly directory: string;
  readonly run: RunResult;
}

/** A scenario of one of the parts, with its place in the whole. */
export interface PlacedScenario {
  readonly place: number;
  /** The part's directory. */
  readonly directory: string;
  readonly scenario: ScenarioResult;
}
