/** What is found in an incident: its features, and the signatures that hold, the likeliest first. */
import { type Feature, featuresOf } from './features/features.ts';
import { type Observed, observe } from './features/observed.ts';
import type { Incident } from './reading/read-incident.ts';
import { type Ranked, rank } from './signatures/index.ts';

export interface Diagnosis {
  readonly incident: Incident;
  readonly observed: Observed;
  readonly features: readonly Feature[];
  /** Empty where there is no pattern. */
  readonly ranked: readonly Ranked[];
}

/** Looks for a pattern. */
export function diagnose(incident: Incident): Diagnosis {
  const observed = observe(incident.sources);
  return { incident, observed, features: featuresOf(observed), ranked: rank(observed) };
}
