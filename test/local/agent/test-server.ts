/**
 * A small HTTPS server that answers as the agent's server does, counts what reaches it, and misbehaves on demand.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { type Identity, testCertificates } from './certificates.ts';

/** A request that reached the server. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly connection: number;
}

/** Answers a request in place of the usual answer; returns false to leave it to that. */
export type Override = (request: SeenRequest, response: ServerResponse, socket: Socket) => boolean;

/** A running server. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: SeenRequest[];
  /** TLS handshakes that were completed. */
  readonly handshakes: number;
  /** Takes effect for the requests from now on. */
  override: Override | undefined;
  requestsTo(path: string | RegExp): SeenRequest[];
}

/** How the server is set up. */
export interface TestServerOptions {
  readonly identity?: Identity;
  /** Time-out for idle connections, announced to clients. @default 60000 */
  readonly keepAliveMs?: number;
  /** @default 0, a free one */
  readonly port?: number;
}

/** Starts a server on a free port of 127.0.0.1. */
export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const identity = options.identity ?? (await testCertificates()).server;
  const server = createServer({ ...identity, keepAliveTimeout: options.keepAliveMs ?? 60_000 });
  const sockets = new Set<Socket>();
  const numbers = new WeakMap<object, number>();
  let handshakes = 0;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket) => {
    handshakes += 1;
    numbers.set(socket, handshakes);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.on('request', (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const seen = { method, path, headers, body, connection: numbers.get(request.socket) ?? 0 };
      handle.requests.push(seen);
      if (handle.override?.(seen, response, request.socket) !== true) answer(seen, response);
    });
    request.on('error', () => {});
  });
  await listen(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;

  const handle: TestServer = {
    url: `https://127.0.0.1:${port}`,
    port,
    requests: [],
    get handshakes() {
      return handshakes;
    },
    override: undefined,
    requestsTo: (path) =>
      handle.requests.filter((seen) =>
        typeof path === 'string' ? seen.path === path : path.test(seen.path),
      ),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
  return handle;
}

const listen = (server: Server, port: number): Promise<void> =>
  new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));

/** Sends JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown, headers = {}): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

const healthy = {
  status: 'ok',
  database: { ok: true, latencyMs: 1 },
  load: { active: 1, waiting: 0, limit: 100 },
  eventLoopLagMs: 1,
};

function answer({ method, path }: SeenRequest, response: ServerResponse): void {
  if (path === '/health') sendJson(response, 200, healthy);
  else if (path === '/api/agents/register') sendJson(response, 200, { agentId: 'agent-1' });
  else if (path === '/api/fleet/report') sendJson(response, 200, { accepted: true, duplicate: false });
  else if (path.endsWith('/commands')) sendJson(response, 200, { commands: [] });
  else if (path.endsWith('/config')) sendJson(response, 200, {});
  else if (path.endsWith('/heartbeat') && method === 'POST') sendJson(response, 200, { status: 'online' });
  else sendJson(response, 404, { error: 'Not found' });
}
