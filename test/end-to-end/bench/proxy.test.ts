/** The workload `proxy` on the ways that need no other program. */
import { expect, it } from 'vitest';
import { measures } from '../../../harness/bench/workloads/proxy/measures.ts';
import { startProxyRig } from '../../../harness/bench/workloads/proxy/rig.ts';
import { direct, shaketable, tapped } from '../../../harness/bench/workloads/proxy/ways.ts';

it('measures everything on each way that leads through, and leaves no process behind', async () => {
  const pids: (number | undefined)[] = [];
  {
    await using rig = await startProxyRig([direct, shaketable, tapped('off'), tapped('on')], true);
    pids.push(...[...rig.ways.values()].map(({ pid }) => pid));
    for (const measure of measures) {
      for (const [name, way] of rig.ways) {
        if (!measure.ways.includes(name)) continue;
        const { times, figures } = await measure.take(rig, way, name);

        const values = [...Object.values(figures), ...Object.values(times).flat()];
        expect(values.length, `${measure.name}: ${name}`).toBeGreaterThan(0);
        for (const value of values) expect(value).toSatisfy(Number.isFinite);
        if (measure.pair) expect(times[measure.pair.of]?.length).toBeGreaterThan(0);
      }
    }
  }
  for (const pid of pids) if (pid !== undefined) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

it('measures a toxic as late as it says', async () => {
  await using rig = await startProxyRig([shaketable], true);
  const way = rig.ways.get('shaketable');
  const port = await way?.through?.('echo', [
    { type: 'latency', stream: 'downstream', attributes: { latency: 60 } },
  ]);

  const { trips } = await rig.load<{ trips: number[] }>({
    kind: 'requests',
    to: { port },
    connections: 1,
    durationMs: 300,
  });

  expect(Math.min(...trips)).toBeGreaterThanOrEqual(59);
});
