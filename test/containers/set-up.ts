/** Before the tests in containers: says why they are skipped, where they are. */
import { obstacle } from './engine.ts';

export default async function setUp(): Promise<void> {
  const why = await obstacle();
  if (why !== undefined)
    console.log(
      `The tests in containers are skipped: ${why}. As root on Debian: test/containers/images/make`,
    );
}
