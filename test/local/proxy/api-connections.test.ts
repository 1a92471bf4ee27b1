/** `GET /connections`: each connection with its bytes, protocol, TLS, toxics, strikes and end. */
import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import type { ListedConnection } from '../../../proxy/index.ts';
import { Rig } from './rig.ts';
import { startTlsServer, visit } from './tls-rig.ts';

const list = async (rig: Rig): Promise<ListedConnection[]> =>
  (await rig.api('GET', '/connections')).json as ListedConnection[];

it.each([
  { toxic: { type: 'half_open' }, bytes: 3 },
  { toxic: { type: 'half_open', attributes: { gone: 'client' } }, bytes: 3, gone: true },
  { toxic: { type: 'lifetime', attributes: { after: 1, action: 'forget' } }, bytes: 3 },
  { toxic: { type: 'blackhole', stream: 'both' }, bytes: 3 },
  { toxic: { type: 'silence_accept' }, bytes: 0 },
  { toxic: { type: 'noop' }, bytes: 3 },
])('tells what a client sends and that it resets, under $toxic', async ({ toxic, bytes, gone }) => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serveEcho(), [toxic]));
  if (gone) return expect((await client.ending).how).toBe('ECONNRESET');
  // Two of them strike bytes alone.
  const first = /noop|blackhole/.test(toxic.type) ? 0 : 1;
  await expect.poll(async () => (await list(rig))[0]?.strikes.length).toBe(first);
  client.write('abc');
  await expect.poll(async () => (await list(rig))[0]?.receivedUp).toBe(bytes);

  client.socket.resetAndDestroy();

  await expect.poll(() => rig.eventsOf('end')).toMatchObject([{ side: 'client', how: 'reset' }]);
  expect((await list(rig))[0]).toMatchObject({ clientEnd: { how: 'reset' }, receivedUp: bytes });
});

it('tells addresses, bytes of both directions, toxics and strikes of an open connection', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const port = await rig.proxy(echo, [
    { type: 'latency', stream: 'upstream', attributes: { latency: 1 } },
    { type: 'noop', only: { nth: [2] } },
  ]);
  const client = await rig.connect(port);
  client.write('abc');
  await client.receive(3);

  const [connection, ...rest] = await list(rig);

  expect(rest).toEqual([]);
  expect(connection).toMatchObject({
    id: 'p:1',
    proxy: 'p',
    listen: `127.0.0.1:${port}`,
    upstream: `127.0.0.1:${echo}`,
    connection: 1,
    state: 'open',
    clientAddress: '127.0.0.1',
    clientPort: client.socket.localPort,
    localPort: expect.any(Number),
    serverAddress: '127.0.0.1',
    serverPort: echo,
    receivedUp: 3,
    bytesUp: 3,
    receivedDown: 3,
    bytesDown: 3,
    protocol: 'unknown',
    toxics: ['latency_upstream'],
    strikes: [{ toxic: 'latency_upstream', toxicType: 'latency', count: 1, reached: 1 }],
  });
  expect(connection?.ageMs).toBeGreaterThan(0);
  expect(connection?.idleMs).toBeLessThanOrEqual(connection?.ageMs ?? 0);
  expect(connection).not.toHaveProperty('end');
  expect((await rig.api('GET', '/connections/p:1')).json).toMatchObject({ id: 'p:1', bytesUp: 3 });
});

it('keeps connections that have ended, with their end, and what toxics took from them', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [{ type: 'limit_data', attributes: { bytes: 2 } }]);
  const client = await rig.connect(port);
  client.write('abcde');
  await client.ending;
  client.destroy();
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  expect(await list(rig)).toMatchObject([
    {
      id: 'p:1',
      state: 'closed',
      receivedUp: 5,
      bytesUp: 5,
      receivedDown: 5,
      bytesDown: 2,
      strikes: [{ toxic: 'limit_data_downstream', count: 1, reached: 1 }],
      end: { how: 'fin', by: 'toxic', at: expect.any(Number) },
    },
  ]);
});

