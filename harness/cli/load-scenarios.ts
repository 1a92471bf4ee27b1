/** What scenario files declare, without playing them. */
import { importModule } from '../config/import-module.ts';
import { declaredScenarios, type ScenarioDefinition } from '../run/scenario.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** The declarations of these files, in their order. @throws LabError `LAB_BAD_INPUT` for one that cannot be loaded */
export async function loadScenarios(files: readonly ScenarioFile[]): Promise<readonly ScenarioDefinition[]> {
  for (const { file } of files) await importModule(file);
  return declaredScenarios;
}
