/**
 * The server of a subject that has none: the routes of its file, answered over HTTPS and WebSocket. And the gateway before a server of the
 * user's own, which passes requests on. Both count what they see in the words of the reference server's log (`server.log`, event `request`),
 * so that the same checks hold for all three.
 */
import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Table } from '../worlds/table.ts';
import { Effects } from './effects.ts';
import type { ForeignSubject, GivenServer } from './subject.ts';
import type { Route, RoutesServer } from './subject-file.ts';
import { acceptWebSocket } from './web-socket.ts';

/** Where it listens, and the token that it accepts. */
export interface SubjectServer {
  readonly host: string;
  readonly port: number;
  readonly token: string;
}

/** Bytes of a request's body that are read; what is longer is refused. */
const mostBody = 4 * 1024 * 1024;

/** Starts what answers in the place of a server; it is stopped with the table. Undefined for the reference server, which others start. */
export async function startSubjectServer(
  table: Table,
  subject: ForeignSubject,
): Promise<SubjectServer | undefined> {
  const { server } = subject;
  if (server === 'reference') return undefined;
  if ('routes' in server) {
    const token = `tok${randomUUID().replaceAll('-', '')}`;
    return { ...(await listen(table, subject, new Routes(table, server))), token };
  }
  const token = server.token ?? '';
  if (server.open !== true && subject.tls) {
    const { hostname, port } = new URL(server.url);
    return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 443), token };
  }
  return { ...(await listen(table, subject, new Gateway(table, server))), token };
}

