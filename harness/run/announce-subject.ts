/** Which program of the user's is judged, at which pace, and what says nothing of it. */
import type { ForeignSubject } from '../foreign/subject.ts';
import type { NotApplicable } from '../report/run-result.ts';
import { count } from '../report/text.ts';

export function announceSubject(
  { name, pace }: ForeignSubject,
  left: readonly NotApplicable[],
  announce: (line: string) => void,
): void {
  const speed = pace.how === 'real' ? 'at the real pace' : 'at the lab’s pace by libfaketime';
  announce(`subject ${name}, ${speed}: ${pace.why}`);
  for (const [why, all] of Map.groupBy(left, (one) => one.why.join('; ')))
    announce(`not applicable: ${count(all.length, 'scenario')}, ${why}`);
}
