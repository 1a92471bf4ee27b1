/**
 * The images of the containers world. Two are pulled under their public names; two are made of the project's own sources,
 * under a tag that changes with them, so that an old image is never taken for the current one.
 */
import { createHash } from 'node:crypto';
import { glob, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../../errors.ts';
import { packageRoot as root } from '../../own-files.ts';
import type { ServiceImage } from '../service.ts';
import type { Engine } from './engine.ts';
import { containerError } from './failures.ts';

export const mysqlImage = 'mysql:9.7';
export const toxiproxyImage = 'ghcr.io/shopify/toxiproxy:2.12.0';
/** What own images start from; only needed where one has to be built. */
export const baseImage = 'node:24-bookworm-slim';

/** The lab's own fault proxy as a program of its own. */
export const proxyImage: ServiceImage = {
  name: 'shaketable/proxy',
  dockerfile: 'proxy/Dockerfile',
  sources: ['proxy', '.dockerignore'],
  port: 8474,
};

/** Images that have to be there, or pulled, before a stack can start. */
export const stackImages: readonly string[] = [mysqlImage, toxiproxyImage];

/** The name of an own image with the tag of its current sources. */
export async function imageName({ name, dockerfile, sources }: ServiceImage): Promise<string> {
  const hash = createHash('sha256');
  for (const file of await sourceFiles([dockerfile, ...sources])) {
    hash
      .update(`${file}\0`)
      .update(await readFile(join(root, file)))
      .update('\0');
  }
  return `${name}:${hash.digest('hex').slice(0, 12)}`;
}

/** Which of the public images are not there. */
export async function missingImages(engine: Engine): Promise<string[]> {
  const ids = await Promise.all(stackImages.map((name) => engine.imageId(name)));
  return stackImages.filter((_, index) => ids[index] === undefined);
}

/** Pulls images. @throws LabError `LAB_IMAGE_MISSING` or `LAB_DISK_FULL` */
export async function pullImages(names: readonly string[], announce: (line: string) => void): Promise<void> {
  for (const name of names) {
    announce(`Pulling ${name}`);
    const { getContainerRuntimeClient, ImageName } = await import('testcontainers');
    const { image } = await getContainerRuntimeClient();
    await image.pull(ImageName.fromString(name)).catch((cause: unknown) => {
      throw containerError(`The image ${name} is not there and cannot be pulled; failed to pull`, [], cause);
    });
  }
}

/** Has the image there, by building it if its sources have changed since. @throws LabError `LAB_IMAGE_MISSING` */
export async function provideImage(
  engine: Engine,
  image: ServiceImage,
  announce: (line: string) => void = () => {},
): Promise<string> {
  const name = await imageName(image);
  if ((await engine.imageId(name)) !== undefined) return name;
  announce(`Building ${name} (${image.dockerfile})`);
  const { GenericContainer } = await import('testcontainers');
  try {
    await GenericContainer.fromDockerfile(root, image.dockerfile).build(name, { deleteOnExit: false });
  } catch (cause) {
    throw new LabError(
      'LAB_IMAGE_MISSING',
      `The image ${name} could not be built: ${(cause as Error).message}`,
      {
        hint: `\`docker build -f ${image.dockerfile} -t ${name} .\` shows why. It starts from ${baseImage}.`,
        cause,
      },
    );
  }
  return name;
}

async function sourceFiles(sources: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const source of sources) {
    if ((await stat(join(root, source))).isFile()) files.push(source);
    else for await (const entry of glob(`${source}/**/*.*`, { cwd: root })) files.push(entry);
  }
  return [...new Set(files)].filter((file) => !file.endsWith('.md')).toSorted();
}
