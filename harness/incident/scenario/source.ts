/** The parts of a scenario file as data, so that they can be printed and read alike. */

/** A value as it stands in the file: JSON, or a constant by its name. */
export type SourceValue =
  | string
  | number
  | boolean
  | null
  | readonly SourceValue[]
  | { readonly [key: string]: SourceValue };

/** A call of one of the lab’s faults. */
export interface FaultCall {
  readonly call: string;
  /** Its argument, or all of them where it takes several. */
  readonly args?: SourceValue;
  readonly link?: string;
  /** @default 'manual' */
  readonly from?: 'start';
}

/** A call of one of the lab’s checks. */
export interface SourceCheck {
  readonly call: string;
  readonly title: string;
  readonly params: SourceValue;
}
