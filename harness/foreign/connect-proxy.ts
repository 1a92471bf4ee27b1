/**
 * An HTTP proxy for programs with a built-in URL: what they tunnel to their server by CONNECT goes over the lab's link. Anything else is
 * refused and journalled, since nothing that the lab plays may leave the machine unnoticed.
 *
 *   subject ──CONNECT api.example:443──► this ──agent→server──► server
 */
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from 'node:net';
import { resetStream } from 'shaketable-proxy';
import type { Link } from '../worlds/link.ts';
import type { Table } from '../worlds/table.ts';

/** Longest head of a request. */
const mostHead = 16 * 1024;

/** Starts it; it is stopped with the table. `host` is the server that tunnels may lead to, or undefined for whatever they name. */
export async function startConnectProxy(table: Table, link: Link, host?: string): Promise<string> {
  const open = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    open.add(socket);
    return socket.on('error', () => socket.destroy()).once('close', () => open.delete(socket));
  };
  const server = createServer((client) => {
    keep(client);
    let head = '';
    const read = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end === -1 && head.length < mostHead) return;
      client.off('data', read).pause();
      const [, named = '', port = ''] =
        /^CONNECT ([^\s:]+|\[[^\]]+\]):(\d+) HTTP\/1\.[01]\r\n/i.exec(head) ?? [];
      const isMeant = named !== '' && (host === undefined || named === host);
      table.note('tunnel', { host: named, port: Number(port), isMeant });
      if (!isMeant) {
        const why = named === '' ? '400 Bad Request' : '403 Forbidden';
        return void client.end(`HTTP/1.1 ${why}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
      }
      const upstream = keep(connectTcp({ host: link.host, port: link.port, noDelay: true }));
      upstream.once('connect', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(Buffer.from(head.slice(end + 4), 'latin1'));
        client.pipe(upstream).pipe(client);
      });
      // A reset stays a reset.
      upstream.once('close', () => (upstream.errored ? resetStream(client) : client.end()));
      client.once('close', () => (client.errored ? resetStream(upstream) : upstream.end()));
    };
    client.on('data', read);
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
