import { expect, it } from 'vitest';
import { type HabitName, habits } from '../../../harness/bench/load/websocket/habits.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import { quantile } from '../../../harness/bench/statistics/order.ts';
import { faultKinds, lossy } from '../../../harness/bench/workloads/websocket/faults.ts';
import { ageOf } from '../../../harness/bench/workloads/websocket/index.ts';
import {
  type LinkPlan,
  startWebSocketRig,
  type WebSocketRig,
} from '../../../harness/bench/workloads/websocket/rig.ts';
import {
  compareSends,
  takeOfFaults,
  takeOfSends,
  websocketUnits,
} from '../../../harness/bench/workloads/websocket/take.ts';

const names = Object.keys(habits) as HabitName[];
const healthy: LinkPlan = { toxics: [], silent: false };
const patience = { pingEveryMs: 200, pongWithinMs: 200, acknowledgedWithinMs: 10_000 };
const send = (rig: WebSocketRig, link: LinkPlan, habit: HabitName, count: number) =>
  // A machine that stands still is late with pongs, which is no fault.
  rig.send(link, { habit, patience: { ...patience, pongWithinMs: 10_000 }, count, perSecond: 0 });

it.each(
  names,
)('brings every message of "%s" over a healthy link, by the counts of all three', async (habit) => {
  await using rig = await startWebSocketRig({ seed: 1 });

  const batch = await send(rig, healthy, habit, 2_000);

  expect(compareSends(batch.load.told, batch.server.ids)).toEqual({
    silent: 0,
    failures: 0,
    arrived: 0,
    impossible: 0,
  });
  expect(batch.load.bytesWritten).toBeGreaterThan(2_000 * 150);
  expect(summarizeRow(habit, [takeOfSends(true, batch)], websocketUnits)).toMatchObject({
    status: 'measured',
    reasons: [],
  });
});

it('counts as lost in silence exactly what the server dropped', async () => {
  await using rig = await startWebSocketRig({ seed: 1, dropEvery: 7 });

  const batch = await send(rig, healthy, 'callback', 1_000);

  expect(compareSends(batch.load.told, batch.server.ids)).toMatchObject({ silent: 142, failures: 0 });
  expect(takeOfSends(true, batch).failures).toEqual([
    'on a link that breaks nothing, 142 messages were lost in silence, 0 sends failed',
  ]);
});

it('fails explicitly exactly what the server dropped where acknowledgements are waited for', async () => {
  await using rig = await startWebSocketRig({ seed: 1, dropEvery: 7 });
  const patient = { ...patience, pongWithinMs: 10_000, acknowledgedWithinMs: 2_000 };

  const batch = await rig.send(healthy, {
    habit: 'acks, ping',
    patience: patient,
    count: 1_000,
    perSecond: 0,
  });

  expect(compareSends(batch.load.told, batch.server.ids)).toEqual({
    silent: 0,
    failures: 142,
    arrived: 0,
    impossible: 0,
  });
});

it('counts exactly the messages that vanish on a connection that lives on', async () => {
  await using rig = await startWebSocketRig({ seed: 1 });

  const batch = await send(rig, { toxics: [lossy.among(50)], silent: false }, 'callback', 1_000);

  expect(batch.proxy).toMatchObject({ connections: 1, strikes: 20 });
  expect(compareSends(batch.load.told, batch.server.ids)).toMatchObject({ silent: 20, failures: 0 });
});

it.each(faultKinds)('loses nothing in silence under $name where acknowledgements are waited for', async ({
  silent,
  among,
}) => {
  await using rig = await startWebSocketRig({ seed: 1 });
  const link = { toxics: [among(300)], silent };
  const job = { count: 1_500, perSecond: 5_000, patience: { ...patience, acknowledgedWithinMs: 300 } };

  const careful = await rig.send(link, { ...job, habit: 'acks, ping' });
  const naive = await rig.send(link, { ...job, habit: 'send' });

  for (const batch of [careful, naive]) {
    expect(batch.proxy.strikes).toBeGreaterThan(0);
    expect(takeOfSends(false, batch).doubts).toEqual([]);
  }
  expect(compareSends(careful.load.told, careful.server.ids).silent).toBe(0);
  expect(compareSends(naive.load.told, naive.server.ids).silent).toBeGreaterThan(0);
});

it('notices a silent peer within an interval of pings and the wait for a pong, and not at all without them', async () => {
  await using rig = await startWebSocketRig({ seed: 1 });
  const [, , silence] = faultKinds;
  if (!silence) throw new Error('Expected a silent fault');
  const connections = 6;
  const faultOf = (number: number) => silence.atAge(ageOf(number, { connections, patience }));
  const job = { patience, connections, faultOf, silent: true, everyMs: 20, watchMs: 1_700 };

  const pinging = await rig.watch({ ...job, habit: 'callback, ping' });
  const plain = await rig.watch({ ...job, habit: 'callback' });

  const { notice = [] } = takeOfFaults(pinging, 1_400).times;
  expect(notice).toHaveLength(6);
  // What pings find out takes about as long as a pong is waited for, less what it was under way, and up to an interval more.
  expect(Math.min(...notice)).toBeGreaterThanOrEqual(200 / 2);
  expect(Math.max(...notice) - Math.min(...notice)).toBeGreaterThan(100);
  expect(quantile(notice, 0.5)).toBeLessThan((200 + 200) * 2);
  expect(takeOfFaults(plain, 1_400)).toMatchObject({
    times: { failure: [], notice: [] },
    figures: { unfailed: 6, unnoticed: 6 },
  });
});
