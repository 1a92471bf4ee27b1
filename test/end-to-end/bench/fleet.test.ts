import { expect, it } from 'vitest';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import { type FleetAmount, fleetAmount } from '../../../harness/bench/workloads/fleet/amount.ts';
import { startFleetRig } from '../../../harness/bench/workloads/fleet/rig.ts';
import {
  fleetUnits,
  memoryFigures,
  takeOfRamp,
  takeOfRestart,
  takeOfSteady,
} from '../../../harness/bench/workloads/fleet/take.ts';

const amount: FleetAmount = {
  ...fleetAmount({ quick: true }),
  agents: 40,
  downMs: 300,
  habits: { reportEveryMs: 1_000, heartbeatEveryMs: 2_000, keptReports: 10 },
};
const rigOf = () => startFleetRig({ seed: 1, amount, signal: new AbortController().signal });
const quietly = (): void => {};
const rowOf = (take: ReturnType<typeof takeOfRamp>) => summarizeRow('a row', [take], fleetUnits);

it('brings all agents online a few at a time, and has them live without a loss', async () => {
  await using rig = await rigOf();
  const seen: number[] = [];

  const before = await rig.memory();
  const ramp = await rig.raise(amount.agents, (online) => seen.push(online));
  const raised = await rig.memory();
  const steady = await rig.live(2_500, quietly);

  expect(seen.at(-1)).toBe(40);
  expect(rowOf(takeOfRamp(40, ramp))).toMatchObject({
    status: 'measured',
    figures: { agents: { median: 40 } },
  });
  expect(ramp.server.handshakesAt).toHaveLength(ramp.agents.attemptsAt.length);
  expect(memoryFigures(before, raised, 40).resident).toBeGreaterThan(10_000);
  expect(rowOf(takeOfSteady(steady, { raised, later: raised }))).toMatchObject({
    status: 'measured',
    reasons: [],
  });
  // At least two rounds of each agent lie within that time, and each report is applied once.
  expect(steady.server.applied).toBeGreaterThanOrEqual(40 * 2);
  expect(steady.server).toMatchObject({ applied: steady.agents.made, duplicates: 0 });
  expect(steady.server.heartbeats).toBeGreaterThanOrEqual(40);
  expect(steady.agents.attemptsAt).toHaveLength(0);
});

it.each([
  'naive herd',
  'jittered',
] as const)('has all agents back after a restart, by the policy %s', async (policy) => {
  await using rig = await rigOf();
  await rig.raise(amount.agents, quietly);

  const batch = await rig.restart(policy, quietly);

  const row = rowOf(takeOfRestart(40, batch));
  expect(row).toMatchObject({ status: 'measured', figures: { resumed: { median: 0 } } });
  expect(batch.agents.awayMs).toHaveLength(40);
  expect(row.figures.allBack?.median).toBeGreaterThanOrEqual(0.3);
  expect(row.figures.attempts?.median).toBeGreaterThanOrEqual(1);
  expect(batch.server.applied + batch.agents.dropped).toBe(batch.agents.made);
});

it('stops between two looks at the fleet', async () => {
  const stop = new AbortController();
  await using rig = await startFleetRig({ seed: 1, amount, signal: stop.signal });

  const live = rig.live(60_000, () => stop.abort(new Error('enough')));

  await expect(live).rejects.toThrow('enough');
});
