/** A web server that has nothing to do with the lab's own: whatever it is asked for, it has no such page. */
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Table } from 'shaketable';
import { serverHost } from './reference.ts';

/** Starts it, by default with a certificate that subjects trust; it is stopped with the table. What it is asked for is in the journal. */
export async function startOtherService(
  table: Table,
  identity?: { readonly chainPem: string; readonly keyPem: string },
): Promise<{ host: string; port: number }> {
  const hosts = [serverHost, 'localhost', '127.0.0.1'];
  const { chainPem, keyPem } = identity ?? (await table.authority.issue({ hosts }));
  const sockets = new Set<Socket>();
  const server = createServer({ cert: chainPem, key: keyPem }, ({ method, url }, response) => {
    const message = `${method} ${url?.split('?', 1)[0]} 404`;
    table.record('server', 'server.log', {
      level: 'info',
      event: 'other_request',
      message,
      method,
      status: 404,
    });
    response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404 Not Found</h1>');
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  table.record('server', 'server.log', { level: 'info', event: 'other_service', message: 'listens' });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port };
}
