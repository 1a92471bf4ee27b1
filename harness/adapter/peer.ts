/**
 * What an adapter is tried on: an HTTPS server with WebSocket that does one thing a path, and remembers what reached it.
 *
 *     /echo  /status/503  /slow/1500  /long       answers
 *     /cut  /silent                               takes the request, and answers nothing: by a reset, by waiting
 *     /ws    /ws-refused  /ws-silent              upgrades; says 401; takes the request and waits
 */
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAuthority } from 'shaketable-proxy/certificates';
import { type WebSocket, WebSocketServer } from 'ws';

/** A request that came whole. */
export interface Arrived {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Peer extends AsyncDisposable {
  readonly port: number;
  /** The authority of its certificate, PEM. */
  readonly authority: string;
  readonly requests: readonly Arrived[];
  /** Texts that came over WebSockets. */
  readonly messages: readonly string[];
  /** Connections that are open, by the path that was asked on them last. */
  open(path: string): number;
}

const bodyLimitBytes = 4 * 1024 * 1024;
/** The answer of /long, bytes. */
export const longBytes = 1024 * 1024;

export async function startPeer(): Promise<Peer> {
  const authority = await createAuthority({ name: 'Adapter conformance', now: Date.now() });
  const { chainPem, keyPem } = await authority.issue({ hosts: ['127.0.0.1', 'localhost'] });
  const requests: Arrived[] = [];
  const messages: string[] = [];
  const paths = new Map<Duplex, string>();
  const sockets = new Set<Socket>();
  const timers = new Set<NodeJS.Timeout>();
  const webSockets = new WebSocketServer({ noServer: true });

  // It closes no idle connection by itself: who released one has to.
  const server = createServer(
    { cert: chainPem, key: keyPem, keepAliveTimeout: 120_000 },
    (request, response) => {
      void take(request).then(
        (arrived) => {
          requests.push(arrived);
          paths.set(request.socket, arrived.path);
          answer(arrived, request, response);
        },
        () => response.destroy(),
      );
    },
  );

  function answer({ method, path, body }: Arrived, request: IncomingMessage, response: ServerResponse): void {
    const [, what, detail = ''] = path.split('/');
    switch (what) {
      case 'status':
        return void response.writeHead(Number(detail)).end(JSON.stringify({ status: Number(detail) }));
      case 'slow': {
        const timer = setTimeout(() => response.end('{}'), Number(detail));
        return void timers.add(timer);
      }
      case 'long':
        return void response.end('x'.repeat(longBytes));
      case 'cut':
        return void request.socket.destroy();
      case 'silent':
        return;
      default:
        response.setHeader('content-type', 'application/json').end(JSON.stringify({ method, path, body }));
    }
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const path = pathOf(request);
    paths.set(socket, path);
    socket.on('error', () => {});
    if (path === '/ws-silent') return;
    if (path === '/ws') return webSockets.handleUpgrade(request, socket, head, (ws) => serve(ws, socket));
    socket.end('HTTP/1.1 401 Unauthorized\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  });

  function serve(ws: WebSocket, socket: Duplex): void {
    ws.on('error', () => {});
    ws.on('message', (data) => {
      const text = String(data);
      messages.push(text);
      if (text === 'close') ws.close(1000, 'as asked');
      else if (text === 'drop') socket.destroy();
      else ws.send(`echo: ${text}`);
    });
  }

  server.on('tlsClientError', () => {});
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket) => socket.once('close', () => paths.delete(socket)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    authority: authority.certPem,
    requests,
    messages,
    open: (path) => [...paths.values()].filter((each) => each === path).length,
    async [Symbol.asyncDispose]() {
      for (const timer of timers) clearTimeout(timer);
      for (const client of webSockets.clients) client.terminate();
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

async function take(request: IncomingMessage): Promise<Arrived> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) throw new Error('too long');
    chunks.push(chunk);
  }
  const { method = '', headers } = request;
  return { method, path: pathOf(request), headers, body: Buffer.concat(chunks).toString('utf8') };
}

const pathOf = ({ url = '/' }: IncomingMessage): string => url.split('?')[0] ?? '/';
