/**
 * Agents: registration, heartbeat, configuration, pending commands.
 *
 *     POST /api/agents/register       { logicalAgentId, instanceId? }  → 201 or 200 { agentId, logicalAgentId, status }
 *     GET  /api/agents/:id            its id, or its logical id        → 200 { agentId, …, status, lastHeartbeatAt, heartbeatTimeoutSeconds }
 *     POST /api/agents/:id/heartbeat  any JSON object, or no body      → 200 { agentId, status }
 *     GET  /api/agents/:id/config                                      → 200 { agentId, …IntervalSeconds, … }
 *     GET  /api/agents/:id/commands                                    → 200 { commands: [{ id, command, arguments, createdAt }] }
 *
 * An id that the client has no agent for is answered 404 `{"error":"Agent not found"}` (R2.5).
 */
import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../../clock.ts';
import type { Logger } from '../../log.ts';
import {
  type Agent,
  findAgent,
  findAgentState,
  pendingCommands,
  recordHeartbeat,
  registerAgent,
} from '../../store/agents.ts';
import { recordEvent } from '../../store/events.ts';
import { agentNotFound } from '../errors.ts';
import type { Exchange } from '../exchange.ts';

export interface AgentRouteOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly heartbeatTimeoutMs: number;
}

interface RegisterBody {
  readonly logicalAgentId: string;
  readonly instanceId?: string;
}

interface AgentParams {
  readonly id: string;
}

const registerSchema = {
  body: {
    type: 'object',
    required: ['logicalAgentId'],
    properties: {
      logicalAgentId: { type: 'string', minLength: 1, maxLength: 255 },
      instanceId: { type: 'string', minLength: 1, maxLength: 255 },
    },
  },
};

const agentSchema = {
  params: { type: 'object', properties: { id: { type: 'string', minLength: 1, maxLength: 64 } } },
};

/** A logical id may be longer than an id. */
const namedAgentSchema = {
  params: { type: 'object', properties: { id: { type: 'string', minLength: 1, maxLength: 255 } } },
};

export function agentRoutes(app: FastifyInstance, options: AgentRouteOptions): void {
  const { clock, log, heartbeatTimeoutMs } = options;

  app.post<{ Body: RegisterBody }>(
    '/api/agents/register',
    { schema: registerSchema },
    async (request, reply) => {
      const { exchange, client, body } = request;
      const { agent, previous } = await registerAgent(exchange.database, {
        newId: randomUUID(),
        clientId: client.id,
        logicalAgentId: body.logicalAgentId,
        instanceId: body.instanceId ?? null,
        at: clock.now(),
      });
      exchange.facts.agentId = agent.id;
      exchange.facts.effect = 'applied';
      await announce(exchange, 'agent_registered', agent);
      if (previous === 'offline') await announce(exchange, 'agent_online', agent);
      reply.code(previous === undefined ? 201 : 200);
      return { agentId: agent.id, logicalAgentId: agent.logicalAgentId, status: 'online' };
    },
  );

  app.get<{ Params: AgentParams }>('/api/agents/:id', { schema: namedAgentSchema }, async (request) => {
    const { exchange, client, params } = request;
    const agent = await findAgentState(exchange.database, client.id, params.id);
    if (agent === undefined) throw agentNotFound();
    exchange.facts.agentId = agent.id;
    return {
      agentId: agent.id,
      logicalAgentId: agent.logicalAgentId,
      instanceId: agent.instanceId,
      status: agent.status,
      lastHeartbeatAt: agent.lastHeartbeatAt === null ? null : new Date(agent.lastHeartbeatAt).toISOString(),
      heartbeatTimeoutSeconds: heartbeatTimeoutMs / 1000,
    };
  });

  app.post<{ Params: AgentParams }>('/api/agents/:id/heartbeat', { schema: agentSchema }, async (request) => {
    const { exchange, client, params } = request;
    exchange.facts.agentId = params.id;
    const before = await recordHeartbeat(exchange.database, client.id, params.id, clock.now());
    if (before === undefined) throw agentNotFound();
    exchange.facts.effect = 'applied';
    if (before.status === 'offline') await announce(exchange, 'agent_online', before);
    return { agentId: before.id, status: 'online' };
  });

  app.get<{ Params: AgentParams }>('/api/agents/:id/config', { schema: agentSchema }, async (request) => {
    const { id: agentId } = await requireAgent(request);
    return {
      agentId,
      heartbeatIntervalSeconds: 30,
      pendingCommandsCheckIntervalSeconds: 15,
      heartbeatTimeoutSeconds: heartbeatTimeoutMs / 1000,
    };
  });

  app.get<{ Params: AgentParams }>('/api/agents/:id/commands', { schema: agentSchema }, async (request) => {
    const { id } = await requireAgent(request);
    return { commands: await pendingCommands(request.exchange.database, id) };
  });

  async function announce(
    { database }: Exchange,
    type: 'agent_registered' | 'agent_online',
    { id: agentId, clientId, logicalAgentId }: Agent,
  ): Promise<void> {
    log.info({ event: type, agentId, logicalAgentId }, `${type}: ${logicalAgentId}`);
    await recordEvent(database, { type, at: clock.now(), clientId, agentId, details: { logicalAgentId } });
  }
}

async function requireAgent(request: {
  exchange: Exchange;
  client: { id: string };
  params: AgentParams;
}): Promise<Agent> {
  const { exchange, client, params } = request;
  exchange.facts.agentId = params.id;
  const agent = await findAgent(exchange.database, client.id, params.id);
  if (agent === undefined) throw agentNotFound();
  return agent;
}
