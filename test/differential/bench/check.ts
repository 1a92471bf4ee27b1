/** A numbered statement about the server, and how to look whether it is so. */
import type { Bench } from './bench.ts';
import type { Observed } from './facts.ts';

/** How much hangs on it: clients depend on it, it is only true of the real server, or the real server fails there. */
export type Label = 'must' | 'quirk' | 'defect';

export interface Check {
  /** The item of the checklist; from 201 on, statements that the checklist leaves out. */
  readonly item: number;
  readonly label: Label;
  readonly title: string;
  run(bench: Bench): Promise<Readonly<Record<string, Observed>>>;
  /** For what the real server is not asked, since it would crash or hang: what ours has to show. */
  readonly expected?: Readonly<Record<string, string>>;
  /** What the real server does there. */
  readonly instead?: string;
}

type Run = Check['run'];

export const must = (item: number, title: string, run: Run): Check => ({ item, label: 'must', title, run });

export const quirk = (item: number, title: string, run: Run): Check => ({ item, label: 'quirk', title, run });

export const defect = (
  item: number,
  title: string,
  instead: string,
  expected: Readonly<Record<string, string>>,
  run: Run,
): Check => ({ item, label: 'defect', title, instead, expected, run });
