/** One seed, one run: the same stories, told by two processes, are the same to the microsecond and the byte. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const main = join(import.meta.dirname, '../../../bench/simulation/digests-main.ts');

/** Seeds over HTTP, and over HTTP and WebSocket; `DIGESTS=1000` takes as many as one likes. */
const stories = process.env.DIGESTS ?? '120';
const both = '12';

const tell = async (): Promise<string[]> =>
  (await promisify(execFile)(process.execPath, [main, stories, both])).stdout.trim().split('\n');

it('tells the same stories in two processes, and another one for each seed', {
  timeout: 600_000,
}, async () => {
  const [one, other] = await Promise.all([tell(), tell()]);

  expect(one).toEqual(other);
  expect(one).toHaveLength(Number(stories) + Number(both));
  // A seed may draw no fault at all, and then tells the story of every other that does not.
  expect(new Set(one).size).toBeGreaterThan(one.length / 2);
});
