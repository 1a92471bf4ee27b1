import { expect, it } from 'vitest';
import { type LibraryName, libraryNames } from '../../../harness/bench/load/clients/index.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import { behave } from '../../../harness/bench/workloads/clients/behave.ts';
import { startClientsRig } from '../../../harness/bench/workloads/clients/rig.ts';
import { clientsUnits, takeOfBehaviour, takeOfRate } from '../../../harness/bench/workloads/clients/take.ts';

it.each(libraryNames)('measures %s by counts that agree', async (library) => {
  await using rig = await startClientsRig({ seed: 1 });

  const take = takeOfRate(await rig.rate({ library, ratePerSecond: 50, durationMs: 400 }));

  expect(summarizeRow(library, [take], clientsUnits)).toMatchObject({
    status: 'measured',
    figures: { requests: { median: 20 } },
  });
  expect(Math.min(...(take.times.service ?? []))).toBeGreaterThanOrEqual(19);
});

it('opens a connection for each request without keep-alive, and fewer with it', async () => {
  await using rig = await startClientsRig({ seed: 1 });
  const plan = { ratePerSecond: 20, durationMs: 1_000 };

  const none = await rig.rate({ library: 'https no keep-alive', ...plan });
  const kept = await rig.rate({ library: 'https keep-alive', ...plan });

  expect(none.proxy.connections).toBe(20);
  expect(none.proxy.full + none.proxy.resumed).toBe(20);
  expect(kept.proxy.connections).toBeLessThan(20);
});

it('tells what libraries do by themselves, by what the server had', async () => {
  await using rig = await startClientsRig({ seed: 1 });
  const plan = { times: 2, silentMs: 1_500, otherMs: 10_000 };
  const played: LibraryName[] = ['https keep-alive', 'https no keep-alive', 'got'];

  const behaviours = await Promise.all(
    played.map(async (library) => [library, await behave(rig, library, plan)] as const),
  );

  const seen = await rig.takeSeen();
  const takes = Object.fromEntries(
    behaviours.map(([library, behaviour]) => [library, takeOfBehaviour(library, behaviour, seen)]),
  );
  expect(Object.values(takes).flatMap(({ doubts }) => doubts)).toEqual([]);
  expect(takes['https keep-alive']?.figures).toMatchObject({
    idleGet: 2,
    idlePost: 2,
    again503Get: 0,
    twiceGet: 0,
    twicePost: 0,
  });
  expect(takes['https no keep-alive']?.figures).not.toHaveProperty('idleGet');
  // It sends again what is safe to repeat by its method, though this server applies a GET as well.
  expect(takes.got?.figures).toMatchObject({
    idleGet: 0,
    idlePost: 2,
    again503Get: 1,
    again503Post: 0,
    twiceGet: 2,
    twicePost: 0,
  });
  expect(takes.got?.times.wait503).toHaveLength(1);
  expect(takes.got?.times.wait503?.[0]).toBeGreaterThanOrEqual(990);
  for (const { times } of Object.values(takes)) expect(times).not.toHaveProperty('silent');
});
