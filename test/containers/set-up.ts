/** Before the tests in containers: says why they are skipped, where they are. */
import { obstacle } from './engine.ts';

export default async function setUp(): Promise<void> {
  const why = await obstacle();
  if (why !== undefined)
    console.log(
      `skipped: the tests in containers, since ${why}. As root on Debian: test/containers/images/make`,
    );
}
