/** A web server that has nothing to do with the lab's own: whatever it is asked for, it has no such page. */
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Table } from 'shaketable';
import { serverHost } from './reference.ts';

/** Starts it, with a certificate that subjects trust; it is stopped with the table. */
export async function startOtherService(table: Table): Promise<{ host: string; port: number }> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost] });
  const sockets = new Set<Socket>();
  const server = createServer({ cert: chainPem, key: keyPem }, (_request, response) => {
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
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { host: '127.0.0.1', port };
}
