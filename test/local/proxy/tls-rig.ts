/** TLS servers and clients for tests: node:tls, curl and Python. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { orSaySkipped } from './programs.ts';

/** The server's own. */
export const authority = await createAuthority({ name: 'Proxy tests', now: Date.now() });
const certificate = await authority.issue({ hosts: ['server.test'] });

export interface TlsServer extends AsyncDisposable {
  readonly port: number;
  /** Handshakes that the server itself counts as done. */
  readonly completed: { resumed: boolean; servername: string | false | null; alpn: string | false | null }[];
  /** The codes of what went wrong on connections after their handshake. */
  readonly errors: string[];
  /** The sockets under TLS, in the order accepted. */
  readonly sockets: net.Socket[];
}

/** Sends back what it gets, or does what `onConnection` does. */
export async function startTlsServer(
  options: tls.TlsOptions = {},
  onConnection = (socket: tls.TLSSocket): void => void socket.on('data', (bytes) => socket.write(bytes)),
): Promise<TlsServer> {
  const completed: TlsServer['completed'] = [];
  const errors: string[] = [];
  const sockets: net.Socket[] = [];
  const server = tls.createServer(
    { key: certificate.keyPem, cert: certificate.chainPem, ...options },
    (socket) => {
      const { servername, alpnProtocol } = socket as tls.TLSSocket & { servername: string | false | null };
      completed.push({ resumed: socket.isSessionReused(), servername, alpn: alpnProtocol });
      socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? error.message));
      onConnection(socket);
    },
  );
  server.on('connection', (socket: net.Socket) => sockets.push(socket)).on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    completed,
    errors,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** What came of a visit. */
export interface Visit {
  /** `ok`, or the error's code, or `closed`. */
  readonly outcome: string;
  /** For another time. */
  readonly session?: Buffer;
  readonly resumed: boolean;
}

/** Shakes hands, says one thing, gets an answer, closes. */
export async function visit(port: number, options: tls.ConnectionOptions = {}): Promise<Visit> {
  const socket = tls.connect({
    host: '127.0.0.1',
    port,
    servername: 'server.test',
    ca: authority.certPem,
    ...options,
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  let session: Buffer | undefined;
  let resumed = false;
  socket.on('session', (ticket: Buffer) => {
    session = ticket;
  });
  socket.once('secureConnect', () => {
    resumed = socket.isSessionReused();
    socket.write('ping');
  });
  socket.once('data', () => resolve('ok'));
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  socket.once('close', () => resolve('closed'));
  const outcome = await promise;
  socket.end();
  socket.destroySoon();
  return session ? { outcome, resumed, session } : { outcome, resumed };
}

/** How a program ended. */
export interface Ran {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, 20 s at most. */
export function run(program: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: 20_000 }, (error, stdout, stderr) =>
      resolve({ exit: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}

/** Whether curl and Python are here, and speak TLS by OpenSSL, whose words the tests compare. */
export const hasCurl = orSaySkipped(
  (await run('curl', ['--version'])).stdout.includes('OpenSSL'),
  'no curl that uses OpenSSL is installed',
);
export const hasPython = orSaySkipped(
  (await run('python3', ['-c', 'import ssl; print(ssl.OPENSSL_VERSION)'])).stdout.includes('OpenSSL 3'),
  'no Python that uses OpenSSL 3 is installed',
);

/** Asks for `https://server.test/` at a port of loopback; trusts `caFile`. */
export function curl(port: number, caFile: string, ...args: string[]): Promise<Ran> {
  const where = ['--cacert', caFile, '--connect-to', `::127.0.0.1:${port}`, 'https://server.test/'];
  return run('curl', ['-sS', '--max-time', '10', ...where, ...args]);
}

/**
 * Connects by Python's ssl with `server.test` as name and trusts `caFile`; `script` goes on with `context` before and
 * `s` after it, both indented by nothing.
 */
export function python(port: number, caFile: string, script: string, before = ''): Promise<Ran> {
  return run('python3', [
    '-c',
    [
      'import socket, ssl, sys',
      `context = ssl.create_default_context(cafile=${JSON.stringify(caFile)})`,
      before,
      `raw = socket.create_connection(("127.0.0.1", ${port}), timeout=10)`,
      's = context.wrap_socket(raw, server_hostname="server.test", suppress_ragged_eofs=False)',
      script,
    ].join('\n'),
  ]);
}

/** A file with a certificate, removed with what is returned. */
export async function fileOf(pem: string): Promise<AsyncDisposable & { readonly name: string }> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'shaketable-tls-'));
  const name = path.join(folder, 'ca.pem');
  await writeFile(name, pem);
  return { name, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
