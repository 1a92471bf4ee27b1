/**
 * Which journal of a part goes where in the merged run.
 */
import { posix } from 'node:path';
import type { ScenarioResult, SubjectResult } from '../run-result.ts';
import type { PlacedScenario } from './stored-run.ts';

export interface JournalCopy {
  /** The part's directory. */
  readonly directory: string;
  /** Paths inside the part and inside the merged run. */
  readonly from: string;
  readonly to: string;
  /** What the journal has to be of. */
  readonly scenario: string;
  readonly subject: string;
}

/** Plans the copies, and gives the scenarios with the paths that their journals will have. */
export function planCopies(placed: readonly PlacedScenario[]): {
  copies: JournalCopy[];
  scenarios: ScenarioResult[];
} {
  const taken = new Set<string>();
  const copies: JournalCopy[] = [];
  const scenarios = placed.map(({ directory, scenario }) => {
    const subjects = scenario.subjects.map((subject): SubjectResult => {
      if (subject.journal === '') return subject;
      const to = freeName(subject.journal, taken);
      copies.push({ directory, from: subject.journal, to, scenario: scenario.id, subject: subject.name });
      return { ...subject, journal: to };
    });
    return { ...scenario, subjects };
  });
  return { copies, scenarios };
}

/** The name that the journal has, or that with a number; names that differ in case only are one file on some disks. */
function freeName(path: string, taken: Set<string>): string {
  const base = posix.basename(path.replaceAll('\\', '/'), '.ndjson');
  for (let number = 1; ; number += 1) {
    const name = `journals/${base}${number === 1 ? '' : `.${number}`}.ndjson`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
