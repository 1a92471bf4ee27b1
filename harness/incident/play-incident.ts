/** What a scenario of an incident plays: its plan, by the module that the project’s config names. */
import { importModule } from '../config/import-module.ts';
import { loadProject } from '../config/project.ts';
import { LabError } from '../errors.ts';
import type { Table } from '../worlds/table.ts';
import type { IncidentPlan } from './plan.ts';

/** The default export of such a module. */
type Player = (table: Table, plan: IncidentPlan) => Promise<void>;

/** The story of a scenario: plays the plan with the project’s own programs, or with those of the lab. */
export function playIncident(plan: IncidentPlan): (table: Table) => Promise<void> {
  return async (table) => {
    const { incidents } = await loadProject(process.env.SHAKETABLE_PROJECT);
    const { default: play } = await importModule(incidents);
    if (typeof play !== 'function')
      throw new LabError('LAB_BAD_INPUT', `${incidents} has no function as its default export`, {
        hint: 'Export default async (table, plan) => { … }, as docs/reproducing-an-incident.md shows.',
      });
    await (play as Player)(table, plan);
  };
}
