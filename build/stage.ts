/**
 * Stages a package as a directory that `npm pack` takes as it is: JavaScript with types and maps beside it, the sources that
 * the maps point at in `src`, and everything else that the code reads.
 *
 *     dist/shaketable-proxy/  package.json  index.js  index.js.map  index.d.ts  index.d.ts.map  src/index.ts  …
 */
import { execFile } from 'node:child_process';
import { copyFile, cp, glob, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type Manifest, publishedManifest } from './manifest.ts';
import { type PackageRecipe, packages } from './packages.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '..');

/** Where the staged packages are. */
export const staging = join(root, 'dist');

/** Pages and what only the repository itself needs. */
const leftOut = /(^|\/)(node_modules|image)\/|\.md$|(^|\/)(package(-lock)?\.json|Dockerfile)$/;

/** Stages one package. @returns its directory. @throws Error with what the compiler says */
export async function stage(recipe: PackageRecipe): Promise<string> {
  const directory = join(staging, recipe.name);
  await rm(directory, { recursive: true, force: true });
  for (const [from, to] of Object.entries(recipe.folders)) await copyFolder(from, directory, to);
  for (const file of recipe.sources) await copy(join(root, file), join(directory, 'src', file));
  for (const [from, to] of Object.entries(recipe.files))
    await cp(join(root, from), join(directory, to), { recursive: true });
  for (const [file, make] of Object.entries(recipe.generated)) await writeJson(join(directory, file), make());
  await writeJson(join(directory, 'package.json'), await manifestOf(recipe));
  await compile(directory);
  return directory;
}

/** Sources go to where the maps look for them, all else to where the code does. */
async function copyFolder(from: string, directory: string, to: string): Promise<void> {
  for await (const file of glob('**/*.*', { cwd: join(root, from) })) {
    if (leftOut.test(file)) continue;
    await copy(join(root, from, file), join(directory, file.endsWith('.ts') ? 'src' : '', to, file));
  }
}

async function copy(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await copyFile(from, to);
}

async function manifestOf({ workspace, folders, absorbs }: PackageRecipe): Promise<Record<string, unknown>> {
  const { version } = await readManifest('.');
  if (version === undefined) throw new Error('Expected package.json to have the version of all packages');
  return publishedManifest(await readManifest(workspace), {
    version,
    place: folders[workspace] ?? '.',
    sisters: packages.map(({ name }) => name),
    absorbed: await Promise.all(absorbs.map(readManifest)),
    repository: process.env.SHAKETABLE_REPOSITORY,
  });
}

async function readManifest(workspace: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(root, workspace, 'package.json'), 'utf8')) as Manifest;
}

/** Packages of this repository are taken as they were staged, with their types alone. */
async function compile(directory: string): Promise<void> {
  const project = join(directory, 'tsconfig.json');
  await writeJson(project, {
    extends: '../../tsconfig.build.json',
    compilerOptions: { rootDir: 'src', outDir: '.', paths: await stagedTypes(directory) },
    include: ['src'],
    exclude: [],
  });
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  await run(process.execPath, [tsc, '-p', project]).catch((error: { stdout?: string }) => {
    throw new Error(`${relative(root, directory)} does not compile:\n${error.stdout}`, { cause: error });
  });
  await rm(project);
}

/** Where the compiler finds `shaketable-proxy/clock` while another package is built: an entry for each entrance. */
async function stagedTypes(directory: string): Promise<Record<string, string[]>> {
  const paths: Record<string, string[]> = {};
  for (const { name } of packages) {
    const staged = join(staging, name);
    const own = staged === directory;
    const text = await readFile(join(staged, 'package.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    for (const [entrance, target] of Object.entries((JSON.parse(text) as StagedManifest).exports)) {
      if (typeof target === 'string') continue;
      const types = own ? posix.join('src', target.types.replace(/\.d\.ts$/, '.ts')) : target.types;
      paths[posix.join(name, entrance)] = [
        `./${posix.join(relative(directory, own ? directory : staged), types)}`,
      ];
    }
  }
  return paths;
}

interface StagedManifest {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
}

async function writeJson(file: string, value: unknown): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
