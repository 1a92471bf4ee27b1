/** The scenarios that measure figures of the field reports. */
import { glob } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadProject } from '../config/project.ts';
import { moduleEnding, packageRoot } from '../own-files.ts';
import { loadScenarios } from './load-scenarios.ts';
import { findScenarios, type ScenarioFile } from './scenario-files.ts';

/** Those that only the benchmark plays: they take minutes, since they keep the reported pace. */
const benchRoot = join(packageRoot, 'bench');

/** In the order of their ids, first those of the lab. */
export async function claimScenarios(): Promise<{ file: string; long: boolean }[]> {
  const own: ScenarioFile[] = [];
  for await (const path of glob(`claims/*${moduleEnding}`, { cwd: benchRoot })) {
    own.push({ id: `bench/${path.slice(0, -moduleEnding.length)}`, file: resolve(benchRoot, path) });
  }
  const files = [...(await findScenarios([], await loadProject())), ...own];
  const measuring = new Set(
    (await loadScenarios(files)).filter(({ claims }) => claims > 0).map(({ id }) => id),
  );
  return files
    .filter(({ id }) => measuring.has(id))
    .map(({ file }) => ({ file, long: own.some((one) => one.file === file) }));
}
