/** Programs that change the proxy from within a listener, in the middle of what they are told of. */
import { expect, it } from 'vitest';
import type { ProxyEvent, ProxyHandle, ToxicDefinition } from '../../../proxy/index.ts';
import { Rig } from './rig.ts';

/** A proxy to an echo; `react` is called for the first event of the given type. */
async function start(
  toxics: readonly ToxicDefinition[],
  type: ProxyEvent['type'],
  react: (proxy: ProxyHandle, rig: Rig) => unknown,
): Promise<{ rig: Rig; port: number }> {
  let reacted = false;
  const rig = await Rig.start({
    onEvent: (event) => {
      if (event.connection !== undefined) rig.events.push(event);
      if (event.type !== type || reacted) return;
      reacted = true;
      react(rig.server.proxy('p'), rig);
    },
  });
  return { rig, port: await rig.proxy(await rig.serveEcho(), toxics) };
}

const latency: ToxicDefinition = { type: 'latency', name: 'x', attributes: { latency: 60_000 } };

const endless: ToxicDefinition[] = [
  latency,
  { type: 'slicer', name: 'x', attributes: { average_size: 2, delay: 60_000_000 } },
  { type: 'bandwidth', name: 'x', attributes: { rate: 0 } },
  { type: 'stall', name: 'x' },
  { type: 'silence_accept', name: 'x' },
];

it.each(endless)('$type that is removed when told that it strikes holds nothing back', async (toxic) => {
  const { rig, port } = await start([toxic], 'strike', (proxy) => proxy.removeToxic('x'));
  await using _ = rig;

  const client = await rig.connect(port);
  client.write('hello');
  await client.receive(5);

  expect(client.text).toBe('hello');
  expect(rig.eventsOf('upstream-open')).toHaveLength(1);
});

it('a toxic can be changed when told that it strikes', async () => {
  const { rig, port } = await start([latency], 'strike', (proxy) =>
    proxy.updateToxic('x', { attributes: { latency: 0 } }),
  );
  await using _ = rig;

  const client = await rig.connect(port);
  client.write('hello');
  await client.receive(5);

  expect(client.text).toBe('hello');
});

it('a toxic that is added when told of a connection acts on it from the first byte', async () => {
  const { rig, port } = await start([], 'open', (proxy) =>
    proxy.addToxic({ type: 'reset_after', attributes: { bytes: 1 }, only: { nth: [1] } }),
  );
  await using _ = rig;

  const client = await rig.connect(port);
  client.write('hello');

  expect((await client.ending).how).toBe('ECONNRESET');
  expect(rig.eventsOf('upstream-open')).toHaveLength(1);
  expect(client.text).toBe('');
});

it('a server that is closed when told of a connection dials no more for it', async () => {
  const { rig, port } = await start([], 'open', (_, { server }) => void server.close());
  await using _ = rig;

  const client = await rig.connect(port);
  await client.ending;

  expect(rig.eventsOf('close')).toMatchObject([{ end: 'stopped', by: 'api' }]);
  expect(rig.eventsOf('upstream-open')).toHaveLength(0);
});
