/** `fleet`: what many live agents take, and what a restart of their server is like. */
import type { Row } from '../../bench-result.ts';
import { summarizeRow, type Take } from '../../rounds/summarize-row.ts';
import { takeRounds } from '../../rounds/take-rounds.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';
import { fleetAmount } from './amount.ts';
import { addressesFor, systemLimits } from './limits.ts';
import { type FleetRig, startFleetRig } from './rig.ts';
import { policies, Story } from './story.ts';
import { fleetNotes, fleetTables } from './tables.ts';
import { fleetUnits, memoryFigures, takeOfRamp, takeOfRestart, takeOfSteady } from './take.ts';

export const fleet: Workload = {
  name: 'fleet',
  title: 'live agents in one process: memory and processor time of each, and a restart of their server',
  seconds: { quick: 20, full: 170 },
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { seed, signal } = context;
  const amount = fleetAmount(context);
  const localAddresses = addressesFor(amount.agents, systemLimits());
  await using rig = await startFleetRig({ seed, amount, localAddresses, signal });
  const story = new Story(amount, context);
  const raised = await raise(rig, story);
  const row = (id: string, takes: readonly Take[]): Row => summarizeRow(id, takes, fleetUnits);
  const rows = [row('ramp-up', [raised.take])];
  // Without a whole fleet there is nothing to be measured of it; how far it came is the limit that was looked for.
  if (raised.take.failures.length === 0) {
    rows.push(row('steady', [await live(rig, story, raised.memory)]));
    const takes = await restarts(rig, story);
    rows.push(...[...takes].map(([id, rounds]) => row(id, rounds)));
  }
  return { rounds: amount.rounds, tables: fleetTables(), rows, comparisons: [], notes: fleetNotes(amount) };
}

/** The first tenth fills what is needed but once; what each agent takes is measured from there on. */
async function raise(rig: FleetRig, story: Story) {
  const { agents } = story.amount;
  const few = Math.floor(agents / 10);
  const tell = (online: number): void =>
    story.tell(`${online} of ${agents} agents online`, online / agents, story.rampS);
  await rig.raise(few, tell);
  const before = await rig.memory();
  const batch = await rig.raise(agents, tell);
  const memory = await rig.memory();
  story.passed(story.rampS);
  const take = takeOfRamp(agents, batch);
  const each = memoryFigures(before, memory, agents - few);
  return { take: { ...take, figures: { ...take.figures, ...each } }, memory };
}

async function live(rig: FleetRig, story: Story, raised: Awaited<ReturnType<FleetRig['memory']>>) {
  const { agents, steadyMs } = story.amount;
  const batch = await rig.live(steadyMs, (passedMs) =>
    story.tell(`${agents} agents live`, passedMs / steadyMs, story.steadyS),
  );
  story.passed(story.steadyS);
  return takeOfSteady(batch, { raised, later: await rig.memory() });
}

async function restarts(rig: FleetRig, story: Story): Promise<Map<string, Take[]>> {
  const { agents, rounds } = story.amount;
  return await takeRounds<Take>({
    ...story.context,
    variants: policies.map((policy) => ({
      id: `restart: ${policy}`,
      take: async () => {
        const lengthS = story.restartS[policy];
        const batch = await rig.restart(policy, (online) =>
          story.tell(`restart, ${policy}: ${online} of ${agents} back`, online / agents, lengthS),
        );
        story.passed(lengthS);
        return takeOfRestart(agents, batch);
      },
    })),
    fewest: rounds,
    discard: 0,
    budgetMs: 0,
    enough: () => true,
  });
}
