/** The `containers` world: the scenarios of a run share a stack in a Docker engine. */
import { systemClock } from 'shaketable-proxy/clock';
import { LabError } from '../../errors.ts';
import { missingPackage } from '../../optional-packages.ts';
import { inRepository } from '../../own-files.ts';
import type { FoundWorld, SharedEnvironment, SharedOptions, WorldModule } from '../world-module.ts';
import { type Engine, findEngine } from './engine.ts';
import type { StackFacts } from './facts.ts';
import { baseImage, missingImages, pullImages, toxiproxyImage } from './images.ts';
import { startStack } from './stack.ts';
import { prepareTestcontainers } from './testcontainers.ts';

/** How long an engine may take to answer where the world was not asked for. */
const quickMs = 150;
/** How long a registry may take to say that it has an image. */
const registryMs = 2_000;

export const world: WorldModule<StackFacts> = {
  name: 'containers',
  subjects: 'together',
  paces: ['fast', 'real'],
  // Containers do work of their own beside the lab's.
  usualWorkers: (cores) => cores * 1.5,
  find,
  findAtOnce,
  async startTable(stack, options) {
    const { startContainersTable } = await import('./table.ts');
    return startContainersTable({ ...options, stack });
  },
  replayFlags: () => ['--world', 'containers'],
};

async function find(): Promise<FoundWorld> {
  const lacking = lackingOfLab();
  if (lacking) throw new LabError('LAB_WORLD_MISSING', lacking.reason, { hint: lacking.hint });
  const found = await findEngine();
  if ('engine' in found) return { startShared: (options) => startShared(options, found.engine) };
  throw new LabError('LAB_ENGINE_GONE', found.reason, {
    hint: 'Start one, or use --world local.',
  });
}

async function findAtOnce(): Promise<FoundWorld | { readonly reason: string }> {
  const lacking = lackingOfLab();
  if (lacking) return { reason: lacking.reason };
  const found = await findEngine(quickMs);
  if ('reason' in found) return found;
  const { engine, version } = found;
  const reason = (await outOfReach(engine)) ?? (await imagesOutOfReach(engine));
  if (reason !== undefined) return { reason };
  return {
    why: `Docker engine ${version} answers, with all images`,
    startShared: (options) => startShared(options, engine),
  };
}

/** Why this lab cannot play in containers, whatever engine there is. */
function lackingOfLab(): { readonly reason: string; readonly hint: string } | undefined {
  const install = missingPackage('testcontainers');
  if (install !== undefined)
    return { reason: 'Containers take the package testcontainers, which is not installed', hint: install };
  if (inRepository) return undefined;
  return {
    reason:
      'The images of the lab’s server and proxy are built in its repository, not by the installed package',
    hint: 'Use --world local, or run the lab from a clone of the repository.',
  };
}

async function outOfReach(engine: Engine): Promise<string | undefined> {
  const reason = await engine.distance();
  return (
    reason && `a Docker engine answers, but its containers cannot be reached at their addresses: ${reason}`
  );
}

/** Why not every image is at hand, or can be; undefined when they are. */
async function imagesOutOfReach(engine: Engine): Promise<string | undefined> {
  const missing = await missingImages(engine);
  if ((await engine.imageId(baseImage)) === undefined) missing.push(baseImage);
  for (const name of missing) {
    if (!(await engine.canPull(name, registryMs)))
      return `a Docker engine answers, but the image ${name} is not there and cannot be pulled`;
  }
  return undefined;
}

async function startShared(options: SharedOptions, engine: Engine): Promise<SharedEnvironment> {
  await prepareTestcontainers(engine);
  await pullImages(await missingImages(engine), options.announce);
  const clock = systemClock();
  const begun = clock.now();
  const stack = await startStack({ ...options, services: await options.services(), engine });
  options.announce(`Containers ready in ${((clock.now() - begun) / 1_000).toFixed(1)} s`);
  const { database } = stack.facts;
  return {
    facts: stack.facts,
    database: `${database.flavour} ${database.version}`,
    proxy: toxiproxyImage,
    trouble: () => stack.trouble(),
    [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
  };
}
