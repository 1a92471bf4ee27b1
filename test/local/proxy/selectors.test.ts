/** Which connections a toxic takes, how often and when, over real sockets on a clock that the tests move. */
import { once } from 'node:events';
import net from 'node:net';
import { expect, it } from 'vitest';
import { manualClock } from '../../support/manual-clock.ts';
import { type Client, Rig } from './rig.ts';

/** A rig whose toxics wait for a clock that stands still, and a proxy to an echo server. */
async function stillRig(seed = 1) {
  const clock = manualClock();
  const rig = await Rig.start({ clock, seed });
  return { rig, clock, port: await rig.proxy(await rig.serveEcho()) };
}

async function say(client: Client, text: string): Promise<void> {
  const before = client.receivedBytes;
  client.write(text);
  await client.receive(before + text.length);
}

/** Connections that a toxic struck, by name. */
const struck = (rig: Rig, name: string): number[] =>
  rig.eventsOf('strike').flatMap(({ toxic, connection }) => (toxic === name ? [connection] : []));

/** The toxics in force on a connection. */
const inForce = (rig: Rig, number: number): readonly string[] | undefined =>
  rig.server.listConnections().find(({ connection }) => connection === number)?.toxics;

it('refuses the clients of its addresses, and serves the others', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  await rig.addToxic({ type: 'refuse_connection', only: { clients: ['127.0.0.2', '127.0.1.0/24'] } });
  const outcomes = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '127.0.1.9'].map(async (localAddress) => {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress });
    socket.on('connect', () => socket.write('hello'));
    try {
      const [bytes] = await once(socket, 'data');
      return String(bytes);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code;
    } finally {
      socket.destroy();
    }
  });

  expect(await Promise.all(outcomes)).toEqual(['hello', 'ECONNRESET', 'hello', 'ECONNRESET']);
});

it('refuses what is above so many connections at once, until one of them has ended', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  await rig.addToxic({ type: 'refuse_connection', only: { above: 2 } });
  const refused = async (): Promise<void> => {
    const client = await rig.connect(port).catch(() => undefined);
    if (client) expect((await client.ending).how).toBe('ECONNRESET');
  };
  const served = [await rig.connect(port), await rig.connect(port)];
  for (const client of served) await say(client, 'served');
  await refused();
  await refused();
  served[0]?.destroy();
  await expect.poll(() => rig.server.listConnections().filter(({ end }) => !end).length).toBe(1);

  await say(await rig.connect(port), 'served');
  await refused();
  expect(struck(rig, 'refuse_connection_downstream')).toEqual([3, 4, 6]);
});

it('begins and ends on an open idle connection when its time has come', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  const loser = await rig.connect(port);
  const spared = await rig.connect(port);
  await say(loser, 'a');
  await say(spared, 'b');
  await rig.addToxic({ type: 'blackhole', stream: 'upstream', only: { after_ms: 1_000, for_ms: 500 } });
  await clock.advance(999);
  await say(loser, 'still through');

  await clock.advance(1);
  loser.write('lost');
  await expect.poll(() => struck(rig, 'blackhole_upstream')).toEqual([1]);
  expect(inForce(rig, 2)).toEqual(['blackhole_upstream']);
  await clock.advance(500);

  expect((await loser.ending).how).toBe('ECONNRESET');
  await say(spared, 'unharmed');
  expect(inForce(rig, 2)).toEqual([]);
});

it('acts at its time on a connection on which nothing moves at all', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  await rig.addToxic({ type: 'reset_idle', attributes: { after: 200 }, only: { after_ms: 1_000 } });
  const client = await rig.connect(port);
  await expect.poll(() => rig.eventsOf('upstream-open').length).toBe(1);
  const openedAt = rig.eventsOf('open')[0]?.at ?? 0;
  await clock.advance(999);
  expect(struck(rig, 'reset_idle_downstream')).toEqual([]);

  await clock.advance(1);

  expect((await client.ending).how).toBe('ECONNRESET');
  expect(rig.eventsOf('strike')[0]?.at).toBe(openedAt + 1_000);
});

it('begins and ends for all connections at once when counted from the toxic', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  const early = await rig.connect(port);
  await say(early, 'x');
  const only = { since: 'toxic', after_ms: 1_000, for_ms: 1_000 };
  await rig.addToxic({ type: 'latency', name: 'wave', attributes: { latency: 50 }, only });
  await clock.advance(900);
  const late = await rig.connect(port);
  await say(late, 'x');
  expect(struck(rig, 'wave')).toEqual([]);

  await clock.advance(100);
  early.write('a');
  late.write('b');
  await expect.poll(() => struck(rig, 'wave').sort()).toEqual([1, 2]);
  await clock.advance(1_000);

  await say(early, 'through');
  await say(late, 'through');
});

