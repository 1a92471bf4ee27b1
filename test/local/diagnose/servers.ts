/** Servers that are broken in one way each, on real sockets, and the diagnosis of what is there. */
import { once } from 'node:events';
import { createServer as createHttp, type RequestListener } from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, createServer as createTcp, type Server, type Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { Worker } from 'node:worker_threads';
import { type DiagnoseOptions, type Diagnosis, diagnose } from '../../../harness/diagnose/diagnose.ts';
import { readTarget, type Target, type TargetOptions } from '../../../harness/diagnose/target.ts';
import { type Authority, createAuthority } from '../../../proxy/certificates/index.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

/** Long enough for a busy machine; who waits for it to pass gives a shorter one. */
const timeoutMs = 15_000;

/** Diagnoses as the command does. `ca` is what to trust, PEM. */
export async function diagnosisOf(
  { ca, ...options }: TargetOptions,
  more: Partial<DiagnoseOptions> = {},
): Promise<Diagnosis> {
  const target: Target = readTarget(options);
  const trusting = ca === undefined ? target : { ...target, ca: [ca], ownCa: true };
  return await diagnose(trusting, {
    clock: systemClock(),
    timeoutMs,
    signal: new AbortController().signal,
    ...more,
  });
}

export interface Listening extends AsyncDisposable {
  readonly port: number;
}

/** Listens on a free port of `host`; disposal cuts what is connected. */
async function listen(server: Server, host = '127.0.0.1'): Promise<Listening> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.listen(0, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The authority that the tests trust. */
let made: Promise<Authority> | undefined;
export const authority = (): Promise<Authority> => {
  made ??= createAuthority({ name: 'Diagnosed', now: Date.now() });
  return made;
};

export const wellAnswer: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"status":"ok"}');
};

/** HTTPS with a good certificate for localhost and loopback, unless `tls` says otherwise. */
export async function serveHttps(
  answer: RequestListener = wellAnswer,
  tls: TlsOptions = {},
  host?: string,
): Promise<Listening> {
  const { chainPem, keyPem } = await (await authority()).issue({ hosts: ['localhost', '127.0.0.1', '::1'] });
  const server = createHttps({ cert: chainPem, key: keyPem, ...tls }, answer);
  server.on('tlsClientError', () => {});
  return await listen(server, host);
}

export const serveHttp = (answer: RequestListener = wellAnswer): Promise<Listening> =>
  listen(createHttp(answer));

/** TCP; what it says, says `serve`. */
export const serveTcp = (serve: (socket: Socket) => void): Promise<Listening> => listen(createTcp(serve));

/** A port whose packets disappear: as many clients as the kernel lets wait are waiting, and nobody accepts them. */
export async function blackHole(): Promise<Listening> {
  const worker = new Worker(
    `const { createServer } = require('node:net');
     const { parentPort } = require('node:worker_threads');
     const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
     });`,
    { eval: true },
  );
  const [port] = (await once(worker, 'message')) as [number];
  const waiting = Array.from({ length: 4 }, () => connect(port, '127.0.0.1').on('error', () => {}));
  await Promise.all(waiting.slice(0, 2).map((socket) => once(socket, 'connect')));
  return {
    port,
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      await worker.terminate();
    },
  };
}