/** What answers requests and upgrades. */
interface Answerer {
  request(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

async function listen(
  table: Table,
  { tls }: ForeignSubject,
  answerer: Answerer,
): Promise<{ host: string; port: number }> {
  const { chainPem, keyPem } = await table.authority.issue({ hosts: ['localhost', '127.0.0.1'] });
  const server = tls ? https.createServer({ cert: chainPem, key: keyPem }) : http.createServer();
  server.keepAliveTimeout = 75_000;
  server.on('request', answerer.request.bind(answerer));
  server.on('upgrade', answerer.upgrade.bind(answerer));
  const sockets = new Set<Duplex>();
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).once('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  server.on('clientError', (_error, socket) => socket.destroy());
  table.serve({
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
}

/** What every request comes to in the journal. */
class RequestLog {
  readonly #table: Table;
  readonly #effects = new Effects();

  constructor(table: Table) {
    this.#table = table;
  }

  /** Journals a request that was answered; `effect` says what tells operations apart, where it has one. */
  add(
    request: IncomingMessage,
    body: Buffer,
    answer: { status: number; route?: string; effect?: string },
  ): void {
    const { method = 'GET', url = '/', headers, socket } = request;
    const { status, route, effect } = answer;
    const path = url.split(/[?#]/, 1)[0]?.slice(0, 256) ?? '/';
    const counted = effect === undefined || status >= 400 ? {} : this.#effects.of(effect, headers, body);
    this.#table.record('server', 'server.log', {
      level: status >= 500 ? 'warn' : 'info',
      event: 'request',
      message: `${method} ${path} ${status}`,
      method,
      path,
      status,
      ...(route === undefined ? {} : { route }),
      ...(socket.remotePort === undefined ? {} : { remotePort: socket.remotePort }),
      ...counted,
    });
  }
}

class Routes implements Answerer {
  readonly #table: Table;
  readonly #log: RequestLog;
  readonly #routes: readonly (readonly [string, Route])[];

  constructor(table: Table, { routes }: RoutesServer) {
    this.#table = table;
    this.#log = new RequestLog(table);
    this.#routes = Object.entries(routes);
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    void bodyOf(request).then((body) => {
      if (body === undefined) return request.destroy();
      const [name, route] = this.#find(request) ?? [];
      const { status = 200, body: answer, headers = {}, effect } = route ?? notThere(request);
      this.#log.add(request, body, {
        status,
        ...(name === undefined ? {} : { route: name }),
        ...(effect === undefined ? {} : { effect }),
      });
      const text = answer === undefined ? '' : typeof answer === 'string' ? answer : JSON.stringify(answer);
      const type = typeof answer === 'string' || answer === undefined ? 'text/plain' : 'application/json';
      response.writeHead(status, {
        'content-type': type,
        'content-length': Buffer.byteLength(text),
        ...headers,
      });
      response.end(request.method === 'HEAD' ? '' : text);
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const [name, route] = this.#find(request) ?? [];
    socket.on('error', () => socket.destroy());
    if (route?.webSocket === undefined) {
      this.#log.add(request, Buffer.alloc(0), { status: 404 });
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    this.#log.add(request, Buffer.alloc(0), { status: 101, ...(name === undefined ? {} : { route: name }) });
    const { webSocket } = route;
    acceptWebSocket({
      request,
      socket,
      head,
      ...(webSocket === true ? {} : webSocket),
      onMessage: (bytes) =>
        this.#table.record('server', 'server.log', {
          level: 'info',
          event: 'ws_message',
          message: `message of ${bytes} bytes`,
          bytes,
        }),
    });
  }

  #find({ method = 'GET', url = '/' }: IncomingMessage): readonly [string, Route] | undefined {
    const path = url.split(/[?#]/, 1)[0] ?? '/';
    return this.#routes.find(([name]) => {
      const [wantedMethod = '', wantedPath = ''] = name.split(' ');
      return (wantedMethod === '*' || wantedMethod === method) && globFits(wantedPath, path);
    });
  }
}

const notThere = ({ method, url }: IncomingMessage): Route => ({
  status: 404,
  body: { error: `The subject file has no route ${method} ${url?.split('?', 1)[0]}` },
});

class Gateway implements Answerer {
  readonly #log: RequestLog;
  readonly #server: GivenServer;
  readonly #upstream: URL;
  readonly #agent: http.Agent;

  constructor(table: Table, server: GivenServer) {
    this.#log = new RequestLog(table);
    this.#server = server;
    this.#upstream = new URL(server.url);
    const options = { keepAlive: true, ...(server.caPem === undefined ? {} : { ca: server.caPem }) };
    this.#agent = this.#isTls ? new https.Agent(options) : new http.Agent(options);
    table.serve({ [Symbol.asyncDispose]: async () => this.#agent.destroy() });
  }

  get #isTls(): boolean {
    return this.#upstream.protocol === 'https:';
  }

  request(request: IncomingMessage, response: ServerResponse): void {
    void bodyOf(request).then((body) => {
      if (body === undefined) return request.destroy();
      const { hostname: host, port, host: named } = this.#upstream;
      const { connection: _connection, ...headers } = request.headers;
      const send = this.#isTls ? https.request : http.request;
      const upstream = send(
        {
          host,
          port: port || (this.#isTls ? 443 : 80),
          agent: this.#agent,
          method: request.method,
          path: request.url,
          headers: { ...headers, host: named },
        },
        (answer) => {
          const { effect } = this.#server;
          this.#log.add(request, body, {
            status: answer.statusCode ?? 502,
            ...(effect === undefined ? {} : { effect }),
          });
          const { connection: _hop, 'keep-alive': _alive, ...fields } = answer.headers;
          response.writeHead(answer.statusCode ?? 502, fields);
          answer.pipe(response);
        },
      );
      upstream.on('error', (error) => {
        this.#log.add(request, body, { status: 502 });
        if (!response.headersSent) response.writeHead(502, { 'content-type': 'text/plain' });
        response.end(`The server behind the lab did not answer: ${error.message}`);
      });
      upstream.end(body);
    });
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { hostname: host, port, host: named } = this.#upstream;
    const number = Number(port || (this.#isTls ? 443 : 80));
    const { caPem } = this.#server;
    const upstream = this.#isTls
      ? connectTls({ host, port: number, servername: host, ...(caPem === undefined ? {} : { ca: caPem }) })
      : http.globalAgent.createConnection?.({ host, port: number });
    if (!upstream) return void socket.destroy();
    this.#log.add(request, Buffer.alloc(0), { status: 101 });
    const { method, url, rawHeaders } = request;
    const lines = rawHeaders.flatMap((text, index) =>
      index % 2 === 1 ? [] : [`${text}: ${/^host$/i.test(text) ? named : rawHeaders[index + 1]}\r\n`],
    );
    upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join('')}\r\n`);
    upstream.write(head);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.once('close', () => other.destroy());
      one.pipe(other);
    }
  }
}

/** Undefined where it is too long, or its sender left. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length > mostBody) return undefined;
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks);
  } catch {
    return undefined;
  }
}

/** `*` stands for anything. */
function globFits(glob: string, text: string): boolean {
  const parts = glob.split('*').map((part) => RegExp.escape(part));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
