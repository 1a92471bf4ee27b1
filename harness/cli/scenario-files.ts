/**
 * Which scenario files a user means: a scenario's id is its path below the project's folder of scenarios, without the ending.
 */
import { glob, stat } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import type { Project, ScenarioFolder } from '../config/project.ts';
import { LabError } from '../errors.ts';
import { nearestWord } from '../nearest-word.ts';

/** A scenario file with its id. */
export interface ScenarioFile {
  readonly id: string;
  readonly file: string;
}

const ending = /(?<!\.d)\.m?[jt]s$/;

/**
 * The scenarios that `wanted` names, in order of their ids: each is an id, a folder of ids, a part of an id, or the path of
 * a scenario file; none means all of the project's. A name that none of them has may be one of the lab's own, also where the
 * project leaves those out.
 * @throws LabError `LAB_BAD_INPUT` for a name that means nothing, with the nearest ids, and for an id that two files have
 */
export async function findScenarios(wanted: readonly string[], project: Project): Promise<ScenarioFile[]> {
  const all = await projectScenarios(project);
  if (wanted.length === 0) return all;
  const found: ScenarioFile[] = [];
  for (const name of wanted) {
    if (name.trim() === '') throw emptyName();
    const meant = await meantBy(name, all, project);
    found.push(...meant.filter(({ file }) => !found.some((other) => other.file === file)));
  }
  return found;
}

/** The project with the lab's own scenarios, where one of `found` is of those that it leaves out. */
export function withNamed(project: Project, found: readonly ScenarioFile[]): Project {
  const { folders = [], images = [] } = project.leftOut ?? {};
  const isNamed = found.some(({ file }) => folders.some(({ directory }) => file.startsWith(directory + sep)));
  if (!isNamed) return project;
  return { ...project, folders: [...project.folders, ...folders], images: [...project.images, ...images] };
}

/** The path of a file below the project's folders, without its ending; undefined for one that lies elsewhere. */
export function idBelow(file: string, { folders }: Project): string | undefined {
  const within = folders.find(({ directory }) => file.startsWith(directory + sep));
  if (within === undefined) return undefined;
  return relative(within.directory, file).split(sep).join('/').replace(ending, '');
}

/** The file of such an id, scenario or not. @throws LabError `LAB_BAD_INPUT` for one that is not below the project's folders */
export async function fileBelow(id: string, { folders }: Project): Promise<string> {
  for (const { directory } of folders)
    for (const last of ['.ts', '.mts', '.js', '.mjs']) {
      const file = resolve(directory, `${id}${last}`);
      if (file.startsWith(directory + sep) && (await isFile(file))) return file;
    }
  throw new LabError('LAB_BAD_INPUT', `There is no ${id} in the project's folders of scenarios`);
}

async function projectScenarios({ folders }: Pick<Project, 'folders'>): Promise<ScenarioFile[]> {
  const all = (await Promise.all(folders.map(scenariosOf))).flat();
  for (const [id, files] of Map.groupBy(all, (scenario) => scenario.id)) {
    if (files.length === 1) continue;
    throw new LabError('LAB_BAD_INPUT', `Two scenarios are called ${id}`, {
      hint: `Rename one of ${files.map(({ file }) => file).join(' and ')}, or leave the lab's own out with \`builtIn: false\`.`,
    });
  }
  return all.toSorted((a, b) => a.id.localeCompare(b.id));
}

async function scenariosOf({ directory, ignore }: ScenarioFolder): Promise<ScenarioFile[]> {
  const all: ScenarioFile[] = [];
  for await (const path of glob('**/*', { cwd: directory, exclude: ['**/node_modules', ...ignore] })) {
    if (!ending.test(path)) continue;
    all.push({ id: path.split(sep).join('/').replace(ending, ''), file: resolve(directory, path) });
  }
  return all;
}

/** A file that is there comes first: it cannot mean anything else. */
async function meantBy(
  name: string,
  all: readonly ScenarioFile[],
  project: Project,
): Promise<readonly ScenarioFile[]> {
  const file = resolve(name);
  if (ending.test(name) && (await isFile(file)))
    return [all.find((scenario) => scenario.file === file) ?? { id: name, file }];
  const meant = all.filter(({ id }) => means(plainName(name, project), id));
  if (meant.length > 0) return meant;
  if (looksLikePath(name)) throw noSuchFile(name);
  const leftOut = project.leftOut === undefined ? [] : await projectScenarios(project.leftOut);
  const named = leftOut.filter(({ id }) => means(plainName(name, project), id));
  if (named.length > 0) return named;
  throw unknownScenario(name, [...all, ...leftOut]);
}

/** The id that a path below a folder of scenarios stands for. */
function plainName(name: string, { folders }: Project): string {
  const plain = name.replace(ending, '').replace(/\/$/, '');
  const path = resolve(plain);
  const within = folders.find(({ directory }) => path.startsWith(directory + sep));
  return within === undefined ? plain : relative(within.directory, path).split(sep).join('/');
}

function means(plain: string, id: string): boolean {
  return id === plain || id.startsWith(`${plain}/`) || (!plain.includes('/') && id.includes(plain));
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

const looksLikePath = (name: string): boolean => ending.test(name) || /^[./~]/.test(name);

/** A script whose variable is not set gives an empty name, which all ids contain. */
function emptyName(): LabError {
  return new LabError('LAB_BAD_INPUT', 'An empty name means no scenario', {
    hint: 'Leave it out to play all scenarios.',
  });
}

function noSuchFile(name: string): LabError {
  return new LabError('LAB_BAD_INPUT', `There is no file ${resolve(name)}, and no scenario below it`, {
    hint: 'Give the path of a scenario file, or an id as `shaketable list` has it.',
  });
}

function unknownScenario(name: string, all: readonly ScenarioFile[]): LabError {
  const ids = all.map(({ id }) => id);
  const words = ids.flatMap((id) => [id, ...id.split('/')]);
  const near = nearestWord(name, ids) ?? nearestWord(name, words);
  const hint =
    near === undefined ? 'See `shaketable list`.' : `Did you mean ${near}? See \`shaketable list\`.`;
  return new LabError('LAB_BAD_INPUT', `There is no scenario called ${name}`, { hint });
}
