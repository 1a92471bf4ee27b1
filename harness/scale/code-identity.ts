/**
 * Which code a result belongs to: what two machines must have alike to get the same. Code is never sent to a worker; one that has
 * other code says so and plays nothing.
 */
import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import type { Project } from '../config/project.ts';
import { ownVersion, packageRoot } from '../own-files.ts';

/** What is compared, by name. */
export type CodeIdentity = Readonly<
  Record<'shaketable' | 'node' | 'code' | 'dependencies' | 'project', string>
>;

/** Files that a program is made of. */
const endings = new Set(['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '.json', '.sql']);

/** Folders of the lab that take part in a result. */
const labFolders = ['harness', 'proxy', 'services', 'scenarios', 'node_modules/shaketable-proxy'];

/** Reads it for the project that would be played. */
export async function codeIdentity(project: Pick<Project, 'folders'>): Promise<CodeIdentity> {
  const own = labFolders.map((folder) => join(packageRoot, folder));
  const folders = project.folders.map(({ directory }) => directory);
  const elsewhere = folders.filter((folder) => !own.includes(folder));
  // What scenarios import lies beside their folder, as a rule.
  const roots = [...new Set(elsewhere.map((folder) => dirname(folder)))].toSorted();
  return {
    shaketable: await ownVersion(),
    node: process.version,
    code: await hashFolders(own),
    dependencies: await hashLockfiles([packageRoot, ...roots]),
    project: await hashFolders(roots),
  };
}

/** What a worker that is started by whoever hands out the work has alike without being asked. */
export async function sameCode(): Promise<Readonly<Record<string, string>>> {
  return { shaketable: await ownVersion(), node: process.version };
}

/** Where two differ, in words; undefined where they do not. `theirs` is whose run it is. */
export function differenceIn(
  theirs: Readonly<Record<string, string>>,
  ours: Readonly<Record<string, string>>,
): string | undefined {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])];
  const differing = names.filter((name) => theirs[name] !== ours[name]);
  if (differing.length === 0) return undefined;
  return differing
    .map((name) => `${name} is ${theirs[name] ?? 'none'} there and ${ours[name] ?? 'none'} here`)
    .join('; ');
}

async function hashFolders(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of folders) {
    const paths: string[] = [];
    const exclude = (name: string): boolean =>
      name === 'node_modules' || /^\.(?!\.?$)/.test(name) || name === 'reports';
    for await (const path of glob('**/*', { cwd: folder, exclude }))
      if (endings.has(extname(path))) paths.push(path);
    for (const path of paths.toSorted()) {
      const content = await readFile(join(folder, path)).catch(() => undefined);
      if (content) hash.update(`${path}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** The lockfile beside each; `none` where nothing is locked. */
async function hashLockfiles(roots: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let found = 0;
  for (const root of roots)
    for (const name of ['package-lock.json', 'pnpm-lock.yaml', 'yarn.lock', 'bun.lock']) {
      const content = await readFile(join(root, name)).catch(() => undefined);
      if (!content) continue;
      found += 1;
      hash.update(name).update(content);
    }
  return found === 0 ? 'none' : hash.digest('hex').slice(0, 16);
}
