/** The servers behind the proxies, in one process: an echo and a sink, each in clear and with TLS. */
import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { lastByte } from '../load/proxy/bulk.ts';
import { serveKinds } from './helper.ts';

/** Sends back what it gets. */
function echo(socket: net.Socket): void {
  socket.on('error', () => {});
  socket.on('data', (bytes) => socket.write(bytes));
  socket.on('end', () => socket.end());
}

/** Throws away what it gets, and at the last byte tells in eight how many bytes that were. */
function sink(socket: net.Socket): void {
  let received = 0;
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    received += bytes.length;
    if (bytes.at(-1) !== lastByte) return;
    const count = Buffer.alloc(8);
    count.writeBigUInt64BE(BigInt(received));
    socket.write(count);
  });
  socket.on('end', () => socket.end());
}

async function listen(server: net.Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

serveKinds({
  listen: async ({ key, cert }) => {
    const plain = { allowHalfOpen: true, noDelay: true };
    const secure = { ...plain, key: String(key), cert: String(cert) };
    return {
      echo: await listen(net.createServer(plain, echo)),
      sink: await listen(net.createServer(plain, sink)),
      tlsEcho: await listen(tls.createServer(secure, echo)),
      tlsSink: await listen(tls.createServer(secure, sink)),
    };
  },
});
