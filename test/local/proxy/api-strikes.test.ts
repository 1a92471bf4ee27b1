/** `GET /strikes`: what each toxic did, whatever became of its connections, its proxy and itself. */
import { expect, it } from 'vitest';
import type { ToxicAccount } from '../../../proxy/index.ts';
import { Rig } from './rig.ts';

const accounts = async (rig: Rig): Promise<ToxicAccount[]> =>
  (await rig.api('GET', '/strikes')).json as ToxicAccount[];

it('counts strikes, and the connections that were struck', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [
    { name: 'bits', type: 'corrupt', attributes: { probability: 1 } },
    { name: 'idle', type: 'noop' },
  ]);
  for (const rounds of [1, 2]) {
    const client = await rig.connect(port);
    for (let round = 1; round <= rounds; round += 1) {
      client.write('x');
      await client.receive(round);
    }
  }

  const [bits, idle, ...rest] = await accounts(rig);

  expect(rest).toEqual([]);
  expect(bits).toMatchObject({
    proxy: 'p',
    toxic: 'bits',
    toxicType: 'corrupt',
    stream: 'downstream',
    addedAt: expect.any(Number),
    strikes: 3,
    reached: 3,
    connections: 2,
    skips: 0,
    firstStrikeAt: expect.any(Number),
    lastStrikeAt: expect.any(Number),
  });
  expect(bits).not.toHaveProperty('removedAt');
  expect(idle).toMatchObject({ toxic: 'idle', strikes: 0, connections: 0 });
  expect(rig.server.listStrikes()).toMatchObject([{ strikes: 3 }, { strikes: 0 }]);
});

it('counts connections on which a toxic could not act', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [{ type: 'http_status', attributes: { status: 503 } }]);
  const client = await rig.connect(port);
  client.write('\x16\x03\x01');
  await client.receive(3);

  expect(await accounts(rig)).toMatchObject([{ strikes: 0, skips: 1 }]);
});

it.each([
  ['it was deleted', 'DELETE', '/proxies/p/toxics/bits'],
  ['all were by reset', 'POST', '/reset'],
  ['its proxy was deleted', 'DELETE', '/proxies/p'],
])('still tells of a toxic when %s', async (_what, method, path) => {
  await using rig = await Rig.start();
  const toxic = { name: 'bits', type: 'corrupt', attributes: { probability: 1 } };
  const port = await rig.proxy(await rig.serveEcho(), [toxic]);
  const client = await rig.connect(port);
  client.write('x');
  await client.receive(1);

  await rig.api(method, path);

  expect(await accounts(rig)).toMatchObject([
    { proxy: 'p', toxic: 'bits', strikes: 1, removedAt: expect.any(Number) },
  ]);
});

it('begins again with a toxic of the same name, and when `only` is given anew counts on', async () => {
  await using rig = await Rig.start();
  const toxic = { name: 'bits', type: 'corrupt', attributes: { probability: 1 }, only: { strikes: 1 } };
  const port = await rig.proxy(await rig.serveEcho(), [toxic]);
  const client = await rig.connect(port);
  client.write('x');
  await client.receive(1);
  await rig.api('PATCH', '/proxies/p/toxics/bits', { only: { strikes: 2 } });
  client.write('x');
  await client.receive(2);
  expect(await accounts(rig)).toMatchObject([{ strikes: 2, connections: 1 }]);

  await rig.api('DELETE', '/proxies/p/toxics/bits');
  await rig.addToxic(toxic);

  expect(await accounts(rig)).toMatchObject([{ strikes: 0 }, { strikes: 2, removedAt: expect.any(Number) }]);
});
