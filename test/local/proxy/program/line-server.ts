/** A server that answers each line in capitals, and ends when its client does. */
import { once } from 'node:events';
import net from 'node:net';

export interface LineServer extends AsyncDisposable {
  readonly port: number;
}

export async function serveLines(): Promise<LineServer> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.setEncoding('utf8').on('data', (text: string) => socket.write(text.toUpperCase()));
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
