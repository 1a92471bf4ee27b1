import { expect, it } from 'vitest';
import type { PolicyName } from '../../../harness/bench/load/policies/index.ts';
import type { PolicyLoad } from '../../../harness/bench/load/policy-load.ts';
import type { SaturateLoad } from '../../../harness/bench/load/saturate.ts';
import { links } from '../../../harness/bench/workloads/policy/links.ts';
import { type RequestRig, startRequestRig } from '../../../harness/bench/workloads/policy/rig.ts';
import { takeOfPolicy, takeOfSaturated } from '../../../harness/bench/workloads/policy/take.ts';

const linkOf = (name: string) => {
  const link = links.find((candidate) => candidate.name === name);
  if (!link) throw new Error(`Expected the link ${name}`);
  return link;
};

const send = (rig: RequestRig, link: string, policy: PolicyName, durationMs = 500) =>
  rig.take<PolicyLoad>({
    link: linkOf(link),
    protocol: policy === 'HTTP/2' ? 'http2' : 'http1',
    job: { kind: 'policy', policy, ratePerSecond: 100, durationMs },
  });

it('opens the connections, and shakes the hands, that each policy says', async () => {
  await using rig = await startRequestRig({ seed: 1 });

  const fresh = await send(rig, 'clean', 'new connection');
  const resumed = await send(rig, 'clean', 'new, resumed');
  const one = await send(rig, 'clean', 'pool of 1');
  const shared = await send(rig, 'clean', 'HTTP/2');

  expect(fresh.proxy).toMatchObject({ connections: 50, full: 50, resumed: 0, failed: 0 });
  expect(resumed.proxy.connections).toBe(50);
  expect(resumed.proxy.full + resumed.proxy.resumed).toBe(50);
  // Those that were opened before the first ticket came have none to offer: how many is up to the machine.
  expect(resumed.proxy.resumed).toBeGreaterThan(0);
  expect(one.proxy).toMatchObject({ connections: 1, full: 1 });
  expect(shared.proxy).toMatchObject({ connections: 1, full: 1 });
  for (const batch of [fresh, resumed, one, shared]) {
    expect(batch.effects).toEqual({ requests: 50, applied: 50, duplicates: 0 });
    expect(takeOfPolicy(true, batch).failures).toEqual([]);
  }
});

it('never has more connections than its pool', async () => {
  await using rig = await startRequestRig({ seed: 1 });

  const { proxy, load } = await send(rig, '20 ± 5 ms', 'pool of 8');

  expect(proxy.connections).toBeLessThanOrEqual(8);
  expect(proxy.connections).toBeGreaterThan(1);
  expect(Math.min(...load.serviceMs)).toBeGreaterThanOrEqual(14);
});

it('sends again what a cut handshake lost, once for each that failed', async () => {
  await using rig = await startRequestRig({ seed: 5 });

  const { proxy, load, effects } = await send(rig, '30 % cut', 'new connection', 2_000);

  const unanswered = Object.values(load.errors).reduce((sum, count) => sum + count, 0);
  expect(proxy.failed).toBe(load.retries + unanswered);
  expect(proxy.failed).toBeGreaterThan(30);
  expect(proxy.full).toBe(load.serviceMs.length);
  expect(effects.duplicates).toBe(0);
});

it('counts as twice what the server applied before its answer was lost to a reset', async () => {
  await using rig = await startRequestRig({ seed: 2 });

  const { proxy, load, effects } = await send(rig, '1 % resets', 'pool of 8', 8_000);

  expect(proxy.strikes).toBeGreaterThan(0);
  expect(load.retries).toBeGreaterThan(0);
  expect(effects.duplicates).toBeGreaterThan(0);
  expect(effects.duplicates).toBeLessThanOrEqual(load.retries);
});

const saturate = (rig: RequestRig, connections: number) =>
  rig.take<SaturateLoad>({
    link: linkOf('clean'),
    protocol: 'http1',
    job: { kind: 'saturate', connections, amount: 400 },
  });

it('takes autocannon for what proxy and server confirm', async () => {
  await using rig = await startRequestRig({ seed: 1 });

  const take = takeOfSaturated(8, await saturate(rig, 8));

  expect(take.doubts).toEqual([]);
  expect(take.times.service).toHaveLength(400);
  // Its own histogram knows whole milliseconds alone.
  expect(take.times.service?.some((ms) => ms % 1 !== 0)).toBe(true);
});

it('calls autocannon void where the server closes each connection', async () => {
  await using rig = await startRequestRig({ seed: 1, close: true });

  const take = takeOfSaturated(8, await saturate(rig, 8));

  expect(take.doubts.join()).toContain('connections at the proxy');
});
