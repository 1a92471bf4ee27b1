/** The HTTP side of the API: routing, headers and error answers, as a Toxiproxy client sees them. */
import { randomBytes } from 'node:crypto';
import type http from 'node:http';
import type net from 'node:net';
import path from 'node:path/posix';
import { resolveListen } from '../core/address.ts';
import { ApiError } from '../core/api-error.ts';
import { type Clock, withDeadline } from '../core/clock.ts';
import { parseJson } from '../core/json.ts';
import type { ApiLimits } from '../core/limits.ts';
import { createServer } from '../core/node-http.ts';
import { mostWaiting } from '../core/sockets.ts';
import type { ProxySurroundings } from '../engine/fault-proxy.ts';
import { BodyReader } from './body.ts';
import { keepRoom } from './connection-room.ts';
import type { EarlyListener } from './early-listener.ts';
import { encodeJson } from './encode.ts';
import { streamEvents } from './event-stream.ts';
import { answerBadRequests } from './refusals.ts';
import { RequestOrder } from './request-order.ts';
import { type Answer, type Call, findRoute, type Match, type Served } from './routes.ts';
import { Turns } from './turns.ts';

const plain = 'text/plain; charset=utf-8';
/** In the path; what the query holds does not matter. */
const brokenEscape = /^[^?]*%(?![\da-f]{2})/i;

/** A listening API. */
export interface StartedApi {
  readonly port: number;
  /** Stops listening and closes its connections. */
  close(): Promise<void>;
}

interface ApiOptions {
  /** `host:port`; a name is looked up, IPv4 preferred, and no host is every interface. */
  readonly address: string;
  /** What listens there already; undefined where nothing does. */
  readonly early: EarlyListener | undefined;
  readonly clock: Clock;
  readonly limits: ApiLimits;
  readonly log: ProxySurroundings['log'];
}

/** Serves the API. Rejects when the address cannot be bound. */
export async function startApi(served: Served, options: ApiOptions): Promise<StartedApi> {
  const { limits } = options;
  const server = createServer({
    headersTimeout: limits.requestMs,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.idleMs,
    connectionsCheckingInterval: Math.min(1_000, limits.requestMs / 4),
    maxHeaderSize: limits.headBytes,
    requireHostHeader: false,
    keepAlive: true,
  });
  keepRoom(server, limits.connections);
  const order = new RequestOrder();
  const api = new Api(served, order, options);
  server.on('request', (request, response) => api.handle(request, response));
  answerBadRequests(server, order, options.clock);

  const { host, port } = await resolveListen(options.address);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('listening', resolve).once('error', reject);
  if (options.early) options.early.handOver(server);
  else server.listen({ port, backlog: mostWaiting, ...(host !== '' && { host }) });
  await promise;
  return { port: (server.address() as net.AddressInfo).port, close: () => closeServer(server) };
}

async function closeServer(server: http.Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeAllConnections();
  await promise;
}

class Api {
  readonly #served: Served;
  readonly #options: ApiOptions;
  readonly #bodies: BodyReader;
  readonly #order: RequestOrder;
  readonly #turns = new Turns();

  constructor(served: Served, order: RequestOrder, options: ApiOptions) {
    this.#order = order;
    this.#served = served;
    this.#options = options;
    this.#bodies = new BodyReader(options.limits);
  }

  handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.#logAccess(request, response);
    this.#inTurn(request, response).catch((error: unknown) => {
      if (!request.errored) this.#options.log('error', 'API request failed', { url: request.url, error });
      response.destroy();
    });
  }

  async #inTurn(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    await this.#order.turn(request, response);
    await this.#turns.next();
    await this.#route(request, response);
  }

  async #route(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    if (request.headers.host === undefined && request.httpVersion === '1.1')
      return refuse(response, ': missing required Host header');
    if (brokenEscape.test(request.url ?? '')) return refuse(response);
    const wanted = decodePath(request.url ?? '/');
    const cleaned = path.normalize(wanted.startsWith('/') ? wanted : `/${wanted}`);
    if (cleaned !== wanted) return void response.writeHead(301, { Location: encodeURI(cleaned) }).end();
    const match = findRoute(request.method ?? '', wanted, this.#served);
    if (!match) return respond(response, { status: 404, body: '404 page not found\n', contentType: plain });
    if (!match.operation) return void response.writeHead(405).end();

    response.setHeader('X-Toxiproxy-Request-Id', requestId());
    if (request.headers['user-agent']?.startsWith('Mozilla/')) {
      return respond(response, { status: 403, body: 'User agent not allowed\n', contentType: plain });
    }
    const answer = await this.#inTime(this.#answer(match, request));
    if (typeof answer === 'function') answer(response);
    else respond(response, answer);
  }

  async #answer(match: Match, request: http.IncomingMessage): Promise<Answer | Call['streamEvents']> {
    const { broadcast } = this.#served;
    const { clock, limits } = this.#options;
    try {
      const call = {
        ...this.#served,
        ...match,
        body: async () => parseJson(await this.#bodies.read(request)),
        streamEvents: (response: http.ServerResponse) =>
          streamEvents(response, { broadcast, clock, lagBytes: limits.lagBytes }),
      };
      return (await match.operation?.(call)) ?? { status: 405 };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      const body = `${encodeJson({ error: error.message, status: error.status })}\n`;
      return { status: error.status, body, contentType: plain };
    }
  }

  /** Answers 503 when an operation takes too long; it goes on. */
  async #inTime<T>(operation: Promise<T>): Promise<T | Answer> {
    const { clock, limits } = this.#options;
    return withDeadline(clock, limits.operationMs, operation, () => ({
      status: 503,
      body: '<html><head><title>Timeout</title></head><body><h1>Timeout</h1></body></html>',
      contentType: 'text/html; charset=utf-8',
    }));
  }

  #logAccess(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { clock, log } = this.#options;
    const begun = clock.now();
    const { remoteAddress, remotePort } = request.socket;
    response.once('finish', () =>
      log('debug', 'request', {
        request_id: response.getHeader('X-Toxiproxy-Request-Id'),
        client: `${remoteAddress}:${remotePort}`,
        method: request.method,
        url: request.url,
        user_agent: request.headers['user-agent'],
        status: response.statusCode,
        size: Number(response.getHeader('Content-Length') ?? 0),
        duration: clock.now() - begun,
      }),
    );
  }
}

function respond(
  response: http.ServerResponse,
  { status, body, contentType = 'application/json' }: Answer,
): void {
  if (response.headersSent) return;
  if (body === undefined) return void response.writeHead(status).end();
  response.setHeader('Content-Type', contentType);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (contentType === plain) response.setHeader('X-Content-Type-Options', 'nosniff');
  response.writeHead(status).end(body);
}

/** Answers what is no request, in the words of Go's HTTP server, and closes. */
function refuse(response: http.ServerResponse, reason = ''): void {
  response.setHeader('Connection', 'close');
  response.writeHead(400, { 'Content-Type': plain });
  response.end(`400 Bad Request${reason}`);
}

/** What stands before the path in the absolute form of a request's target (RFC 9112, section 3.2.2). */
const authority = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*/i;

/** Decoded as a whole before it is split, as the real server does: a `/` inside a name cannot be addressed. */
function decodePath(url: string): string {
  const [raw = '/'] = url.replace(authority, '').split('?', 1);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}

/** Twenty characters of base 32, fresh for each request. */
function requestId(): string {
  return [...randomBytes(20)].map((byte) => (byte % 32).toString(32)).join('');
}
