/**
 * Which world a run takes place in. `auto` takes containers where an engine answers at once and the images are at hand or
 * can be pulled, else the processes of this machine, and says which and why.
 */
import { LabError } from '../errors.ts';
import { missingPackage } from '../optional-packages.ts';
import { inRepository } from '../own-files.ts';
import { type Engine, findEngine } from '../worlds/containers/engine.ts';
import { baseImage, missingImages } from '../worlds/containers/images.ts';
import { type ExternalConfig, readExternalConfig } from '../worlds/external/config.ts';

/** What a user may ask for. */
export type WantedWorld = 'auto' | 'local' | 'containers' | 'external' | 'simulated';

/** A world that can be had, and why it was taken. */
export type ChosenWorld =
  | { readonly name: 'local'; readonly why?: string }
  | { readonly name: 'containers'; readonly engine: Engine; readonly why?: string }
  | { readonly name: 'external'; readonly config: ExternalConfig; readonly why?: string };

/** An engine that takes longer to say that it is there is not waited for. */
const quickMs = 150;
/** So long a registry may take to say that it has an image. */
const registryMs = 2_000;

/** Chooses. @throws LabError `LAB_ENGINE_GONE` or `LAB_WORLD_MISSING` when what was asked for cannot be had */
export async function chooseWorld(wanted: WantedWorld, configFile?: string): Promise<ChosenWorld> {
  if (wanted === 'local') return { name: wanted };
  if (wanted === 'simulated') throw notThere(wanted);
  if (wanted === 'external') return { name: wanted, config: await externalConfig(configFile) };
  const lacking = containersObstacle();
  if (lacking !== undefined && wanted === 'auto') return { name: 'local', why: lacking.reason };
  if (lacking !== undefined) throw new LabError('LAB_WORLD_MISSING', lacking.reason, { hint: lacking.hint });
  const found = await findEngine(wanted === 'auto' ? quickMs : undefined);
  if ('reason' in found) {
    if (wanted === 'auto') return { name: 'local', why: found.reason };
    throw new LabError('LAB_ENGINE_GONE', found.reason, {
      hint: 'Start one (on Debian as root: test/containers/images/engine), or use --world local.',
    });
  }
  const { engine, version } = found;
  const obstacle =
    wanted === 'auto' ? ((await tooFar(engine)) ?? (await imagesOutOfReach(engine))) : undefined;
  if (obstacle !== undefined) return { name: 'local', why: obstacle };
  const why = wanted === 'auto' ? { why: `Docker engine ${version} answers, with all images` } : {};
  return { name: 'containers', engine, ...why };
}

/** Why this lab cannot play in containers, whatever engine there is. */
function containersObstacle(): { readonly reason: string; readonly hint: string } | undefined {
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

async function tooFar(engine: Engine): Promise<string | undefined> {
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

function externalConfig(file: string | undefined): Promise<ExternalConfig> {
  if (file !== undefined) return readExternalConfig(file);
  throw new LabError('LAB_BAD_INPUT', '--world external needs to be told of a server', {
    hint: 'Give a file with --config; docs/worlds.md has an example.',
  });
}

function notThere(world: string): LabError {
  return new LabError('LAB_WORLD_MISSING', `The world ${world} is not available in this version`, {
    hint: 'Use --world local: processes on 127.0.0.1, a real database, the lab’s own fault proxy.',
  });
}
