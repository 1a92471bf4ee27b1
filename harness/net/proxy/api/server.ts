/** The HTTP side of the API: routing, headers, bodies and error answers, as a Toxiproxy client sees them. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';
import path from 'node:path/posix';
import type { ProxySurroundings } from '../plane/fault-proxy.ts';
import type { Registry } from '../registry.ts';
import { encodeJson } from './encode.ts';
import { ApiError, bodyTooLarge } from './errors.ts';
import { type Json, parseJson } from './json.ts';
import { type Answer, findRoute, type Match } from './routes.ts';

const LARGEST_BODY = 16 * 1024 * 1024;
const PLAIN = 'text/plain; charset=utf-8';

/** A listening API. */
export interface StartedApi {
  readonly port: number;
  /** Stops listening and closes its connections. */
  close(): Promise<void>;
}

/** Serves `registry` on `host`:`port`. Rejects when the address cannot be bound. */
export async function startApi(
  registry: Registry,
  { host, port }: { readonly host: string; readonly port: number },
  log: ProxySurroundings['log'],
): Promise<StartedApi> {
  const server = http.createServer((request, response) => {
    response.on('finish', () =>
      log('debug', 'request', { method: request.method, url: request.url, status: response.statusCode }),
    );
    handle(registry, request, response).catch((error: unknown) => {
      log('error', 'API request failed', { method: request.method, url: request.url, error });
      response.destroy();
    });
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  server.listen({ host, port });
  await promise;
  return { port: (server.address() as net.AddressInfo).port, close: () => closeServer(server) };
}

async function closeServer(server: http.Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

async function handle(
  registry: Registry,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const wanted = decodePath(request.url ?? '/');
  const cleaned = cleanPath(wanted);
  if (cleaned !== wanted) return void response.writeHead(301, { Location: encodeURI(cleaned) }).end();
  const match = findRoute(request.method ?? '', wanted);
  if (!match) return void response.writeHead(404, { 'Content-Type': PLAIN }).end('404 page not found\n');
  if (!match.operation) return void response.writeHead(405).end();

  response.setHeader('X-Toxiproxy-Request-Id', requestId());
  if (request.headers['user-agent']?.startsWith('Mozilla/')) {
    response.writeHead(403, { 'Content-Type': PLAIN, 'X-Content-Type-Options': 'nosniff' });
    return void response.end('User agent not allowed\n');
  }
  respond(response, await answer(registry, match, request));
}

async function answer(registry: Registry, match: Match, request: http.IncomingMessage): Promise<Answer> {
  try {
    const { proxyName, toxicName } = match;
    const call = { registry, proxyName, toxicName, body: () => readBody(request) };
    return (await match.operation?.(call)) ?? { status: 405 };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const body = `${encodeJson({ error: error.message, status: error.status })}\n`;
    return { status: error.status, body, contentType: PLAIN };
  }
}

function respond(
  response: http.ServerResponse,
  { status, body, contentType = 'application/json' }: Answer,
): void {
  if (body === undefined) return void response.writeHead(status).end();
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (contentType === PLAIN) response.setHeader('X-Content-Type-Options', 'nosniff');
  response.writeHead(status).end(body);
}

/** Decoded as a whole before it is split, as the real server does: a `/` inside a name cannot be addressed. */
function decodePath(url: string): string {
  const [raw = '/'] = url.split('?', 1);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

function cleanPath(wanted: string): string {
  return path.normalize(wanted.startsWith('/') ? wanted : `/${wanted}`);
}

async function readBody(request: http.IncomingMessage): Promise<Json> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > LARGEST_BODY) throw bodyTooLarge(LARGEST_BODY);
    parts.push(part);
  }
  return parseJson(Buffer.concat(parts).toString('utf8'));
}

/** Twenty characters of base 32, fresh for each request. */
function requestId(): string {
  return [...randomBytes(20)].map((byte) => (byte % 32).toString(32)).join('');
}
