/** The faults that Toxiproxy does not have, over real sockets. */
import net from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { observed, Rig, say, staysOpen } from './rig.ts';

it('reset_idle resets an idle connection that was open before it, and leaves a busy one', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream);
  const idle = await rig.connect(port);
  const busy = await rig.connect(port);
  await say(idle, 'hello');
  await rig.addToxic({ type: 'reset_idle', attributes: { after: 300 } });

  let ended = false;
  void idle.ending.then(() => {
    ended = true;
  });
  while (!ended) {
    await say(busy, 'still here');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }

  expect((await idle.ending).how).toBe('ECONNRESET');
  await say(busy, 'and again');
  expect(seen.ends).toEqual(['ECONNRESET']);
  expect(rig.eventsOf('close', 1)).toMatchObject([{ end: 'reset', by: 'toxic' }]);
  const order = rig.events.filter(({ connection }) => connection === 1).map(({ type }) => type);
  expect(order).toEqual(['open', 'upstream-open', 'strike', 'close']);
});

it('reset_idle closes with FIN when told to', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const client = await rig.connect(
    await rig.proxy(upstream, [{ type: 'reset_idle', attributes: { after: 50, action: 'close' } }]),
  );

  expect((await client.ending).how).toBe('end');
  await expect.poll(() => seen.ends).toEqual(['end']);
});

it('reset_idle forgets a connection: nothing on the wire, and later bytes vanish', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const toxic = { type: 'reset_idle', attributes: { after: 80, action: 'forget' } };
  const client = await rig.connect(await rig.proxy(upstream, [toxic]));
  await say(client, 'hello');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
  expect(rig.server.listConnections()).toMatchObject([{ state: 'forgotten' }]);

  client.write('into the void');
  const quiet = new Promise((resolve) => setTimeout(() => resolve('quiet'), 200));
  expect(await Promise.race([client.ending, quiet])).toBe('quiet');
  expect([client.text, seen.bytes, seen.ends]).toEqual(['hello', 5, []]);

  await rig.api('POST', '/proxies/p', { enabled: false });
  expect(rig.eventsOf('close')).toMatchObject([{ end: 'stopped', by: 'api' }]);
});

it('reset_idle answers a write on a forgotten connection with RST when told to', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const attributes = { after: 80, action: 'forget', forget_answer: 'reset' };
  const client = await rig.connect(await rig.proxy(upstream, [{ type: 'reset_idle', attributes }]));
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  client.write('anyone?');

  expect((await client.ending).how).toBe('ECONNRESET');
  expect([seen.bytes, seen.ends]).toEqual([0, []]);
});

it('blackhole drops one direction in silence and resets what lost bytes when lifted', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream);
  const loser = await rig.connect(port);
  const spared = await rig.connect(port);
  await say(loser, 'a');
  await say(spared, 'b');
  await rig.addToxic({ type: 'blackhole', stream: 'upstream' });
  loser.write('lost');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
  expect(seen.bytes).toBe(2);

  await rig.api('DELETE', '/proxies/p/toxics/blackhole_upstream');

  expect((await loser.ending).how).toBe('ECONNRESET');
  await say(spared, 'c');
});

it('blackhole swallows FIN, and takes only new connections with every: 1', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream);
  const before = await rig.connect(port);
  await rig.addToxic({ type: 'blackhole', stream: 'upstream', only: { every: 1 } });
  const after = await rig.connect(port);
  after.socket.end('gone');
  await say(before, 'here');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  expect([seen.bytes, seen.ends]).toEqual([4, []]);
  expect(rig.eventsOf('strike')[0]?.connection).toBe(2);
});

it('stall makes the writer feel back-pressure, and loses nothing when lifted', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const client = await rig.connect(await rig.proxy(upstream, [{ type: 'stall', stream: 'upstream' }]));
  const size = 24 * 1024 * 1024;
  client.write(Buffer.alloc(size));
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
  expect(client.socket.writableNeedDrain).toBe(true);
  expect(seen.bytes).toBe(0);

  await rig.api('DELETE', '/proxies/p/toxics/stall_upstream');

  await client.receive(size);
  expect(seen.bytes).toBe(size);
});

