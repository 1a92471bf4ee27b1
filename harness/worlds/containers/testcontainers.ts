/**
 * How Testcontainers is to behave in this process and the ones that it starts: it reads its settings from the environment.
 * What the user set stays.
 */
import type { Engine } from './engine.ts';

const reaperImage = 'testcontainers/ryuk:0.14.0';

/**
 * Its reaper, which removes what a killed process left, is used where its image is at hand, and never pulled: the labels of
 * the lab's own and a sweep at the next start do the same. Without a host it would pull an image to find one out.
 */
export async function prepareTestcontainers(engine: Engine): Promise<void> {
  process.env.TESTCONTAINERS_HOST_OVERRIDE ??= '127.0.0.1';
  const image = process.env.RYUK_CONTAINER_IMAGE ?? reaperImage;
  if ((await engine.imageId(image)) === undefined) process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
}
