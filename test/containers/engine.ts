/** Whether there is an engine with all images, and why not: tests that need one are skipped then, and say so. */
import { findEngine, needEngine } from '../../harness/worlds/containers/engine.ts';
import { baseImage, missingImages } from '../../harness/worlds/containers/images.ts';

/** Why these tests cannot be run here; undefined where they can. */
export async function obstacle(): Promise<string | undefined> {
  const found = await findEngine();
  if ('reason' in found) return found.reason;
  const missing = await missingImages(found.engine);
  if ((await found.engine.imageId(baseImage)) === undefined) missing.push(baseImage);
  return missing.length === 0 ? undefined : `images are missing: ${missing.join(', ')}`;
}

/** True where the tests are to be skipped. The set-up file of the project has printed why. */
export const isOutOfReach = (await obstacle()) !== undefined;

/** What carries a label of the lab's in the engine: containers, networks and volumes, by name. */
export async function inEngine(label: string): Promise<string[]> {
  const engine = needEngine();
  const found = await Promise.all([engine.containers(label), engine.networks(label), engine.volumes(label)]);
  return found.flat().map(({ name }) => name);
}
