/** Toxics of whole connections and of time, over real sockets: what each end sees on the wire. */
import { randomBytes } from 'node:crypto';
import { expect, it, vi } from 'vitest';
import { watchStalls } from '../../support/stalls.ts';
import { orSaySkipped } from './programs.ts';
import { observed, Rig, say, staysOpen } from './rig.ts';

it('lifetime resets a connection in the middle of steady traffic', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream, [{ type: 'lifetime', attributes: { after: 250 } }]);
  const stalledMs = watchStalls();
  const client = await rig.connect(port);
  const traffic = setInterval(() => client.write('tick'), 10);
  const { how, atMs } = await client.ending;
  clearInterval(traffic);

  expect(['ECONNRESET', 'EPIPE']).toContain(how);
  expect(atMs).toBeGreaterThanOrEqual(245);
  expect(atMs).toBeLessThan(1_500 + stalledMs());
  expect(client.receivedBytes).toBeGreaterThan(0);
  await expect.poll(() => seen.ends).toEqual(['ECONNRESET']);
  expect(rig.eventsOf('close')).toMatchObject([{ end: 'reset', by: 'toxic' }]);
});

it('lifetime closes a connection that is full to the brim, since its reader does not read', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => socket.write(Buffer.alloc(32 * 1024 * 1024)));
  const port = await rig.proxy(upstream, [{ type: 'lifetime', attributes: { after: 300 } }]);
  const client = await rig.connect(port);
  client.socket.pause();
  await expect.poll(() => rig.eventsOf('close'), { timeout: 5_000 }).toMatchObject([{ end: 'reset' }]);

  expect(rig.eventsOf('close')[0]?.ageMs).toBeGreaterThanOrEqual(295);
});

it('cut delivers exactly so many bytes of a large answer, also through a toxic behind it', async () => {
  for (const action of ['reset', 'close']) {
    await using rig = await Rig.start();
    const answer = randomBytes(3_000_000);
    const upstream = await rig.serve((socket) => socket.once('data', () => socket.write(answer)));
    const port = await rig.proxy(upstream, [
      { type: 'cut', attributes: { bytes: 1_234_567, action } },
      { type: 'latency', attributes: { latency: 40 } },
    ]);
    const client = await rig.connect(port);
    const received: Buffer[] = [];
    client.socket.on('data', (bytes: Buffer) => received.push(bytes));
    client.write('go');
    await client.ending;

    expect(Buffer.concat(received).equals(answer.subarray(0, 1_234_567))).toBe(true);
    client.destroy();
    const end = action === 'reset' ? 'reset' : 'fin';
    await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end, by: 'toxic' }]);
  }
});

it.skipIf(!orSaySkipped(process.platform === 'linux', 'only Linux tells what a socket has not sent'))(
  'cut that resets waits for a receiver that reads late',
  async () => {
    await using rig = await Rig.start();
    const answer = randomBytes(3_000_000);
    const upstream = await rig.serve((socket) => socket.once('data', () => socket.write(answer)));
    const port = await rig.proxy(upstream, [{ type: 'cut', attributes: { bytes: 600_000 } }]);
    const client = await rig.connect(port);
    client.socket.pause();
    client.write('go');
    await expect.poll(() => rig.eventsOf('strike')).toHaveLength(1);
    expect(await staysOpen(client)).toBe(true);
    client.socket.resume();

    expect((await client.ending).how).toBe('ECONNRESET');
    expect(client.text === answer.subarray(0, 600_000).toString('latin1')).toBe(true);
  },
);

it('cut at 0 resets a connection at its next write, however long that takes to come', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream);
  const client = await rig.connect(port);
  await say(client, 'before');
  await rig.addToxic({ type: 'cut', stream: 'upstream' });
  expect(await staysOpen(client)).toBe(true);

  client.write('never arrives');

  expect((await client.ending).how).toBe('ECONNRESET');
  expect(seen.bytes).toBe(6);
});

it('cut that stalls keeps the connection open and loses nothing when lifted', async () => {
  await using rig = await Rig.start();
  const { port: upstream } = await observed(rig);
  const client = await rig.connect(
    await rig.proxy(upstream, [{ type: 'cut', attributes: { bytes: 3, action: 'stall' } }]),
  );
  client.write('abcdef');
  await client.receive(3);
  expect(await staysOpen(client)).toBe(true);
  expect(client.text).toBe('abc');

  await rig.api('DELETE', '/proxies/p/toxics/cut_downstream');

  await client.receive(6);
  expect(client.text).toBe('abcdef');
});

it('half_open resets the server, while the client never learns of it', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const client = await rig.connect(await rig.proxy(upstream));
  await say(client, 'hello');

  await rig.addToxic({ type: 'half_open' });

  await expect.poll(() => seen.ends).toEqual(['ECONNRESET']);
  client.write('anyone?');
  expect(await staysOpen(client)).toBe(true);
  expect(seen.bytes).toBe(5);
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'the server is gone' }]);
});

it('half_open answers what the client still sends by RST when told to', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const attributes = { gone_by: 'close', answer: 'reset' };
  const client = await rig.connect(await rig.proxy(upstream, [{ type: 'half_open', attributes }]));
  await expect.poll(() => seen.ends).toEqual(['end']);
  expect(await staysOpen(client)).toBe(true);

  client.write('anyone?');

  expect((await client.ending).how).toBe('ECONNRESET');
});

