/** A bound for what may never end: the story of a scenario. */
import type { Clock } from 'shaketable-proxy/clock';
import { LabError } from '../errors.ts';
import type { Pace } from '../worlds/world-module.ts';

/** How long a story may take, in real milliseconds; at the real pace it may take minutes. */
export const storyBoundMs: Readonly<Record<Pace, number>> = Object.freeze({ fast: 120_000, real: 3_600_000 });

/** Waits for `story`, but no longer than that. @throws LabError `LAB_TIMEOUT`; what `story` does later concerns nobody */
export async function bounded<T>(story: Promise<T>, boundMs: number, clock: Clock): Promise<T> {
  const over = new AbortController();
  const tooLong = clock.sleep(boundMs, over.signal).then(() => {
    throw new LabError('LAB_TIMEOUT', `the story did not end within ${boundMs / 1_000} s`);
  });
  try {
    return await Promise.race([story, tooLong]);
  } finally {
    over.abort();
  }
}
