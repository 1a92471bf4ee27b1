import { expect, it } from 'vitest';
import { ServerHold } from '../../../../services/agent/shared/server-hold.ts';
import { seededRandom } from '../../../../services/random.ts';
import { manualClock } from '../../../support/manual-clock.ts';

const exactly = { next: () => 0, fork: () => exactly };

it('holds until the time that the server asked for', async () => {
  const clock = manualClock();
  const hold = new ServerHold(clock, exactly);
  expect(hold.leftMs).toBe(0);

  hold.extend(120_000);
  await clock.advance(119_999);
  expect(hold.leftMs).toBe(1);
  await clock.advance(1);

  expect(hold.leftMs).toBe(0);
});

it.each([
  7_000, 120_000, 3_600_000,
])('exceeds a wait of %i ms a little and never cuts it short', (askedMs) => {
  const waits = Array.from({ length: 20 }, (_, seed) => {
    const hold = new ServerHold(manualClock(), seededRandom(seed));
    hold.extend(askedMs);
    return hold.leftMs;
  });

  expect(Math.min(...waits)).toBeGreaterThanOrEqual(askedMs);
  expect(Math.max(...waits)).toBeLessThanOrEqual(askedMs * 1.1 + 1);
  expect(new Set(waits).size).toBeGreaterThan(15);
});

it('is not shortened by a later and shorter wish', () => {
  const hold = new ServerHold(manualClock(), exactly);

  hold.extend(120_000);
  hold.extend(5_000);
  hold.extend(0);

  expect(hold.leftMs).toBe(120_000);
});

it('believes no server for more than a day', () => {
  const hold = new ServerHold(manualClock(), exactly);

  hold.extend(Number.MAX_SAFE_INTEGER);

  expect(hold.leftMs).toBe(86_400_000);
});

it('does not call a wait too long for its spread alone', () => {
  const hold = new ServerHold(manualClock(), seededRandom(1));

  hold.extend(30_000);

  expect(hold.leftMs).toBeGreaterThan(30_000);
  expect(hold.exceeds(30_000)).toBe(false);
  expect(hold.exceeds(20_000)).toBe(true);
});