it('finds each by its id, also when its proxy was deleted and made again', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  for (const size of [1, 2]) {
    const client = await rig.connect(await rig.proxy(echo, [], 'a/b c'));
    client.write('x'.repeat(size));
    await client.receive(size);
    await rig.server.proxy('a/b c').remove();
    await client.ending;
  }

  for (const number of [1, 2]) {
    const { json } = await rig.api('GET', `/connections/${encodeURIComponent(`a/b c:${number}`)}`);
    expect(json).toMatchObject({ proxy: 'a/b c', bytesUp: number, end: { how: 'stopped', by: 'api' } });
  }
  expect((await list(rig)).map(({ bytesUp }) => bytesUp)).toEqual([2, 1]);
});

it('answers 404 to an id that there is not', async () => {
  await using rig = await Rig.start();
  const { status, json } = await rig.api('GET', '/connections/p:1');

  expect([status, json]).toEqual([404, { error: 'connection not found', status: 404 }]);
});

it('keeps so many ended connections as it is told, says which it no longer does, and still counts their strikes', async () => {
  await using rig = await Rig.start({ keptConnections: 10 });
  const port = await rig.proxy(1, [{ type: 'refuse_connection' }]);
  for (let number = 1; number <= 15; number += 1) {
    const socket = net.connect(port, '127.0.0.1').on('error', () => {});
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await expect.poll(() => rig.eventsOf('close').length).toBe(15);

  const ended = rig.server.listConnections();

  expect(ended).toHaveLength(10);
  expect([ended[0]?.connection, ended.at(-1)?.connection]).toEqual([15, 6]);
  expect((await rig.api('GET', '/connections/p:6')).status).toBe(200);
  expect((await rig.api('GET', '/connections/p:5')).json).toEqual({
    error: 'connection no longer kept: of those that ended, the last 10 are',
    status: 404,
  });
  for (const never of ['p:0', 'p:16', 'p:x', 'q:1']) {
    expect((await rig.api('GET', `/connections/${never}`)).json).toMatchObject({
      error: 'connection not found',
    });
  }
  expect((await rig.api('GET', '/strikes')).json).toMatchObject([
    { proxy: 'p', toxic: 'refuse_connection_downstream', strikes: 15, reached: 15, connections: 15 },
  ]);
});

it('tells a strike at a client that is gone from one that reached it', async () => {
  await using rig = await Rig.start();
  const answer = Promise.withResolvers<void>();
  const upstream = await rig.serve((socket) => {
    socket.on('data', () => answer.promise.then(() => socket.write('answer')));
  });
  // What the client sends is held back, and its RST behind that: the connection outlives the client.
  const port = await rig.proxy(upstream, [
    { type: 'latency', name: 'late', attributes: { latency: 1 } },
    { type: 'stall', stream: 'upstream', only: { from_bytes: 1 } },
  ]);
  const client = await rig.connect(port);
  client.write('xy');
  await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
  client.socket.resetAndDestroy();
  await expect.poll(() => rig.server.listConnections()[0]?.state).toBe('open');
  await new Promise((resolve) => setTimeout(resolve, 50));

  answer.resolve();

  await expect.poll(() => rig.eventsOf('strike').length).toBe(2);
  expect(rig.eventsOf('strike').map(({ toxic, stream, reached }) => [toxic, stream, reached])).toEqual([
    ['stall_upstream', 'upstream', true],
    ['late', 'downstream', false],
  ]);
  expect(rig.server.listConnections()[0]?.strikes).toMatchObject([
    { toxic: 'stall_upstream', count: 1, reached: 1 },
    { toxic: 'late', count: 1, reached: 0 },
  ]);
});

it('tells what was agreed on in TLS', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  await visit(await rig.proxy(server.port), { ALPNProtocols: ['http/1.1'] });
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  const [connection] = await list(rig);

  expect(connection?.protocol).toBe('tls');
  expect(connection?.tls).toMatchObject({
    serverName: 'server.test',
    alpn: ['http/1.1'],
    outcome: 'complete',
    version: 'TLSv1.3',
    cipher: expect.stringMatching(/^0x13/),
    resumed: false,
  });
});

