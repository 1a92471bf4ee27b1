/** The services of a project's scenarios, whose images have to be there before one of them is played. */
import { importModule } from '../config/import-module.ts';
import type { Project } from '../config/project.ts';
import type { ChosenWorld } from '../run/choose-world.ts';
import type { ServiceImage } from '../worlds/service.ts';

/** None where nothing is started in containers. */
export async function serviceImages(
  { name }: ChosenWorld,
  project: Project,
): Promise<readonly ServiceImage[]> {
  if (name !== 'containers') return [];
  const modules = await Promise.all(project.images.map(importModule));
  return modules.flatMap(({ images }) => images as readonly ServiceImage[]);
}
