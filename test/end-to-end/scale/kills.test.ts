/** Workers and the server killed at random, in short; `npm run kills` does it for long. */
import { expect, it } from 'vitest';
import { leftOver } from '../../stress/kills/crews.ts';
import { type KillOutcome, killWorkers } from '../../stress/kills/kill-workers.ts';
import { embeddedStage, natsStage } from '../../stress/kills/stage.ts';
import { findNatsServer } from '../../support/nats-server.ts';

const program = await findNatsServer(console.log);
if ('reason' in program) console.log(`skipped: killing workers of a NATS server: ${program.reason}`);
const path = 'path' in program ? program.path : undefined;

const tell = (): void => {};

it('loses nothing to killed workers of the embedded engine', async () => {
  await using stage = await embeddedStage(2);
  const outcome = await killWorkers({ ...stage, units: 1_500, workers: 2, everyMs: 2_500, seed: 3, tell });
  await stage.crew[Symbol.asyncDispose]();

  expectNothingLost(outcome, 1_500);
  await expect.poll(leftOver).toEqual([]);
}, 120_000);

it.skipIf(path === undefined)(
  'loses nothing to killed workers of a server that is killed itself',
  async () => {
    await using stage = await natsStage(path ?? '', 2);
    const outcome = await killWorkers({ ...stage, units: 800, workers: 2, everyMs: 3_000, seed: 3, tell });
    await stage.crew[Symbol.asyncDispose]();

    expectNothingLost(outcome, 800);
    await expect.poll(leftOver).toEqual([]);
  },
  120_000,
);

function expectNothingLost({ expected, actual, distinct, alarms, left }: KillOutcome, units: number): void {
  expect(distinct).toBe(units);
  expect(actual.sums).toEqual(expected.sums);
  expect(actual.failures).toEqual(expected.failures);
  expect(actual.failures.length).toBeGreaterThan(0);
  expect({ alarms, left }).toEqual({ alarms: 0, left: 0 });
}
