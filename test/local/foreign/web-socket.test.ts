/** A WebSocket as a route of a subject file serves it, spoken to by a client that is not ours. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { acceptWebSocket } from '../../../harness/foreign/web-socket.ts';

/** A server whose every upgrade is accepted so. */
async function serve(route: { greeting?: string; echo?: boolean }) {
  const lengths: number[] = [];
  const server = createServer()
    .on('upgrade', (request, socket, head) =>
      acceptWebSocket({ request, socket, head, ...route, onMessage: (bytes) => lengths.push(bytes) }),
    )
    .listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  return {
    client,
    lengths,
    async [Symbol.asyncDispose]() {
      client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

it('greets, and sends back texts and bytes of any length as they came', async () => {
  await using served = await serve({ greeting: 'hello ✓', echo: true });
  const { client, lengths } = served;
  const [greeting] = await once(client, 'message');
  expect(String(greeting)).toBe('hello ✓');

  // The border of each form of a frame's length (RFC 6455, 5.2).
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 200_000]) {
    client.send('x'.repeat(length));
    const [text, isBinary] = await once(client, 'message');
    expect([String(text).length, isBinary]).toEqual([length, false]);
  }
  client.send(Buffer.from([0, 255, 7]));
  const [bytes, isBinary] = await once(client, 'message');
  expect([[...(bytes as Buffer)], isBinary]).toEqual([[0, 255, 7], true]);
  expect(lengths).toEqual([0, 1, 125, 126, 65_535, 65_536, 200_000, 3]);
});

it('answers pings, and closes when it is asked to, with the code that it was given', async () => {
  await using served = await serve({});
  const { client, lengths } = served;
  await once(client, 'open');

  client.ping('are you there');
  const [pong] = await once(client, 'pong');
  client.send('nobody answers this');
  client.close(4001, 'enough');
  const [code] = await once(client, 'close');

  expect(String(pong)).toBe('are you there');
  expect(code).toBe(4001);
  expect(lengths).toEqual([19]);
});

it('takes no message of more than a mebibyte', async () => {
  await using served = await serve({ echo: true });
  const { client, lengths } = served;
  await once(client, 'open');

  client.send('x'.repeat(1024 * 1024 + 1));
  const [code] = await once(client, 'close');

  expect(code).toBe(1006);
  expect(lengths).toEqual([]);
});
