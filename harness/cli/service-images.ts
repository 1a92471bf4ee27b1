/** The services of the lab's scenarios, whose images have to be there before one of them is played. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ChosenWorld } from '../run/choose-world.ts';
import type { ServiceImage } from '../worlds/service.ts';
import { scenarioRoot } from './scenario-files.ts';

/** None where nothing is started in containers. */
export async function serviceImages({ name }: ChosenWorld): Promise<readonly ServiceImage[]> {
  if (name !== 'containers') return [];
  const { images } = await import(pathToFileURL(join(scenarioRoot, 'images.ts')).href);
  return images as readonly ServiceImage[];
}
