/** The parts of a scenario file as data, so that whoever makes one and whoever prints it mean the same. */
import type { Writable } from './source-text.ts';

/** A call of one of the lab’s faults. */
export interface FaultCall {
  /** The name of its function. */
  readonly call: string;
  /** Its argument, or all of them where it takes several. */
  readonly args?: Writable;
  readonly link?: string;
  /** @default 'manual' */
  readonly from?: 'start';
}

/** A call of one of the lab’s checks. */
export interface CheckCall {
  /** The name of its function. */
  readonly call: string;
  readonly title: string;
  readonly params: Writable;
}
