import { afterAll, beforeAll, expect, it } from 'vitest';
import type { SettingsName } from '../../../harness/bench/load/database/settings.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import { type DatabaseRig, startDatabaseRig } from '../../../harness/bench/workloads/database/rig.ts';
import { databaseUnits, takeOfPool } from '../../../harness/bench/workloads/database/take.ts';

const settings: readonly SettingsName[] = ['default', 'limit 2', 'queue 20', 'mariadb'];
const plan = { ratePerSecond: 60, durationMs: 2_500, faultAfterMs: 500, faultMs: 1_000 };
let rig: DatabaseRig;

beforeAll(async () => {
  rig = await startDatabaseRig({ seed: 1, settings, setUp: false });
});

afterAll(() => rig[Symbol.asyncDispose]());

it('has each request of a healthy pool in the database once, by connections that the proxy counts too', async () => {
  const batches = await rig.take({ ...plan, fault: 'healthy' });

  expect([...batches.keys()]).toEqual(settings);
  for (const [name, batch] of batches) {
    // While the machine stands still a bounded queue may refuse; nothing else has a reason to.
    if (name === 'queue 20') continue;
    expect(batch.rows.size).toBe(150);
    expect(summarizeRow(name, [takeOfPool(batch)], databaseUnits)).toMatchObject({
      status: 'measured',
      reasons: [],
    });
  }
  expect(batches.get('limit 2')?.connections).toBeLessThanOrEqual(2);
});

it('lets a slow query hold a pool up, and a bounded queue refuse what it has no room for', async () => {
  const batches = await rig.take({ ...plan, fault: 'slow query' });

  const takes = new Map([...batches].map(([name, batch]) => [name, takeOfPool(batch)]));
  const acquired = takes.get('default')?.times.acquire ?? [];
  expect(Math.max(...acquired)).toBeGreaterThan(plan.faultMs / 2);
  expect(takes.get('default')?.figures.failures).toBe(0);
  expect(takes.get('queue 20')?.figures.failures).toBeGreaterThan(0);
  expect(takes.get('queue 20')?.remarks).toEqual(['errors: Queue limit reached.']);
});

it('is not healthy before the link is back, and invents no success meanwhile', async () => {
  const batches = await rig.take({ ...plan, fault: 'cut' });

  for (const batch of batches.values()) {
    const take = takeOfPool(batch);
    expect(take.doubts).toEqual([]);
    // What is due near the end of the outage may still be healthy in time.
    expect(take.times.back?.[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(plan.faultMs / 2);
  }
});
