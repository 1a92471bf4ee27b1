/**
 * An empty data directory, made once for each server version and copied for each run. It is built under a name of its
 * own and renamed when complete: of two runs that build at once, one wins and the other uses what the winner made. A
 * template that was cut short is thrown away, and so is what a builder left that did not live to rename it.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from 'shaketable-proxy/clock';
import { isLabError, LabError } from '../errors.ts';
import type { DatabaseBinary } from './database-binary.ts';
import { initialiseCommand, templateFormat } from './engine.ts';
import { startFailure } from './start-failure.ts';

const run = promisify(execFile);
const initialiseMs = 120_000;
/** No build lives longer: `initialiseMs`, and time for a slow disk. */
const abandonedMs = 15 * 60_000;
const attempts = 3;
const manifestName = 'complete.json';

/** What a finished template says of itself: a directory that holds less was cut short. */
interface Manifest {
  readonly files: number;
}

/**
 * Makes a data directory at `target`, which must not exist: a copy of the template in `cache`, which is built if needed.
 * Where the cache cannot be written, the data directory is made in place.
 */
export async function createData(
  binary: DatabaseBinary,
  target: string,
  { cache, announce }: { cache: string; announce: (line: string) => void },
): Promise<void> {
  const template = join(cache, `${binary.flavour}-${binary.version}-${templateFormat}`);
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    if (await copyComplete(template, target)) return;
    announce(`Preparing a data directory for ${binary.flavour} ${binary.version} (once)`);
    const trouble = await buildTemplate(binary, template).catch(cacheTrouble);
    if (trouble === undefined) continue;
    announce(`${cache} cannot be written (${trouble}): the data directory is for this run alone`);
    return initialise(binary, target);
  }
  throw new LabError('LAB_DATABASE_START', `The data directory ${template} is never complete`, {
    hint: `Remove ${cache} and try again.`,
  });
}

/** What is wrong with the cache, if it is that and not the server. */
function cacheTrouble(error: NodeJS.ErrnoException): string {
  if (isLabError(error) && error.code !== 'LAB_DISK_FULL') throw error;
  return error.code ?? error.message;
}

/** Makes a data directory at `target` without any cache. */
async function initialise(binary: DatabaseBinary, target: string): Promise<void> {
  const temporary = `${target}.tmp`;
  await mkdir(temporary, { recursive: true, mode: 0o700 });
  const [command, ...args] = initialiseCommand(binary, target, temporary);
  try {
    await run(command, args, { timeout: initialiseMs, killSignal: 'SIGKILL', cwd: '/' });
  } catch (cause) {
    const { stdout = '', stderr = '' } = cause as { stdout?: string; stderr?: string };
    const output = `${stdout}\n${stderr}`.split('\n');
    throw startFailure(`${command} could not make a data directory`, output, cause);
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  await rm(join(target, 'auto.cnf'), { force: true }); // MySQL's identity of a server: each copy gets its own.
}

async function copyComplete(template: string, target: string): Promise<boolean> {
  const manifest = await readManifest(template);
  if (manifest !== undefined) {
    await cp(join(template, 'data'), target, { recursive: true }).catch(ignoreMissing);
    if ((await countFiles(target)) === manifest.files) return true;
    await rm(target, { recursive: true, force: true });
  }
  return false;
}

async function buildTemplate(binary: DatabaseBinary, template: string): Promise<void> {
  await removeAbandoned(template);
  const build = `${template}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(build, { recursive: true, mode: 0o700 });
    await initialise(binary, join(build, 'data'));
    const manifest: Manifest = { files: await countFiles(join(build, 'data')) };
    await writeFile(join(build, manifestName), JSON.stringify(manifest));
    await putInPlace(build, template);
  } finally {
    await rm(build, { recursive: true, force: true });
  }
}

/** Renames `build` to `template`, unless another run was quicker. One that is not complete makes way. */
async function putInPlace(build: string, template: string): Promise<void> {
  const files = (await readManifest(template))?.files;
  const complete = files !== undefined && files === (await countFiles(join(template, 'data')));
  if (!complete) await rm(template, { recursive: true, force: true });
  await rename(build, template).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** Removes what dead builders left beside the template; live ones are told by their age. */
async function removeAbandoned(template: string): Promise<void> {
  const oldest = systemClock().now() - abandonedMs;
  const names = await readdir(dirname(template)).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(`${basename(template)}.`))) {
    const path = join(dirname(template), name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: oldest }));
    if (mtimeMs < oldest) await rm(path, { recursive: true, force: true });
  }
}

async function readManifest(template: string): Promise<Manifest | undefined> {
  try {
    const { files } = JSON.parse(await readFile(join(template, manifestName), 'utf8')) as Partial<Manifest>;
    return typeof files === 'number' ? { files } : undefined;
  } catch {
    return undefined; // There is none, or it was cut short.
  }
}

async function countFiles(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true }).catch(ignoreMissing);
  return entries?.length ?? 0;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
