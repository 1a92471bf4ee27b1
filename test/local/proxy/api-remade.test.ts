/** A proxy that is made again: its connections keep numbers of their own, and chance begins anew. */
import { expect, it } from 'vitest';
import { Rig } from './rig.ts';

/** Connects a few clients one after the other, and gives back the id of each. */
async function visit(rig: Rig, port: number, times: number): Promise<string[]> {
  const ids: string[] = [];
  for (let visit = 0; visit < times; visit += 1) {
    const client = await rig.connect(port);
    client.write('x');
    await client.receive(1);
    ids.push(
      ...rig.server
        .listConnections()
        .flatMap(({ id, clientPort }) => (clientPort === client.socket.localPort ? [id] : [])),
    );
    client.destroy();
  }
  return ids;
}

it('never gives a number twice, whether it was deleted, replaced or disabled', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const ids = await visit(rig, await rig.proxy(echo), 2);
  await rig.api('DELETE', '/proxies/p');
  ids.push(...(await visit(rig, await rig.proxy(echo), 2)));
  const entry = { name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${echo}` };
  await rig.api('POST', '/populate', [entry]);
  ids.push(...(await visit(rig, rig.server.proxy('p').port, 1)));
  await rig.api('POST', '/proxies/p', { enabled: false });
  await rig.api('POST', '/proxies/p', { enabled: true });
  ids.push(...(await visit(rig, rig.server.proxy('p').port, 1)));

  expect(ids).toEqual(['p:1', 'p:2', 'p:3', 'p:4', 'p:5', 'p:6']);
  const listed = rig.server.listConnections().map(({ id }) => id);
  expect(listed).toHaveLength(new Set(listed).size);
  expect((await rig.api('GET', '/connections/p:1')).json).toMatchObject({ id: 'p:1', connection: 1 });
});

it('draws the same again for its first connections', async () => {
  await using rig = await Rig.start({ seed: 7 });
  const echo = await rig.serveEcho();
  const drawn = async (): Promise<boolean[]> => {
    const ids = await visit(rig, await rig.proxy(echo, [{ type: 'noop', toxicity: 0.5 }]), 12);
    await rig.api('DELETE', '/proxies/p');
    const listed = rig.server.listConnections();
    return ids.map((id) => listed.find((connection) => connection.id === id)?.toxics.length === 1);
  };

  const first = await drawn();

  expect(new Set(first)).toEqual(new Set([true, false]));
  expect(await drawn()).toEqual(first);
});