it('lets a client in late: silence at the connect, for a time of each connection', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  await rig.addToxic({ type: 'silence_accept', only: { for_ms: 300 } });
  const first = await rig.connect(port);
  first.write('hello');
  await expect.poll(() => rig.eventsOf('strike', 1).length).toBe(1);
  await clock.advance(200);
  const second = await rig.connect(port);
  await expect.poll(() => rig.eventsOf('strike', 2).length).toBe(1);
  expect(rig.eventsOf('upstream-open')).toEqual([]);

  await clock.advance(100);
  await first.receive(5);
  expect(rig.eventsOf('upstream-open').map(({ connection }) => connection)).toEqual([1]);
  await clock.advance(200);

  await say(second, 'at last');
});

it('refuses connections in a window of the toxic, and serves those before and after', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  const only = { since: 'toxic', after_ms: 1_000, for_ms: 500 };
  await rig.addToxic({ type: 'refuse_connection', only });
  const before = await rig.connect(port);
  await say(before, 'served');

  await clock.advance(1_000);
  const refused = await rig.connect(port).catch(() => undefined);
  if (refused) expect((await refused.ending).how).toBe('ECONNRESET');
  await clock.advance(500);

  await say(await rig.connect(port), 'served again');
  await say(before, 'never noticed');
  expect(struck(rig, 'refuse_connection_downstream')).toEqual([2]);
});

it('does not begin once it was deleted before its time', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  const client = await rig.connect(port);
  await say(client, 'x');
  await rig.addToxic({ type: 'lifetime', attributes: { after: 1 }, only: { after_ms: 1_000 } });
  await rig.api('DELETE', '/proxies/p/toxics/lifetime_downstream');
  await clock.advance(5_000);

  await say(client, 'still here');
  expect(clock.sleepers).toBe(0);
});

it('follows a change of its selector in mid-connection, with strikes and time counted anew', async () => {
  const { rig, clock, port } = await stillRig();
  await using _ = rig;
  const toxic = { type: 'latency', name: 'slow', attributes: { latency: 100 }, only: { nth: [99] } };
  await rig.addToxic(toxic);
  const change = (only: object): Promise<unknown> => rig.api('PATCH', '/proxies/p/toxics/slow', { only });
  const client = await rig.connect(port);
  await say(client, 'untouched');

  await change({ connections: [1], strikes: 1 });
  client.write('slow');
  await expect.poll(() => struck(rig, 'slow')).toEqual([1]);
  await clock.advance(100);
  await client.receive(13);

  await change({ strikes: 0 });
  await say(client, 'fast again');

  await change({ since: 'toxic', after_ms: 200 });
  await say(client, 'not yet');
  await clock.advance(200);
  client.write('now');
  await expect.poll(() => struck(rig, 'slow')).toEqual([1, 1]);

  await change({});
  await clock.advance(100);
  await client.receive(33);
});

it('resets one connection among several at a moment, picked from the list of connections', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  const clients = [await rig.connect(port), await rig.connect(port), await rig.connect(port)];
  for (const client of clients) await say(client, 'hello');
  const [, second] = clients;
  const chosen = rig.server
    .listConnections()
    .find(({ clientPort }) => clientPort === second?.socket.localPort);

  await rig.addToxic({
    type: 'lifetime',
    attributes: { after: 1 },
    only: { connections: [chosen?.connection] },
  });

  expect((await second?.ending)?.how).toBe('ECONNRESET');
  for (const client of clients) if (client !== second) await say(client, 'unharmed');
  expect(rig.eventsOf('strike').map(({ connection }) => connection)).toEqual([2]);
});

it('acts in both directions as one toxic', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [
    { type: 'latency', stream: 'both', attributes: { latency: 60 } },
  ]);
  const client = await rig.connect(port);
  const started = performance.now();
  await say(client, 'there and back');

  expect(performance.now() - started).toBeGreaterThanOrEqual(119);
  const { json } = await rig.api('GET', '/proxies/p/toxics/latency_both');
  expect(json).toMatchObject({ stream: 'both', name: 'latency_both' });
});

it('takes the same share of connections for the same seed, and another for another', async () => {
  const takenWith = async (seed: number): Promise<number[]> => {
    const { rig, port } = await stillRig(seed);
    await using _ = rig;
    await rig.addToxic({ type: 'noop', name: 'half', only: { share: 0.5 } });
    const clients: Client[] = [];
    for (let index = 0; index < 24; index += 1) clients.push(await rig.connect(port));
    await expect.poll(() => rig.eventsOf('upstream-open').length).toBe(24);
    return rig.server
      .listConnections()
      .flatMap(({ connection, toxics }) => (toxics.length ? [connection] : []));
  };
  const first = await takenWith(5);

  expect(await takenWith(5)).toEqual(first);
  expect(await takenWith(6)).not.toEqual(first);
  expect(first.length).toBeGreaterThan(5);
  expect(first.length).toBeLessThan(19);
});
