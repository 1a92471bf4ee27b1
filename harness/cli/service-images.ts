/** The services of a project's scenarios, whose images have to be there before one of them is played. */
import { importModule } from '../config/import-module.ts';
import type { Project } from '../config/project.ts';
import type { ServiceImage } from '../worlds/service.ts';

/** The images, as the lists that the project names have them. */
export async function serviceImages(project: Project): Promise<readonly ServiceImage[]> {
  const modules = await Promise.all(project.images.map(importModule));
  return modules.flatMap(({ images }) => images as readonly ServiceImage[]);
}
