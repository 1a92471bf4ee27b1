/** A short soak, so that the long one (`npm run soak`) is known to work. */
import { expect, it } from 'vitest';
import { runSoak } from './soak/soak.ts';

it('loses no byte in half a minute of random toxics under load', async () => {
  const { exchanges, bytes, steps, errors } = await runSoak({
    durationMs: 30_000,
    seed: 1_122,
    connections: 24,
    reportEveryMs: 10_000,
    tell: (line) => console.log(line),
  });

  expect(errors).toEqual([]);
  expect(exchanges).toBeGreaterThan(100);
  expect(bytes).toBeGreaterThan(10_000_000);
  expect(steps).toBeGreaterThan(50);
});
