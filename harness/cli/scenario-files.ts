/**
 * Which scenario files a user means: a scenario's id is its path below `scenarios/`, without the ending.
 */
import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LabError } from '../errors.ts';

/** Where the scenarios of the lab are. */
export const scenarioRoot = resolve(import.meta.dirname, '../../scenarios');

/** A scenario file with its id. */
export interface ScenarioFile {
  readonly id: string;
  readonly file: string;
}

/**
 * The scenarios that `wanted` names, in order of their ids: each is an id, a folder of ids, or a part of an id; none
 * means all.
 * @throws LabError `LAB_BAD_INPUT` for a name that means nothing, with the nearest ids.
 */
export async function findScenarios(wanted: readonly string[]): Promise<ScenarioFile[]> {
  const all: ScenarioFile[] = [];
  for await (const path of glob('*/**/*.ts', { cwd: scenarioRoot })) {
    if (path.startsWith('rigs/')) continue;
    all.push({ id: path.replace(/\.ts$/, ''), file: resolve(scenarioRoot, path) });
  }
  all.sort((a, b) => a.id.localeCompare(b.id));
  if (wanted.length === 0) return all;
  for (const name of wanted) {
    if (!all.some(({ id }) => means(name, id))) throw unknownScenario(name, all);
  }
  return all.filter(({ id }) => wanted.some((name) => means(name, id)));
}

function means(name: string, id: string): boolean {
  const plain = name
    .replace(/^(\.\/)?scenarios\//, '')
    .replace(/\.ts$/, '')
    .replace(/\/$/, '');
  return id === plain || id.startsWith(`${plain}/`) || (!plain.includes('/') && id.includes(plain));
}

function unknownScenario(name: string, all: readonly ScenarioFile[]): LabError {
  const words = name.split(/[/-]/).filter((word) => word.length > 2);
  const near = all.filter(({ id }) => words.some((word) => id.includes(word))).slice(0, 5);
  const hint =
    near.length > 0 ? `Did you mean ${near.map(({ id }) => id).join(', ')}?` : 'See `shaketable list`.';
  return new LabError('LAB_BAD_INPUT', `There is no scenario called ${name}`, { hint });
}
