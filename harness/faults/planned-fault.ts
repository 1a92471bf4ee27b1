/** A fault of a scenario as its file plans it, and how it fared in a run. */
import type { Matcher } from '../journal/matcher.ts';
import type { Engine, Fault } from './fault.ts';

/** The moment of a change: lab time since the run began, or the nth entry that is meant (default the first), and so much later. */
export type Trigger =
  | { readonly afterMs: number }
  | { readonly event: Matcher; readonly nth?: number; readonly delayMs?: number };

/** A fault of a scenario with where and when it holds. */
export interface PlannedFault {
  readonly fault: Fault;
  /** The link it is on; needed for faults on links. */
  readonly link?: string;
  /**
   * When it is put in force: `start` (default) holds from the first byte of the link, `manual` waits for
   * `table.inject`.
   */
  readonly from?: 'start' | 'manual' | Trigger;
  /** When it is lifted; default at the end of the run. `{ afterMs }` counts from the moment it was put in force. */
  readonly until?: Trigger | { readonly strikes: number };
}

/** How one fault fared. */
export interface FaultReport {
  readonly id: string;
  readonly kind: string;
  readonly place: string;
  readonly link: string | undefined;
  readonly params: Fault['params'];
  readonly strikes: number;
  /** Who made it; absent for faults elsewhere than on a link, and for one that never was in force. */
  readonly engine?: Engine;
  /** Why it did not strike, in words; absent when it did. */
  readonly reason?: string;
}
