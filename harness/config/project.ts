/**
 * The project that a command works for: the nearest `shaketable.config.*` at or above the working directory, and the lab's own
 * scenarios unless it leaves them out. Where there is no config, the lab's own are all.
 */
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../errors.ts';
import { moduleEnding, packageRoot } from '../own-files.ts';
import type { ShaketableConfig } from './config.ts';
import { readConfig } from './read-config.ts';

/** A folder of scenarios. */
export interface ScenarioFolder {
  readonly directory: string;
  /** Globs relative to it. */
  readonly ignore: readonly string[];
}

/** Scenarios, and what they start. */
interface Scenarios {
  readonly folders: readonly ScenarioFolder[];
  /** Modules that export `images`. */
  readonly images: readonly string[];
}

/** What the configs of a project come to; paths are absolute. */
export interface Project extends Scenarios {
  /** The lab's own, where the config has `builtIn: false`: who names one by its id means it all the same. */
  readonly leftOut?: Scenarios;
  /** The module that starts what `shaketable up` offers. */
  readonly persistentLab: string;
  /** The module that plays incidents. */
  readonly incidents: string;
}

/** File names in the order in which they are looked for. */
export const configNames: readonly string[] = ['.ts', '.mts', '.js', '.mjs', '.json'].map(
  (ending) => `shaketable.config${ending}`,
);

const builtInFile = join(packageRoot, `shaketable.config${moduleEnding}`);

/**
 * Finds and reads the configs. `file` is one that the user names, looked for nowhere else.
 * @throws LabError `LAB_BAD_INPUT` when it is missing or wrong
 */
export async function loadProject(file?: string, from = process.cwd()): Promise<Project> {
  const own = file === undefined ? await findConfig(from) : resolve(from, file);
  if (own === undefined || own === builtInFile) return complete(await builtInParts());
  const config = await readConfig(own);
  const parts = await partsOf(config, own);
  const builtIn = await builtInParts();
  if (config.builtIn === false) {
    const { folders, images } = builtIn;
    return { ...(await complete(parts)), leftOut: { folders, images } };
  }
  return complete({
    folders: [...parts.folders, ...builtIn.folders],
    images: [...parts.images, ...builtIn.images],
    persistentLab: parts.persistentLab ?? builtIn.persistentLab,
    incidents: parts.incidents ?? builtIn.incidents,
  });
}

interface Parts extends Scenarios {
  readonly persistentLab: string | undefined;
  readonly incidents: string | undefined;
}

/** What a config says, without what it leaves out. */
const defined = <T extends object>(parts: T): Partial<T> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined)) as Partial<T>;

/** The nearest one at or above `directory`. */
async function findConfig(directory: string): Promise<string | undefined> {
  for (const name of configNames) {
    const file = join(directory, name);
    if (await isFile(file)) return file;
  }
  const above = dirname(directory);
  return above === directory ? undefined : findConfig(above);
}

async function builtInParts(): Promise<Parts> {
  return partsOf(await readConfig(builtInFile), builtInFile);
}

async function complete(parts: Parts): Promise<Project> {
  const { persistentLab, incidents } = { ...(await builtInParts()), ...defined(parts) };
  if (persistentLab === undefined || incidents === undefined)
    throw new LabError(
      'LAB_INTERNAL',
      `${builtInFile} names no persistent lab, or nothing that plays incidents`,
    );
  return { ...parts, persistentLab, incidents };
}

async function partsOf(config: ShaketableConfig, file: string): Promise<Parts> {
  const { ignore = [], images, persistentLab, incidents } = config;
  const root = dirname(file);
  const scenarios = config.scenarios ?? ((await isFolder(join(root, 'scenarios'))) ? 'scenarios' : []);
  return {
    folders: await Promise.all([scenarios].flat().map((path) => folderAt(root, path, ignore, file))),
    images: images === undefined ? [] : [await moduleAt(root, images, file)],
    persistentLab: persistentLab === undefined ? undefined : await moduleAt(root, persistentLab, file),
    incidents: incidents === undefined ? undefined : await moduleAt(root, incidents, file),
  };
}

async function folderAt(
  root: string,
  path: string,
  ignore: readonly string[],
  file: string,
): Promise<ScenarioFolder> {
  const directory = resolve(root, path);
  if (await isFolder(directory)) return { directory, ignore };
  throw new LabError('LAB_BAD_INPUT', `${basename(file)} names ${path}, and there is no such folder`, {
    hint: `Paths are relative to ${root}.`,
  });
}

/** A path in TypeScript also stands for the JavaScript that was compiled from it. */
async function moduleAt(root: string, path: string, file: string): Promise<string> {
  const named = resolve(root, path);
  const compiled = named.replace(/ts$/, 'js');
  for (const candidate of [named, compiled]) if (await isFile(candidate)) return candidate;
  throw new LabError('LAB_BAD_INPUT', `${basename(file)} names ${path}, and there is no such file`, {
    hint: `Paths are relative to ${root}.`,
  });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
