/** The servers of a benchmark, in a process of their own. */
import { once } from 'node:events';
import type net from 'node:net';
import tls from 'node:tls';
import { type Job, serveKinds } from './helper.ts';
import { createReportServers, type ReportServers } from './report-server.ts';

/** Sends back what it gets. */
function echo(socket: net.Socket): void {
  socket.on('error', () => {});
  socket.on('data', (bytes) => socket.write(bytes));
  socket.on('end', () => socket.end());
}

/** Keeps the processor busy for so long. */
function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

async function listen(server: net.Server): Promise<number> {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  return (server.address() as net.AddressInfo).port;
}

const credentials = ({ key, cert }: Job) => ({ key: String(key), cert: String(cert) });

let reports: ReportServers | undefined;

/** What it can do. */
const kinds: Readonly<Record<string, (job: Job) => Promise<unknown>>> = {
  /** A TLS server that echoes, and works for `burdenMs` before each handshake; gives back its port. */
  echo: async (job) => {
    const server = tls.createServer({ ...credentials(job), noDelay: true }, echo);
    const burdenMs = Number(job.burdenMs ?? 0);
    if (burdenMs > 0) server.prependListener('connection', () => work(burdenMs));
    server.on('tlsClientError', () => {});
    return await listen(server);
  },
  /** Servers that reports are posted to; gives back their ports. */
  reports: async (job) => {
    reports = createReportServers(credentials(job), job.close === true);
    return { http1: await listen(reports.http1), http2: await listen(reports.http2) };
  },
  /** What was posted since this was asked for last. */
  effects: async () => reports?.takeEffects(),
};

serveKinds(kinds);
