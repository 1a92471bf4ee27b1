/**
 * A gateway in front of the reference server that asks its clients for time: while it is busy it answers with a status and
 * `Retry-After`, else it passes requests and upgrades on. Each one stands in the journal as `server.log` with event
 * `gateway_request` and `earlyMs`, by how much it came before the time that this client had been told. A client counts as
 * told once it has closed the connection of the answer, so it has read it; what was under way by then, be it only a
 * connection, crossed the answer and is not early.
 *
 *   subject ──► busy gateway ──► reference server
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request as sendRequest } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Matcher, Table } from 'shaketable';
import { passOn } from './gateway.ts';
import { type Reference, serverHost } from './reference.ts';

/** What a busy gateway answers. */
export interface BusyAnswer {
  readonly status: 429 | 503;
  /** Lab time at which clients may come back, in milliseconds. */
  readonly backAtMs: number;
  /** Whether `Retry-After` is a date instead of seconds; default false. */
  readonly asDate?: boolean;
}

export interface BusyGateway {
  readonly url: string;
  readonly token: string;
  /** Answers so from now on and cuts the WebSockets; without an answer it passes everything on again. */
  answer(busy?: BusyAnswer): void;
}

/** What one request asked for, as the journal has it. */
export const gatewayRequests = { kind: 'server.log', event: 'gateway_request' } as const satisfies Matcher;

/** Starts the gateway behind a link of its own; it is stopped with the table. */
export async function startBusyGateway(table: Table, reference: Reference): Promise<BusyGateway> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: [serverHost] });
  const sockets = new Set<Duplex>();
  const upgraded = new Set<Duplex>();
  const backAtMs = new Map<string, number>();
  /** By port of the client: connections that had no request yet when somebody was told. */
  const dialled = new Set<number>();
  const crossing = new Set<number>();
  let busy: BusyAnswer | undefined;

  function told(client: string, untilMs: number): void {
    backAtMs.set(client, untilMs);
    for (const port of dialled) crossing.add(port);
  }

  /** Journals a request and says what it is to be answered; undefined when it is to be passed on. */
  function admit(
    client: 'http' | 'websocket',
    path: string,
    { socket }: IncomingMessage,
  ): Refusal | undefined {
    const nowMs = table.clock.now();
    const port = socket.remotePort ?? 0;
    dialled.delete(port);
    const early = !crossing.delete(port) && backAtMs.get(client);
    const earlyMs = early ? Math.max(0, Math.round(early - nowMs)) : 0;
    const refusal = busy && toRefusal(busy, nowMs);
    if (refusal) {
      // What came in the same turn as the client's FIN comes first.
      socket.once('close', () => setImmediate(told, client, nowMs + refusal.waitMs));
    }
    const answered = refusal ? { status: refusal.status, retryAfter: refusal.retryAfter } : {};
    const message = refusal ? `answered ${refusal.status}` : 'passed on';
    table.record('server', 'server.log', {
      level: 'info',
      event: 'gateway_request',
      message,
      client,
      path,
      earlyMs,
      ...answered,
    });
    return refusal;
  }

  const server = createServer({ cert: chainPem, key: keyPem }, (request, response) => {
    const refusal = admit('http', request.url ?? '', request);
    if (refusal) response.writeHead(refusal.status, headersOf(refusal)).end(body);
    else forward(table, reference, request, response);
  });
  server.keepAliveTimeout = 0;
  server.on('connection', (socket: Socket) => {
    const port = socket.remotePort ?? 0;
    dialled.add(port);
    socket.once('close', () => {
      dialled.delete(port);
      crossing.delete(port);
    });
  });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request, socket, head) => {
    const refusal = admit('websocket', '/ws', request);
    if (refusal) {
      const fields = Object.entries(headersOf(refusal)).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.end(`HTTP/1.1 ${refusal.status} Busy\r\n${fields.join('')}\r\n${body}`);
      return;
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    passOn(table, reference, { request, socket, head });
  });
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const link = await table.link('agent→gateway', { host: '127.0.0.1', port });
  return {
    url: `https://${serverHost}:${link.port}`,
    token: reference.token,
    answer(next) {
      busy = next;
      if (next) for (const socket of upgraded) socket.destroy();
    },
  };
}

const body = JSON.stringify({ error: 'Come back later' });

interface Refusal {
  readonly status: number;
  readonly retryAfter: string;
  readonly waitMs: number;
}

/** Seconds are rounded up, dates down to the second that they can tell: the wait is what was said. */
function toRefusal({ status, backAtMs, asDate = false }: BusyAnswer, nowMs: number): Refusal {
  if (asDate) {
    const wholeMs = Math.floor(backAtMs / 1_000) * 1_000;
    return { status, retryAfter: new Date(wholeMs).toUTCString(), waitMs: Math.max(0, wholeMs - nowMs) };
  }
  const seconds = Math.max(0, Math.ceil((backAtMs - nowMs) / 1_000));
  return { status, retryAfter: String(seconds), waitMs: seconds * 1_000 };
}

function headersOf({ retryAfter }: Refusal): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'Content-Length': String(body.length),
    Connection: 'close',
    'Retry-After': retryAfter,
  };
}

function forward(
  table: Table,
  { server }: Reference,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const { method, url: path, headers } = request;
  const ca = table.authority.certPem;
  const upstream = sendRequest(
    { host: '127.0.0.1', port: server.port, servername: serverHost, ca, agent: false, method, path, headers },
    (answer) => {
      const { connection: _connection, 'keep-alive': _keepAlive, ...fields } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, fields);
      answer.pipe(response);
    },
  );
  upstream.on('error', () => response.destroy());
  request.pipe(upstream);
}
