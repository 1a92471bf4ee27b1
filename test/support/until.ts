/** Waiting for something that a program under test does in its own time, of which no event tells. */
import { systemClock } from '../../proxy/core/clock.ts';

const lookEveryMs = 5;
const longestWaitMs = 30_000;

/**
 * Waits until `holds`, looking every few milliseconds of real time.
 *
 * @param what is waited for, for the error; default the source of `holds`
 * @throws after `limitMs` (default 30,000)
 */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what = String(holds),
  limitMs = longestWaitMs,
): Promise<void> {
  const clock = systemClock();
  const endMs = clock.now() + limitMs;
  while (!(await holds())) {
    if (clock.now() > endMs) throw new Error(`It did not come about within ${limitMs} ms: ${what}`);
    await clock.sleep(lookEveryMs);
  }
}
