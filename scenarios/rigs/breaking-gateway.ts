/**
 * A gateway that accepts every upgrade and breaks the connection at once. Each one stands in the journal as `server.log`
 * with event `broken_upgrade` and the user.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Matcher, Table } from 'shaketable';
import { type Reference, serverHost } from './reference.ts';

/** RFC 6455, 1.3. */
const magic = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Upgrades that were accepted and broken. */
export const brokenUpgrades = { kind: 'server.log', event: 'broken_upgrade' } as const satisfies Matcher;

/** Starts the gateway behind a link of its own; it is stopped with the table. */
export async function startBreakingGateway(
  table: Table,
  { token }: Reference,
): Promise<{ readonly url: string; readonly token: string }> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost] });
  const sockets = new Set<Duplex>();
  const server = createServer({ cert: chainPem, key: keyPem });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', ({ url = '', headers }, socket) => {
    const user = new URL(url, 'https://gateway').searchParams.get('user');
    const message = `upgrade of ${user} accepted and broken`;
    table.record('server', 'server.log', { level: 'info', event: 'broken_upgrade', message, user });
    const accept = createHash('sha1').update(`${headers['sec-websocket-key']}${magic}`).digest('base64');
    const fields = ['Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept}`];
    socket.end(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n`);
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const link = await table.link('agent→breaking gateway', { host: '127.0.0.1', port });
  return { url: `https://${serverHost}:${link.port}`, token };
}
