/** What the contract suite plays on a kind of check. A sample is the default export of `<check>.sample.ts` in this folder. */
import type { CheckSpec, Outcome } from '../../../harness/checks/check.ts';
import type { Entry } from '../../../harness/journal/entry.ts';

export interface Sample {
  readonly spec: CheckSpec;
  /** A history that the check passes. */
  readonly good: Entry[];
  /** A planted bad one. */
  readonly bad: Entry[];
  /** What it finds in the bad history; default `fail`. */
  readonly finds?: Outcome;
}
