/** HTTP/1.1 by node:https, on a new connection for each request or on a pool of them. */
import https from 'node:https';
import type { Clock } from 'shaketable-proxy/clock';
import { body, operationHeader, type PolicyClient, type Target, timeoutMs } from './policy.ts';

/** How the agent is set. */
export interface Http1Options {
  /** Connections that are kept; 0 is a new one for each request. */
  readonly pool: number;
  /** Whether a new connection offers the session of an earlier one. */
  readonly resume: boolean;
}

export function createHttp1Client(
  { pool, resume }: Http1Options,
  { port, ca }: Target,
  clock: Clock,
): PolicyClient {
  const agent = new https.Agent({
    ca,
    servername: 'localhost',
    maxCachedSessions: resume ? 100 : 0,
    ...(pool > 0 ? { keepAlive: true, maxSockets: pool } : { keepAlive: false }),
  });
  const open = new Set<object>();
  const watch = (socket: NodeJS.EventEmitter): void => {
    if (open.has(socket)) return;
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  return {
    request: (operation) => post({ port, agent, operation, clock, watch }),
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

interface Post {
  readonly port: number;
  readonly agent: https.Agent;
  readonly operation: string;
  readonly clock: Clock;
  watch(socket: NodeJS.EventEmitter): void;
}

function post({ port, agent, operation, clock, watch }: Post): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  let begunMs = clock.now();
  const headers = { 'content-type': 'application/json', [operationHeader]: operation };
  const request = https.request({ host: '127.0.0.1', port, agent, method: 'POST', path: '/report', headers });
  request.once('socket', (socket) => {
    begunMs = clock.now();
    watch(socket);
  });
  request.setTimeout(timeoutMs, () => request.destroy(failure('ETIMEDOUT')));
  request.once('response', (answer) => {
    answer.once('error', reject).resume();
    answer.once('end', () =>
      answer.statusCode === 200 ? resolve(begunMs) : reject(failure(`status ${answer.statusCode}`)),
    );
  });
  request.once('error', reject).end(body);
  return promise;
}

const failure = (code: string): Error => Object.assign(new Error(code), { code });
