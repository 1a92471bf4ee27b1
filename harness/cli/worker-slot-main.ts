/** A child of a worker: plays units, one after the other. */
import { join } from 'node:path';
import { systemClock } from 'shaketable-proxy/clock';
import { loadProject, type Project } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { moduleEnding } from '../own-files.ts';
import { createDrawPlayer } from '../scale/kinds/draw.ts';
import { serveUnits } from '../scale/slot/serve-units.ts';
import { ownSubject } from './own-subject.ts';
import { fileBelow, findScenarios } from './scenario-files.ts';
import { serviceImages } from './service-images.ts';
import { projectVariable, setUpVariable } from './work-here.ts';

serveUnits({
  draw: async () => createDrawPlayer,
  fleet: async () => {
    const { createFleetPlayer } = await import('../scale/kinds/fleet.ts');
    return (context) => createFleetPlayer(context, systemClock());
  },
  schedules: async () => {
    const { createSchedulesPlayer } = await import('../scale/kinds/schedules.ts');
    const project = await loadProject(process.env[projectVariable]);
    const main = join(import.meta.dirname, `scout-main${moduleEnding}`);
    return () => createSchedulesPlayer({ main, fileOf: (id) => fileBelow(id, project) });
  },
  scenario: async () => {
    const { createScenarioPlayer } = await import('../scale/kinds/scenario.ts');
    const project = await loadProject(process.env[projectVariable]);
    return (context) =>
      createScenarioPlayer({
        ...context,
        folders: project.folders.map(({ directory }) => directory),
        fileOf: (id) => fileOf(id, project),
        services: () => serviceImages(project),
        subjectOf: ownSubject,
        setUp: process.env[setUpVariable] === '1',
      });
  },
});

/** Only what is in the project's folders can be played: the id comes from another machine, and is never taken for a path. */
async function fileOf(id: string, project: Project): Promise<string> {
  const found = (await findScenarios([], project)).find((scenario) => scenario.id === id);
  if (found) return found.file;
  throw new LabError('LAB_BAD_INPUT', `There is no scenario called ${id} here`);
}