it('reset_after loses the answer of a request that the server has applied (R1.5)', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const toxic = { type: 'reset_after', attributes: { bytes: 1 }, only: { first: 1 } };
  const port = await rig.proxy(upstream, [toxic]);
  const unlucky = await rig.connect(port);
  unlucky.write('apply');

  expect((await unlucky.ending).how).toBe('ECONNRESET');
  expect([unlucky.text, seen.bytes]).toEqual(['', 5]);
  await expect.poll(() => seen.ends).toEqual(['ECONNRESET']);
  const next = await rig.connect(port);
  await say(next, 'apply again');
});

it('silence_accept answers nothing, a FIN neither, and once lifted serves those who still wait', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream, [{ type: 'silence_accept' }]);
  const impatient = await rig.connect(port);
  const patient = await rig.connect(port);
  impatient.socket.end();
  patient.write('waiting');
  expect(await staysOpen(impatient)).toBe(true);
  expect(seen.connections).toBe(0);
  expect(rig.eventsOf('strike')).toHaveLength(2);

  await rig.api('DELETE', '/proxies/p/toxics/silence_accept_downstream');

  await patient.receive(7);
  expect(patient.text).toBe('waiting');
  expect(seen.connections).toBe(1);
  expect(rig.eventsOf('close', 1)).toMatchObject([{ end: 'fin', by: 'client' }]);
});

it('silence_accept that is lifted gives up dialling for a client that resets meanwhile', async () => {
  const dialled = new PassThrough();
  await using rig = await Rig.start({ dial: () => dialled });
  const client = await rig.connect(await rig.proxy(1, [{ type: 'silence_accept' }]));
  await rig.api('DELETE', '/proxies/p/toxics/silence_accept_downstream');

  client.socket.resetAndDestroy();

  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'reset', by: 'client' }]);
  expect(dialled.destroyed).toBe(true);
});

it('refuse_connection resets at once and dials nothing', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream, [{ type: 'refuse_connection', only: { nth: [1, 3] } }]);
  const endings: string[] = [];
  for (let index = 0; index < 4; index += 1) {
    const socket = net.connect(port, '127.0.0.1');
    endings.push(
      await new Promise<string>((resolve) => {
        socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        socket.once('data', () => resolve('served'));
        socket.write('x');
      }),
    );
    socket.destroy();
  }

  expect(endings.map((ending) => (ending === 'served' ? ending : 'refused'))).toEqual([
    'refused',
    'served',
    'refused',
    'served',
  ]);
  expect(seen.connections).toBe(2);
});

it('chooses connections by number, share and strikes, counted from the creation of the toxic', async () => {
  await using rig = await Rig.start();
  const { port: upstream } = await observed(rig);
  const port = await rig.proxy(upstream);
  await say(await rig.connect(port), 'before');
  await rig.addToxic({ type: 'latency', name: 'second', attributes: { latency: 1 }, only: { nth: [2] } });
  await rig.addToxic({ type: 'latency', name: 'thirds', attributes: { latency: 1 }, only: { every: 3 } });
  await rig.addToxic({ type: 'latency', name: 'twice', attributes: { latency: 1 }, only: { strikes: 2 } });
  await rig.addToxic({
    type: 'latency',
    name: 'late',
    attributes: { latency: 1 },
    only: { from_bytes: 6, first: 1 },
  });
  for (let index = 0; index < 6; index += 1) {
    const client = await rig.connect(port);
    await say(client, 'abc');
    await say(client, 'def');
    await say(client, 'ghi');
  }
  const struck = (name: string): number[] =>
    rig.eventsOf('strike').flatMap(({ toxic, connection }) => (toxic === name ? [connection] : []));

  expect(struck('second')).toEqual([3]);
  expect(struck('thirds')).toEqual([4, 7]);
  expect(struck('twice')).toEqual([2, 3]);
  expect(struck('late')).toEqual([2]);
});

it.each([
  { type: 'half_open', attributes: { gone: 'server' } },
  { type: 'half_open', attributes: { gone: 'server', gone_by: 'close' } },
  { type: 'reset_idle', attributes: { after: 50, action: 'forget' } },
  { type: 'blackhole', stream: 'downstream' },
  { type: 'blackhole', stream: 'both' },
])('gives the FIN of a client no answer under $type $attributes $stream', async (toxic) => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serveEcho()));
  client.write('x');
  await client.receive(1);
  expect((await rig.addToxic(toxic)).status).toBe(200);
  if (toxic.type !== 'blackhole') await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  client.socket.end();

  expect(await staysOpen(client)).toBe(true);
});
