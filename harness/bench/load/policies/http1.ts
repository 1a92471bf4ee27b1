/** HTTP/1.1 by node:https, or node:http where the server wants no TLS, on a new connection for each request or on a pool of them. */
import http from 'node:http';
import https from 'node:https';
import type { Clock } from 'shaketable-proxy/clock';
import { identityOf, isSuccess, StatusError } from '../server-target.ts';
import { type Ask, askOf, type PolicyClient, type Target } from './policy.ts';

/** How the agent is set. */
export interface Http1Options {
  /** Connections that are kept; 0 is a new one for each request. */
  readonly pool: number;
  /** Whether a new connection offers the session of an earlier one. */
  readonly resume: boolean;
}

export function createHttp1Client(options: Http1Options, target: Target, clock: Clock): PolicyClient {
  const agent = agentOf(options, target);
  const open = new Set<object>();
  const watch = (socket: NodeJS.EventEmitter): void => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  return {
    request: (operation) => send({ port: target.port, agent, ask: askOf(target, operation), clock, watch }),
    async close() {
      agent.destroy();
      await Promise.all(
        [...open].map(
          (socket) => new Promise((resolve) => (socket as NodeJS.EventEmitter).once('close', resolve)),
        ),
      );
    },
  };
}

function agentOf({ pool, resume }: Http1Options, { ca, server }: Target): http.Agent {
  const connections = pool > 0 ? { keepAlive: true, maxSockets: pool } : { keepAlive: false };
  if (server && !server.secure) return new http.Agent(connections);
  return new https.Agent({
    ...connections,
    ...identityOf(server ?? { hostname: 'localhost' }),
    ...(ca === undefined ? {} : { ca }),
    maxCachedSessions: resume ? 100 : 0,
  });
}

interface Sending {
  readonly port: number;
  readonly agent: http.Agent;
  readonly ask: Ask;
  readonly clock: Clock;
  watch(socket: NodeJS.EventEmitter): void;
}

function send({ port, agent, ask, clock, watch }: Sending): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let begunMs = clock.now();
  const { method, path, headers } = ask;
  const via = agent instanceof https.Agent ? https : http;
  const request = via.request({ host: '127.0.0.1', port, agent, method, path, headers });
  request.once('socket', (socket) => {
    begunMs = clock.now();
    watch(socket);
  });
  request.setTimeout(ask.timeoutMs, () => request.destroy(failure('ETIMEDOUT')));
  request.once('response', (answer) => {
    answer.once('error', reject).resume();
    answer.once('end', () =>
      isSuccess(answer.statusCode) ? resolve(begunMs) : reject(new StatusError(answer.statusCode)),
    );
  });
  request.once('error', reject).end(ask.body);
  return promise;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
