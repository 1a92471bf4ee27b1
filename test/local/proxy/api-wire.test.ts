/** Requests as bytes: several in one write, targets in absolute form, names that are not percent-encoded. */
import net from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { Rig } from './rig.ts';

const request = (method: string, target: string, body = '', more = ''): string =>
  `${method} ${target} HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n${more}\r\n${body}`;
const last = 'Connection: close\r\n';

/** Sends the text at once and gives back all that comes until the server ends. */
async function send(rig: Rig, text: string): Promise<string> {
  const socket = net.connect(rig.server.port, '127.0.0.1').on('error', () => {});
  onTestFinished(() => void socket.destroy());
  socket.write(text);
  let read = '';
  for await (const bytes of socket.setEncoding('utf8')) read += bytes;
  return read;
}

const statuses = (answer: string): number[] =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

const proxy = (name: string): string =>
  JSON.stringify({ name, upstream: 'localhost:1', listen: '127.0.0.1:0' });

it('carries out requests of one write in their order, each after the one before', async () => {
  await using rig = await Rig.start();
  const toxic = JSON.stringify({ type: 'noop' });

  const answer = await send(
    rig,
    request('POST', '/proxies', proxy('p')) +
      request('POST', '/proxies/p/toxics', toxic) +
      request('GET', '/proxies/p') +
      request('DELETE', '/proxies/p/toxics/noop_downstream') +
      request('DELETE', '/proxies/p') +
      request('GET', '/proxies/p', '', last),
  );

  expect(statuses(answer)).toEqual([201, 200, 200, 204, 204, 404]);
  expect((await rig.api('GET', '/proxies')).json).toEqual({});
});

it('does not carry out what waited on a connection that is gone', async () => {
  await using rig = await Rig.start();
  const socket = net.connect(rig.server.port, '127.0.0.1').on('error', () => {});
  const streaming = new Promise((resolve) => socket.once('data', resolve));
  socket.write(request('GET', '/events') + request('POST', '/proxies', proxy('p')));
  await streaming;

  socket.destroy();
  await new Promise((resolve) => socket.once('close', resolve));
  await rig.api('GET', '/version');

  expect((await rig.api('GET', '/proxies')).json).toEqual({});
});

it.each([
  ['http://localhost/version', 200],
  ['HTTP://localhost:8474/version?x=1', 200],
  ['https://user@[::1]:1/proxies/none', 404],
  ['http://localhost', 301],
])('takes the target %s in absolute form', async (target, status) => {
  await using rig = await Rig.start();

  const answer = await send(rig, request('GET', target, '', last));

  expect(statuses(answer)).toEqual([status]);
  expect(answer).not.toContain('localhost');
});

it('finds a name in UTF-8 that is not percent-encoded, among other requests of its connection', async () => {
  await using rig = await Rig.start();

  const answer = await send(
    rig,
    request('POST', '/proxies', proxy('größe')) +
      request('GET', '/proxies/größe') +
      request('POST', '/proxies/größe/toxics', JSON.stringify({ type: 'noop', name: '茶' })) +
      request('DELETE', '/proxies/größe/toxics/茶') +
      request('GET', '/proxies/gr%C3%B6%C3%9Fe') +
      request('GET', '/proxies/süß', '', last),
  );

  expect(statuses(answer)).toEqual([201, 200, 200, 204, 200, 404]);
  expect(answer).toContain('proxy not found');
});

it('still refuses other bytes that are no target', async () => {
  await using rig = await Rig.start();

  expect(statuses(await send(rig, 'GET /a\u0001ü HTTP/1.1\r\nHost: a\r\n\r\n'))).toEqual([400]);
  expect(statuses(await send(rig, 'ü / HTTP/1.1\r\nHost: a\r\n\r\n'))).toEqual([400]);
});
