/**
 * Which scenario files a user means: a scenario's id is its path below `scenarios/`, without the ending.
 */
import { glob, stat } from 'node:fs/promises';
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
 * The scenarios that `wanted` names, in order of their ids: each is an id, a folder of ids, a part of an id, or the path of
 * a scenario file of the user's own; none means all of the lab's.
 * @throws LabError `LAB_BAD_INPUT` for a name that means nothing, with the nearest ids.
 */
export async function findScenarios(wanted: readonly string[]): Promise<ScenarioFile[]> {
  const all = await labScenarios();
  if (wanted.length === 0) return all;
  const found: ScenarioFile[] = [];
  for (const name of wanted) {
    const meant = all.filter(({ id }) => means(name, id));
    if (meant.length === 0) meant.push(await ownFile(name, all));
    found.push(...meant.filter(({ file }) => !found.some((other) => other.file === file)));
  }
  return found;
}

async function labScenarios(): Promise<ScenarioFile[]> {
  const all: ScenarioFile[] = [];
  for await (const path of glob('*/**/*.ts', { cwd: scenarioRoot })) {
    if (path.startsWith('rigs/')) continue;
    all.push({ id: path.replace(/\.ts$/, ''), file: resolve(scenarioRoot, path) });
  }
  return all.toSorted((a, b) => a.id.localeCompare(b.id));
}

/** A file outside the lab's own folder; its id is what it declares. */
async function ownFile(name: string, all: readonly ScenarioFile[]): Promise<ScenarioFile> {
  const file = resolve(name);
  const isFile =
    name.endsWith('.ts') &&
    (await stat(file).then(
      (found) => found.isFile(),
      () => false,
    ));
  if (!isFile) throw unknownScenario(name, all);
  return { id: name, file };
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
