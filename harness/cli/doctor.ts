/**
 * `shaketable doctor`: what works on this machine, and what earlier runs left behind.
 */
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { findDatabase } from '../databases/index.ts';
import { isLabError } from '../errors.ts';
import { listOrphans, sweepOrphans } from '../run/sweep.ts';
import { findEngine } from '../worlds/containers/engine.ts';
import { missingImages } from '../worlds/containers/images.ts';
import { type Facility, printFacilities } from './facilities.ts';

export async function doctorCommand(flags: { keep: boolean; json: boolean; on?: string }): Promise<number> {
  if (flags.on !== undefined) {
    const { doctorOnCommand } = await import('./doctor-on.ts');
    return await doctorOnCommand(flags.on, flags.json);
  }
  const facilities = [
    node(),
    await database(),
    await docker(),
    await optional('toxiproxy-server', 'comparison with the real Toxiproxy'),
    await optional('chromium', 'browser checks of the report'),
  ];
  const orphans = await (flags.keep ? listOrphans() : sweepOrphans());
  const healthy = facilities.every(({ works, needed }) => works || !needed);
  if (flags.json) console.log(JSON.stringify({ healthy, facilities, orphans }, null, 2));
  else print(facilities, orphans);
  return healthy ? 0 : 3;
}

function node(): Facility {
  const works = Number(process.versions.node.split('.')[0]) >= 24;
  return { name: 'node', works, detail: process.version, needed: true };
}

async function database(): Promise<Facility> {
  try {
    const found = await findDatabase({});
    return {
      name: 'database',
      works: true,
      detail: `${found.flavour} ${found.version}, ${found.path}`,
      needed: true,
    };
  } catch (error) {
    if (!isLabError(error)) throw error;
    const detail = [error.message, error.hint].filter((line) => line !== undefined).join('\n');
    return { name: 'database', works: false, detail, needed: true };
  }
}

/** The engine and the images of the containers world. */
async function docker(): Promise<Facility> {
  const found = await findEngine();
  const name = 'docker';
  if ('reason' in found)
    return { name, works: false, detail: `${found.reason} (only for: containers world)`, needed: false };
  const missing = await missingImages(found.engine);
  const images = missing.length === 0 ? 'all images are there' : `to be pulled: ${missing.join(', ')}`;
  return { name, works: true, detail: `engine ${found.version}, ${images}`, needed: false };
}

async function optional(program: string, use: string): Promise<Facility> {
  const path = await inPath(program);
  return {
    name: program,
    works: path !== undefined,
    detail: path ?? `not found (only for: ${use})`,
    needed: false,
  };
}

async function inPath(program: string): Promise<string | undefined> {
  for (const directory of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(directory, program);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

function print(facilities: readonly Facility[], orphans: readonly string[]): void {
  printFacilities(facilities);
  if (orphans.length === 0) console.log('✓ nothing left behind by earlier runs');
  for (const line of orphans) console.log(`• left behind: ${line}`);
}
