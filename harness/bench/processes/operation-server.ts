/**
 * A server for what libraries do by themselves. It knows each operation, when it arrived, and how often it was applied:
 *
 *     /report  200        /busy  503 with Retry-After the first time        /lose  applied, and reset the first time
 */
import https from 'node:https';

/** What the server knows of one operation. */
export interface Operation {
  readonly name: string;
  readonly method: string;
  /** When it arrived, of any clock, ms. */
  readonly arrivedMs: readonly number[];
  readonly applied: number;
}

/** What the server saw since the last call. */
export interface Seen {
  readonly connections: number;
  readonly operations: readonly Operation[];
}

export interface OperationServer {
  readonly server: https.Server;
  takeSeen(): Seen;
}

/** What is told with a 503, s. */
export const retryAfterS = 1;
const keepAliveTimeout = 60_000;

export function createOperationServer(credentials: { key: string; cert: string }): OperationServer {
  let operations = new Map<string, { name: string; method: string; arrivedMs: number[]; applied: number }>();
  let connections = 0;
  const server = https.createServer({ ...credentials, keepAliveTimeout }, (request, response) => {
    request.on('error', () => {}).resume();
    request.once('end', () => {
      const name = String(request.headers['x-operation']);
      const operation = operations.get(name) ?? {
        name,
        method: request.method ?? '',
        arrivedMs: [],
        applied: 0,
      };
      operations.set(name, operation);
      operation.arrivedMs.push(performance.now());
      const first = operation.arrivedMs.length === 1;
      if (request.url === '/busy' && first) {
        response.writeHead(503, { 'retry-after': String(retryAfterS) }).end();
        return;
      }
      operation.applied += 1;
      if (request.url === '/lose' && first) request.socket.destroy();
      else response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":true}');
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.on('tlsClientError', () => {});
  return {
    server,
    takeSeen() {
      const seen = { connections, operations: [...operations.values()] };
      operations = new Map();
      connections = 0;
      return seen;
    },
  };
}
