/** What scenario files declare, without playing them. */
import { importModule } from '../config/import-module.ts';
import { LabError } from '../errors.ts';
import { declaredScenarios, type ScenarioDefinition } from '../run/scenario.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** A module declares when it is loaded, which is once. */
const declarations = new Map<string, readonly ScenarioDefinition[]>();

/** The declarations of these files, in their order. @throws LabError `LAB_BAD_INPUT` for one that cannot be loaded */
export async function loadScenarios(files: readonly ScenarioFile[]): Promise<readonly ScenarioDefinition[]> {
  const all: ScenarioDefinition[] = [];
  for (const { file } of files) all.push(...(await declarationsIn(file)));
  return all;
}

/**
 * Each file has one scenario and each scenario an id of its own: the second one's journals would be written over the first one's.
 * What cannot be loaded is left to its run.
 * @throws LabError `LAB_BAD_INPUT` that names both places
 */
export async function refuseDoubles(files: readonly ScenarioFile[]): Promise<void> {
  const places = new Map<string, string>();
  for (const { file } of files) {
    const [scenario, second] = await declarationsIn(file).catch(() => []);
    if (scenario === undefined) continue;
    if (second !== undefined) throw twoInOne(file, [scenario.id, second.id]);
    const other = places.get(scenario.id);
    if (other !== undefined) throw twoOfOne(scenario.id, [other, file]);
    places.set(scenario.id, file);
  }
}

async function declarationsIn(file: string): Promise<readonly ScenarioDefinition[]> {
  const known = declarations.get(file);
  if (known) return known;
  const before = declaredScenarios.length;
  await importModule(file);
  const declared = declaredScenarios.slice(before);
  declarations.set(file, declared);
  return declared;
}

const twoInOne = (file: string, ids: readonly string[]): LabError =>
  new LabError('LAB_BAD_INPUT', `${file} declares ${ids.join(' and ')}, and a file has one scenario`, {
    hint: 'Put each scenario into a file of its own.',
  });

const twoOfOne = (id: string, files: readonly string[]): LabError =>
  new LabError('LAB_BAD_INPUT', `${files.join(' and ')} both declare ${id}`, {
    hint: 'Give one of them another id.',
  });
