/**
 * The reference server: a fleet's HTTPS API and WebSocket router on one port, over a MySQL database. `startServer`
 * runs it inside a process; `main.ts` runs it by hand.
 */
import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { type Clock, systemClock } from '../clock.ts';
import { setTimer } from '../deadline.ts';
import { createClientDirectory } from './auth/client-directory.ts';
import { createConcurrencyLimit } from './concurrency-limit.ts';
import type { ServerConfig, TlsIdentity } from './config.ts';
import { type Connections, watchConnections } from './connections.ts';
import { openDatabase } from './database.ts';
import { createHealthCheck } from './health.ts';
import { createApp } from './http/app.ts';
import { pathOf } from './http/exchange.ts';
import { type LogDestination, openLog } from './log.ts';
import { makeTables } from './migrate.ts';
import { sweepOffline } from './offline-sweep.ts';
import { findClientByToken, loadClients } from './store/clients.ts';
import { createWebSocketService, type WebSocketService } from './websocket/service.ts';
import type { WebSocketStatistics } from './websocket/statistics.ts';

export interface ServerOptions {
  readonly config: ServerConfig;
  /** All of the server's time: logs, rows, time-outs. Default: the wall clock. */
  readonly clock?: Clock;
  /** Where the log goes; default: `config.log.file`, or standard output. */
  readonly log?: LogDestination;
  /** Certificate and key to use instead of `config.tls`. */
  readonly tls?: TlsIdentity;
  /** Whether tables that are missing are made first, which needs the database to be up. Default: true. */
  readonly migrate?: boolean;
}

export interface ServerStats {
  readonly connections: ReturnType<Connections['stats']>;
  readonly requests: { active: number; waiting: number; limit: number };
  readonly webSocket: WebSocketStatistics;
}

export interface StartedServer extends AsyncDisposable {
  /** `https://127.0.0.1:12345`, without a slash at the end. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  stats(): ServerStats;
  /** Ends requests in progress within `config.stopTimeoutMs`, then everything else. May be called twice. */
  close(): Promise<void>;
}

/**
 * Starts the server. Rejects with a `DatabaseError` when tables cannot be made, or with the reason that it cannot
 * listen.
 */
export async function startServer(options: ServerOptions): Promise<StartedServer> {
  const { config, clock = systemClock(), migrate = true } = options;
  const tls = options.tls ?? config.tls;
  await using resources = new AsyncDisposableStack();

  const { log, close: closeLog } = openLog({
    clock,
    level: config.log.level,
    destination: options.log ?? config.log.file,
  });
  resources.defer(closeLog);
  let url: string | undefined;
  resources.defer(() => {
    if (url !== undefined) log.info({ event: 'stopped', url }, 'stopped');
  });
  const database = openDatabase(config.database, clock);
  resources.defer(() => database.close());
  if (migrate) await makeTables(database);

  const background = new AbortController();
  const limit = createConcurrencyLimit(config.maxConcurrentRequests, config.maxWaitingRequests);
  const webSockets = createWebSocketService({ clock, log, config: config.webSocket });
  const clients = createClientDirectory(
    { find: findClientByToken, loadAll: loadClients },
    config.auth,
    clock,
  );
  const server = createNodeServer(tls);
  const connections = watchConnections(server, { ...config, clock, log });
  const health = createHealthCheck(
    { clock, database, limit, timeoutMs: config.healthTimeoutMs },
    background.signal,
  );
  const { fastify: app, exchanges } = await createApp({
    ...{ server, config, clock, log, database },
    ...{ clients, limit, health, webSockets },
  });
  const sweep = sweepOffline(
    { clock, database, log, heartbeatTimeoutMs: config.heartbeatTimeoutMs },
    background.signal,
  );
  resources.defer(async () => {
    background.abort();
    await database.close();
    await sweep;
    // What waited for the database is answered now.
    await exchanges.told();
  });
  resources.defer(() => stop({ app, connections, webSockets, clock, timeoutMs: config.stopTimeoutMs }));

  await app.listen({ host: config.host, port: config.port });
  const { port } = server.address() as AddressInfo;
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  url = `${tls === undefined ? 'http' : 'https'}://${host}:${port}`;
  if (tls === undefined)
    log.warn({ event: 'plain_http', url }, 'no certificate given: traffic can be read on its way');
  log.info({ event: 'listening', url }, `listening on ${url}`);

  const running = resources.move();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= running.disposeAsync();
    return closing;
  };
  return {
    url,
    host: config.host,
    port,
    stats: () => ({
      connections: connections.stats(),
      requests: limit.load(),
      webSocket: webSockets.statistics(),
    }),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/**
 * Node's server for `tls` or for plain HTTP. Only what asks for our WebSocket is an upgrade; all else stays plain
 * HTTP.
 */
function createNodeServer(tls: TlsIdentity | undefined): HttpServer | HttpsServer {
  const shouldUpgradeCallback = ({ method, url, headers }: IncomingMessage): boolean =>
    method === 'GET' && pathOf(url) === '/ws' && headers.upgrade?.toLowerCase() === 'websocket';
  return tls === undefined
    ? createHttpServer({ shouldUpgradeCallback })
    : createHttpsServer({ shouldUpgradeCallback, cert: tls.cert, key: tls.key });
}

interface Stoppable {
  readonly app: FastifyInstance;
  readonly connections: Connections;
  readonly webSockets: WebSocketService;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/**
 * Takes no more connections, lets requests in progress and closing handshakes end, and cuts what is left after
 * `timeoutMs`.
 */
async function stop({ app, connections, webSockets, clock, timeoutMs }: Stoppable): Promise<void> {
  const cancelCut = setTimer(clock, timeoutMs, () => connections.closeAll());
  const farewell = webSockets.closeAll(1001, 'Server is stopping');
  connections.drain();
  await app.close();
  // A connection is closed before its WebSocket says so.
  await farewell;
  cancelCut();
}
