/** Servers as users have them, for benchmarks of a URL. */
import { once } from 'node:events';
import type http from 'node:http';
import http2 from 'node:http2';
import https from 'node:https';
import net from 'node:net';
import { type CertificateFlaw, createAuthority, issueFlawed } from '../../../proxy/certificates/index.ts';

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  /** Of the authority that signed its certificate. */
  readonly ca: string;
  /** What arrived so far, as `GET /path host`. */
  readonly requests: readonly string[];
  readonly connections: () => number;
}

export interface TestServerOptions {
  readonly flaw?: CertificateFlaw;
  readonly tls?: https.ServerOptions;
  readonly hosts?: readonly string[];
  readonly answer?: http.RequestListener;
  /** Takes HTTP/2 as well. @default false */
  readonly http2?: boolean;
}

/** A server of HTTPS with a certificate for `localhost`. */
export async function startHttps(options: TestServerOptions = {}): Promise<TestServer> {
  const {
    flaw,
    tls = {},
    hosts = ['localhost'],
    answer = (_, response) => response.end('{"ok":true}'),
  } = options;
  const authority = await createAuthority({ name: 'Users', now: Date.now() });
  const { keyPem, chainPem } = flaw
    ? await issueFlawed(authority, flaw, [...hosts])
    : await authority.issue({ hosts: [...hosts] });
  const requests: string[] = [];
  const listener: http.RequestListener = (request, response) => {
    const { method, url, headers } = request;
    requests.push(`${method} ${url} ${headers.host ?? headers[':authority']}`);
    answer(request, response);
  };
  const settings = { key: keyPem, cert: chainPem, ...tls };
  const server = options.http2
    ? http2.createSecureServer({ ...settings, allowHTTP1: true }, listener as never)
    : https.createServer(settings, listener);
  server.on('tlsClientError', () => {});
  return { ...(await listen(server)), ca: authority.certPem, requests };
}

/** A server that takes connections and says nothing. */
export const startSilent = async (): Promise<Omit<TestServer, 'ca' | 'requests'>> =>
  listen(net.createServer((socket) => socket.on('error', () => {})));

async function listen(server: net.Server): Promise<Omit<TestServer, 'ca' | 'requests'>> {
  const open = new Set<net.Socket>();
  let connections = 0;
  server.on('connection', (socket: net.Socket) => {
    connections += 1;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** A port that nobody listens on. */
export async function closedPort(): Promise<number> {
  await using server = await startSilent();
  return server.port;
}
