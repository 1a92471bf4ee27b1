/** A server that applies what is posted, for HTTP/1.1 and HTTP/2, and knows what was applied twice. */
import http2 from 'node:http2';
import https from 'node:https';

/** Requests that arrived whole, operations among them that were applied, and those applied more than once. */
export interface Effects {
  readonly requests: number;
  readonly applied: number;
  readonly duplicates: number;
}

export interface ReportServers {
  readonly http1: https.Server;
  readonly http2: http2.Http2SecureServer;
  /** Since the last call. */
  takeEffects(): Effects;
}

/** Longer than any pause of a benchmark. */
const keepAliveTimeout = 60_000;

/** `close`: tells every client to close its connection after the answer. */
export function createReportServers(
  credentials: { key: string; cert: string },
  close: boolean,
): ReportServers {
  let requests = 0;
  let operations = new Map<string, number>();
  const apply = (operation: string): void => {
    requests += 1;
    operations.set(operation, (operations.get(operation) ?? 0) + 1);
  };
  const first = https.createServer({ ...credentials, keepAliveTimeout }, (request, response) => {
    request.on('error', () => {}).resume();
    request.once('end', () => {
      apply(String(request.headers['x-operation']));
      if (close) response.setHeader('connection', 'close');
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"accepted":true}');
    });
  });
  const second = http2.createSecureServer(credentials);
  second.on('stream', (stream, headers) => {
    stream.on('error', () => {}).resume();
    stream.once('end', () => {
      if (stream.destroyed) return;
      apply(String(headers['x-operation']));
      stream.respond({ ':status': 200, 'content-type': 'application/json' });
      stream.end('{"accepted":true}');
    });
  });
  second.on('sessionError', () => {});
  for (const server of [first, second]) server.on('tlsClientError', () => {});
  return {
    http1: first,
    http2: second,
    takeEffects() {
      const applied = operations.size;
      const effects = {
        requests,
        applied,
        duplicates: [...operations.values()].filter((times) => times > 1).length,
      };
      requests = 0;
      operations = new Map();
      return effects;
    },
  };
}
