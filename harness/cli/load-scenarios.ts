/** What scenario files declare, without playing them. */
import { importModule } from '../config/import-module.ts';
import { declaredScenarios, type ScenarioDefinition } from '../run/scenario.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** The declarations of these files, in their order. @throws LabError `LAB_BAD_INPUT` for one that cannot be loaded */
export async function loadScenarios(files: readonly ScenarioFile[]): Promise<readonly ScenarioDefinition[]> {
  for (const { file } of files) await importModule(file);
  return declaredScenarios;
}

/** Whether a database has to be there. One that cannot be loaded here may use it too, and its run tells what is wrong with it. */
export async function someNeedDatabase(files: readonly ScenarioFile[]): Promise<boolean> {
  for (const file of files) {
    const before = declaredScenarios.length;
    const declared = await loadScenarios([file]).catch(() => []);
    const [scenario] = declared.slice(before);
    if (scenario?.database ?? true) return true;
  }
  return false;
}
