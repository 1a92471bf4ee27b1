/** What many toxics on many connections cost: in proportion to their number, not to its square. */
import { expect, it } from 'vitest';
import { Rig } from './rig.ts';

const connections = 20;

/** Milliseconds of processor time, at best. */
function best(times: number, work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

// The square of eight would be 64 times the price.
it.each([
  'noop',
  'latency',
  'observe',
  'slicer',
] as const)('adds and removes %s eight times as many for about eight times the price', async (type) => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  for (let number = 0; number < connections; number += 1) {
    const client = await rig.connect(port);
    client.write('x');
    await client.receive(1);
  }
  const proxy = rig.server.proxy('p');
  const addAndRemove = (toxics: number) => () => {
    for (let number = 0; number < toxics; number += 1) proxy.addToxic({ name: `t${number}`, type });
    for (let number = 0; number < toxics; number += 1) proxy.removeToxic(`t${number}`);
  };
  const few = addAndRemove(100);
  few();

  const cheap = best(5, few);
  const dear = best(3, addAndRemove(800));

  expect(proxy.toxics).toEqual([]);
  expect(dear / cheap).toBeLessThan(40);
});

it('lifts all at once, and a connection carries on', async () => {
  await using rig = await Rig.start();
  const toxics = Array.from({ length: 30 }, (_, number) => ({
    name: `t${number}`,
    type: ['latency', 'stall', 'timeout', 'blackhole', 'corrupt', 'slicer'][number % 6],
    only: { first: 1 },
  }));
  const client = await rig.connect(await rig.proxy(await rig.serveEcho()));
  client.write('before');
  await client.receive(6);
  for (const toxic of toxics) expect((await rig.addToxic({ ...toxic, only: {} })).status).toBe(200);
  await rig.api('POST', '/reset');
  client.write('after');

  const { how } = await Promise.race([client.ending, client.receive(11).then(() => ({ how: 'alive' }))]);

  // A `timeout` that is deleted closes the connections that it applied to.
  expect(how).toBe('end');
});