it('half_open leaves a server with a client that is gone, in mid-stream', async () => {
  await using rig = await Rig.start();
  const { port: upstream, seen } = await observed(rig);
  const port = await rig.proxy(upstream, [
    { type: 'half_open', stream: 'upstream', attributes: { gone: 'client' }, only: { from_bytes: 10 } },
  ]);
  const client = await rig.connect(port);
  client.write('0123456789abc');

  expect((await client.ending).how).toBe('ECONNRESET');
  await expect.poll(() => seen.bytes).toBe(10);
  expect(rig.server.listConnections()).toMatchObject([{ state: 'forgotten' }]);
  expect(seen.ends).toEqual([]);
});

it('blackhole keeps it from a client that the server reset the connection, whatever it sends', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => socket.once('data', () => socket.resetAndDestroy()));
  const client = await rig.connect(await rig.proxy(upstream, [{ type: 'blackhole' }]));
  client.write('reset me');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);

  for (const text of ['still', 'there', '?']) client.write(text);

  expect(await staysOpen(client)).toBe(true);
  client.socket.resetAndDestroy();
  await expect.poll(() => rig.eventsOf('close')).toHaveLength(1);
});

it('bandwidth_shared gives connections together what bandwidth gives each', async () => {
  const timeFor = async (type: string): Promise<number> => {
    await using rig = await Rig.start();
    const upstream = await rig.serve((socket) => socket.once('data', () => socket.end(Buffer.alloc(60_000))));
    const port = await rig.proxy(upstream, [{ type, attributes: { rate: 300 } }]);
    const clients = [await rig.connect(port), await rig.connect(port), await rig.connect(port)];
    const started = performance.now();
    for (const client of clients) client.write('go');
    await Promise.all(clients.map((client) => client.receive(60_000)));
    return performance.now() - started;
  };

  // 60 kB at 300 kB/s are 200 ms; 180 kB are 600.
  const [each, together] = [await timeFor('bandwidth'), await timeFor('bandwidth_shared')];
  expect(each).toBeGreaterThanOrEqual(195);
  expect(each).toBeLessThan(550);
  expect(together).toBeGreaterThanOrEqual(590);
  expect(together).toBeLessThan(1_500);
});

it('bandwidth_shared keeps nobody waiting for those that have left', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [
    { type: 'bandwidth_shared', attributes: { rate: 1 } },
  ]);
  for (let number = 1; number <= 3; number += 1) {
    const leaving = await rig.connect(port);
    leaving.write(Buffer.alloc(1_460));
    await vi.waitFor(() => expect(rig.eventsOf('strike', number)).toHaveLength(1));
    leaving.socket.resetAndDestroy();
    await vi.waitFor(() => expect(rig.eventsOf('close', number)).toHaveLength(1));
  }
  const client = await rig.connect(port);
  const stalledMs = watchStalls();
  client.write('hi');
  const answeredMs = await client.receive(2);

  // Those that left had 1.5 s each before them.
  expect(answeredMs).toBeLessThan(1_400 + stalledMs());
});

it('latency_distribution delays answers as its trace says, in order', async () => {
  await using rig = await Rig.start();
  const { port: upstream } = await observed(rig);
  const attributes = { distribution: 'trace', trace: '120, 0, 60' };
  const client = await rig.connect(await rig.proxy(upstream, [{ type: 'latency_distribution', attributes }]));
  const times: number[] = [];
  const stalledMs = watchStalls();
  for (const message of ['a', 'b', 'c']) {
    const started = performance.now();
    await say(client, message);
    times.push(performance.now() - started);
  }
  const [first = 0, second = 0, third = 0] = times;

  expect(first).toBeGreaterThanOrEqual(119);
  expect(second).toBeLessThan(60 + stalledMs());
  expect(third).toBeGreaterThanOrEqual(59);
});

it('network_profile slows a round trip and a download as its figures say', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => socket.on('data', () => socket.write(Buffer.alloc(30_000))));
  const profile = { type: 'network_profile', attributes: { profile: '3g_fast' } };
  const client = await rig.connect(await rig.proxy(upstream, [profile]));
  const stalledMs = watchStalls();
  client.write('go');
  const tookMs = await client.receive(30_000);

  // A round trip of 150 ms, and 30,000 bytes at 1.6 Mbit/s are 150 ms more.
  expect(tookMs).toBeGreaterThanOrEqual(298);
  expect(tookMs).toBeLessThan(1_000 + stalledMs());
});

it('packet_loss carries every byte of a download, later', async () => {
  await using rig = await Rig.start();
  const sent = randomBytes(2_000_000);
  const upstream = await rig.serve((socket) => socket.end(sent));
  const toxic = { type: 'packet_loss', attributes: { loss_rate: 0.2, rto: 20 } };
  const client = await rig.connect(await rig.proxy(upstream, [toxic]));
  const received: Buffer[] = [];
  client.socket.on('data', (bytes: Buffer) => received.push(bytes));
  await client.ending;

  expect(Buffer.concat(received).equals(sent)).toBe(true);
  expect(rig.eventsOf('strike').length).toBeGreaterThan(0);
});

it('corrupt damages the same bytes for the same seed, and no others', async () => {
  const damaged = async (seed: number): Promise<string> => {
    await using rig = await Rig.start({ seed });
    const upstream = await rig.serve((socket) => socket.end(Buffer.alloc(100_000)));
    const toxic = { type: 'corrupt', attributes: { probability: 0.00002 } };
    const client = await rig.connect(await rig.proxy(upstream, [toxic]));
    await client.ending;
    expect(client.receivedBytes).toBe(100_000);
    return [...Buffer.from(client.text, 'latin1').entries()].filter(([, byte]) => byte !== 0).join(' ');
  };
  const first = await damaged(1);

  expect(first.split(' ').length).toBeGreaterThan(5);
  expect(await damaged(1)).toBe(first);
  expect(await damaged(2)).not.toBe(first);
});
