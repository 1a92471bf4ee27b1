/** The faults of a schedule as a scenario plans them, each with an id that tells its kind. */
import { LabError } from '../errors.ts';
import type { PlannedFault } from '../faults/planned-fault.ts';
import type { Matcher } from '../journal/matcher.ts';
import { kindNamed } from './kinds.ts';
import type { Schedule, ScheduledFault } from './schedule.ts';
import { stormBegins } from './storm.ts';

/** By id: `reset-1`, `silence-2`. @throws LabError `LAB_BAD_INPUT` for a kind that there is none of */
export function plannedFaults({ faults }: Schedule): Record<string, PlannedFault> {
  return Object.fromEntries(
    faults.map(({ kind, link, atMs, after, forMs, params }, index) => {
      const known = kindNamed(kind);
      if (known === undefined)
        throw new LabError('LAB_BAD_INPUT', `There is no kind of fault called ${kind}`, {
          hint: 'docs/exploring.md has the kinds.',
        });
      const planned: PlannedFault = {
        fault: known.make(params),
        ...(link === undefined ? {} : { link }),
        from: { ...beginning(link, after), delayMs: atMs },
        until: { afterMs: forMs },
      };
      return [faultId(kind, index), planned];
    }),
  );
}

/** What its time counts from: the beginning of the storm, or an entry of its link. */
function beginning(
  link: string | undefined,
  after: ScheduledFault['after'],
): { event: Matcher; nth?: number } {
  if (after === undefined) return { event: stormBegins };
  const { kind, nth } = after;
  return { event: link === undefined ? { kind } : { kind, link }, nth };
}

/** What a fault of a schedule is called in its run. */
export const faultId = (kind: string, index: number): string => `${kind}-${index + 1}`;
