/**
 * The WebSocket end point and its statistics.
 *
 *     GET /ws?user=NAME   with an upgrade  → 101, or the reported 401 or 403 before it
 *     GET /api/ws/stats                    → 200 { connections, messages }
 *
 * `user` is whom the connection speaks for; without it, the client.
 */
import type { FastifyInstance } from 'fastify';
import type { Logger } from '../../log.ts';
import type { WebSocketService } from '../../websocket/service.ts';
import { pathOf } from '../exchange.ts';

const upgradeSchema = {
  querystring: {
    type: 'object',
    properties: { user: { type: 'string', pattern: '^[A-Za-z0-9_.:@-]{1,128}$' } },
  },
};

interface UpgradeRoute {
  readonly Querystring: { user?: string };
}

export interface WebSocketRouteOptions {
  readonly webSockets: WebSocketService;
  readonly log: Logger;
}

export function webSocketRoutes(app: FastifyInstance, { webSockets, log }: WebSocketRouteOptions): void {
  app.route<UpgradeRoute>({
    method: 'GET',
    url: '/ws',
    schema: upgradeSchema,
    config: { unlimited: true },
    handler: async (_request, reply) =>
      reply.code(426).header('upgrade', 'websocket').send({ error: 'Upgrade to WebSocket required' }),
    wsHandler: (socket, request) => {
      const { user = request.client.id } = request.query as UpgradeRoute['Querystring'];
      const { id: requestId, raw, exchange, socket: peer } = request;
      const record = { requestId, method: 'GET', path: pathOf(raw.url), route: '/ws', status: 101 };
      log.info(
        { event: 'request', ...record, remotePort: peer.remotePort, ...exchange.facts },
        'GET /ws 101',
      );
      webSockets.accept(socket, user);
    },
  });

  app.get('/api/ws/stats', async () => webSockets.statistics());
}
