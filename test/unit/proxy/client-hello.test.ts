import { type Duplex, duplexPair } from 'node:stream';
import { expect, it } from 'vitest';
import type { ClientHello } from '../../../proxy/protocols/tls-hello.ts';
import { readClientHello } from '../../../proxy/tls/client-hello.ts';
import { recordHandshake } from './protocols/recorded-handshake.ts';

const { flights } = await recordHandshake();
const hello = flights[0]?.bytes ?? Buffer.alloc(0);

/** What was read or how the client left, and the socket afterwards. */
function reading(): { client: Duplex; socket: Duplex; outcome: Promise<ClientHello | string | undefined> } {
  const [client, socket] = duplexPair();
  const { promise, resolve } = Promise.withResolvers<ClientHello | string | undefined>();
  readClientHello(socket, { read: resolve, gone: resolve });
  return { client, socket, outcome: promise };
}

it.each([
  1, 7, 100, 100_000,
])('reads a ClientHello in pieces of %s bytes and puts all of it back', async (size) => {
  const { client, socket, outcome } = reading();
  const more = Buffer.concat([hello, Buffer.from('early')]);
  for (let at = 0; at < more.length; at += size) client.write(more.subarray(at, at + size));

  expect(await outcome).toMatchObject({ serverName: 'server.test', alpn: ['h2', 'http/1.1'] });
  const rest: Buffer[] = [];
  client.end();
  for await (const bytes of socket) rest.push(bytes as Buffer);
  expect(Buffer.concat(rest)).toEqual(more);
});

it.each([
  ['what is no TLS', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['an alert', Buffer.from('15030100020228', 'hex')],
  ['a record without end', Buffer.from('1603010000'.repeat(20_000), 'hex')],
  [
    'a malformed ClientHello',
    Buffer.concat([Buffer.from('160301000501000001ff', 'hex'), Buffer.from([23, 3, 3, 0, 0])]),
  ],
])('leaves %s to the TLS library', async (_, bytes) => {
  const { client, socket, outcome } = reading();
  client.write(bytes);

  expect(await outcome).toBeUndefined();
  expect(socket.isPaused()).toBe(true);
  expect(socket.read(5)).toEqual(bytes.subarray(0, 5));
});

it('says when the client leaves before', async () => {
  const ended = reading();
  ended.client.end(hello.subarray(0, 20));
  expect(await ended.outcome).toBe('fin');

  const broken = reading();
  broken.socket.destroy(new Error('read ECONNRESET'));
  expect(await broken.outcome).toBe('reset');
});
