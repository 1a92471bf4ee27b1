/**
 * The server's HTTP side: one Fastify application, its hooks in the order in which a request meets them, and its
 * routes.
 *
 *     exchange opens → limit → (authentication) → body → validation → route → exchange closes, `request` record
 */
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Clock } from '../../clock.ts';
import { createAuthentication } from '../auth/authenticate.ts';
import type { ClientDirectory } from '../auth/client-directory.ts';
import type { ConcurrencyLimit } from '../concurrency-limit.ts';
import type { ServerConfig } from '../config.ts';
import type { Database } from '../database.ts';
import type { Health } from '../health.ts';
import type { Logger } from '../log.ts';
import type { WebSocketService } from '../websocket/service.ts';
import { limitAdmission } from './admission.ts';
import { answerBrokenRequest } from './broken-request.ts';
import { createErrorHandler } from './errors.ts';
import { type Exchanges, trackExchanges } from './exchange.ts';
import { agentRoutes } from './routes/agents.ts';
import { fleetRoutes } from './routes/fleet.ts';
import { webSocketRoutes } from './routes/web-socket.ts';
import { answerWrongMethods } from './wrong-method.ts';

export interface AppOptions {
  /** The Node server that the application answers for. */
  readonly server: HttpServer | HttpsServer;
  readonly config: ServerConfig;
  readonly clock: Clock;
  readonly log: Logger;
  readonly database: Database;
  readonly clients: ClientDirectory;
  readonly limit: ConcurrencyLimit;
  /** Answers `GET /health`. */
  readonly health: () => Promise<Health>;
  readonly webSockets: WebSocketService;
}

export interface App {
  readonly fastify: FastifyInstance;
  readonly exchanges: Exchanges;
}

/** Builds the application; it does not listen yet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { server, config, clock, log, database, clients, limit, health, webSockets } = options;
  const app = Fastify({
    serverFactory: (handler) => server.on('request', handler) as HttpServer,
    logger: false,
    bodyLimit: config.bodyLimitBytes,
    genReqId: countRequests(),
    forceCloseConnections: false,
    return503OnClosing: false,
    clientErrorHandler: answerBrokenRequest,
    // What a client sends is checked, never bent into shape: "7" is not a number.
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false } },
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(createErrorHandler(log));
  app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ error: 'Not found' }));
  announceKeepAlive(app, config);
  const exchanges = trackExchanges(app, { clock, database, log });
  limitAdmission(app, { clock, limit, bodyTimeoutMs: config.bodyTimeoutMs });
  const addWrongMethods = answerWrongMethods(app);
  await app.register(websocket, {
    options: { maxPayload: webSockets.maxMessageBytes },
    // Connections report their own errors, and ws answers a broken frame with its close code.
    errorHandler: () => {},
    preClose: (done) => done(),
  });

  app.get('/health', { config: { unlimited: true } }, health);
  await app.register(async (scope) => {
    scope.decorateRequest('client');
    scope.addHook('onRequest', createAuthentication({ clients, clock, log }));
    agentRoutes(scope, { clock, log, heartbeatTimeoutMs: config.heartbeatTimeoutMs });
    fleetRoutes(scope, { clock });
    webSocketRoutes(scope, { webSockets, log });
  });
  addWrongMethods();
  await app.ready();
  return { fastify: app, exchanges };
}

/** Tells clients how long an idle connection stays open; Node does so only for time-outs on the wall clock. */
function announceKeepAlive(app: FastifyInstance, { keepAliveTimeoutMs }: ServerConfig): void {
  const seconds = Math.floor(keepAliveTimeoutMs / 1_000);
  if (seconds === 0) return;
  app.addHook('onSend', async (_request, reply) => void reply.header('keep-alive', `timeout=${seconds}`));
}

function countRequests(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `r${count}`;
  };
}