it('tells HTTP from WebSocket by their real clients', async () => {
  await using rig = await Rig.start();
  const server = http.createServer((_request, response) => response.end('ok'));
  const sockets = new WebSocketServer({ server });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    sockets.close();
    server.close();
    server.closeAllConnections();
  });
  const port = await rig.proxy((server.address() as net.AddressInfo).port);

  await (await fetch(`http://127.0.0.1:${port}/`)).text();
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  onTestFinished(() => socket.terminate());
  await once(socket, 'open');

  expect((await list(rig)).map(({ connection, protocol }) => [connection, protocol])).toEqual([
    [1, 'http'],
    [2, 'websocket'],
  ]);
});

it('tells of a client that has ended its side while the server holds the connection', async () => {
  await using rig = await Rig.start();
  const ended = Promise.withResolvers<net.Socket>();
  const port = await rig.proxy(
    await rig.serve((socket) => socket.resume().once('end', () => ended.resolve(socket))),
  );
  const client = await rig.connect(port);
  client.write('hello');
  client.socket.end();
  const server = await ended.promise;

  const [half] = await list(rig);
  expect(half).toMatchObject({ state: 'half-closed', clientEnd: { how: 'fin', at: expect.any(Number) } });
  expect(half).not.toHaveProperty('serverEnd');
  expect(half).not.toHaveProperty('end');
  expect(rig.eventsOf('end')).toMatchObject([{ side: 'client', how: 'fin', proxy: 'p', connection: 1 }]);

  server.end();
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  const [closed] = await list(rig);
  expect(closed).toMatchObject({
    state: 'closed',
    clientEnd: half?.clientEnd,
    serverEnd: { how: 'fin', at: expect.any(Number) },
    end: { how: 'fin' },
  });
  expect(rig.eventsOf('end').map(({ side, how }) => `${side} ${how}`)).toEqual([
    'client fin',
    'upstream fin',
  ]);
});

it('tells a reset of one side as that side’s end alone', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(
    await rig.serve((socket) => socket.once('data', () => socket.resetAndDestroy())),
  );
  const client = await rig.connect(port);
  client.write('reset me');
  expect((await client.ending).how).toBe('ECONNRESET');
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  const [connection] = await list(rig);

  expect(connection).toMatchObject({
    state: 'closed',
    serverEnd: { how: 'reset' },
    end: { how: 'reset', by: 'upstream' },
  });
  expect(connection).not.toHaveProperty('clientEnd');
});

it.each([
  ['silence_accept', { type: 'silence_accept' }, 'silent'],
  ['half_open', { type: 'half_open' }, 'forgotten'],
  ['blackhole', { type: 'blackhole', stream: 'both' }, 'half-closed'],
])('tells of a client that gave up under %s, which gets no answer', async (_name, toxic, state) => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serveEcho(), [toxic]));
  if (toxic.type !== 'blackhole') await expect.poll(() => rig.eventsOf('strike').length).toBe(1);
  client.socket.end();

  await expect.poll(() => rig.eventsOf('end')).toMatchObject([{ side: 'client', how: 'fin' }]);

  expect(await list(rig)).toMatchObject([{ state, clientEnd: { how: 'fin' } }]);
  expect(rig.eventsOf('close')).toEqual([]);
});

it('tells what a toxic does to the sides as no end of theirs', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [{ type: 'limit_data', attributes: { bytes: 2 } }]);
  const client = await rig.connect(port);
  client.write('abcde');
  await client.ending;
  client.destroy();
  await expect.poll(() => rig.eventsOf('close').length).toBe(1);

  expect(rig.eventsOf('end')).toEqual([]);
});
