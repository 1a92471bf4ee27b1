/** What a scenario of an incident plays: its plan, by the module that the project’s config names. */
import { importModule } from '../config/import-module.ts';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import type { AnySubject } from '../foreign/any-subject.ts';
import { passiveChecks } from '../foreign/passive-checks.ts';
import type { ForeignSubject } from '../foreign/subject.ts';
import type { Table } from '../worlds/table.ts';
import type { IncidentPlan } from './plan.ts';

/** The default export of such a module. */
type Player = (table: Table, plan: IncidentPlan) => Promise<void>;
/** Its export `playSubject`. */
type SubjectPlayer = (table: Table, plan: IncidentPlan, subject: ForeignSubject) => Promise<void>;

/** The story of a scenario: plays the plan with the project’s own programs, or with those of the lab. */
export function playIncident(plan: IncidentPlan): (table: Table) => Promise<void> {
  return async (table) => {
    await ((await exported('default')) as Player)(table, plan);
  };
}

/** How such a scenario plays a program of the user’s own: the same faults for as long, in the program’s own rhythm. */
export function anyIncident(plan: IncidentPlan): AnySubject {
  return {
    part: (subject, faults) => ({
      faults,
      ...passiveChecks(subject, ['starts', 'stays-up', 'recovers', 'exit', 'leaves-nothing'], {
        fault: plan.steps[0]?.fault ?? '',
      }),
      play: async (table) => {
        await ((await exported('playSubject')) as SubjectPlayer)(table, plan, subject);
      },
    }),
  };
}

async function exported(name: 'default' | 'playSubject'): Promise<unknown> {
  const { incidents } = await loadProject(process.env.SHAKETABLE_PROJECT);
  const { [name]: play } = await importModule(incidents);
  if (typeof play === 'function') return play;
  const what = name === 'default' ? 'default export' : `export ${name}`;
  throw new LabError('LAB_BAD_INPUT', `${incidents} has no function as its ${what}`, {
    hint: 'Export one as docs/reproducing-an-incident.md shows.',
  });
}
