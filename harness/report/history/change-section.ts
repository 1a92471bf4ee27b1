/**
 * What a report says about changes, before it is terminal lines, Markdown or HTML.
 */
import type { RunOutcome } from '../run-result.ts';

export interface ChangeReport {
  /** The id of the run before; absent where there was none like it. */
  readonly since?: string;
  /** The whole in one sentence. */
  readonly headline: string;
  /** What else differs between the two runs: `seed 7 → 8`. */
  readonly conditions: readonly string[];
  /** In the order in which one wants to know them; none is empty. */
  readonly sections: readonly ChangeSection[];
}

export interface ChangeSection {
  readonly tone: RunOutcome | 'plain';
  /** Beside the colour, which is never the only signal. */
  readonly symbol: string;
  readonly title: string;
  readonly items: readonly ChangeItem[];
  /** A sentence instead of items. */
  readonly note?: string;
}

export interface ChangeItem {
  /** The scenario's id. */
  readonly id: string;
  /** What is to say about it; empty where the title says all. */
  readonly says: string;
  /** What stands behind it, a line each. */
  readonly details: readonly string[];
}
