/**
 * Says in a sentence what stands between the agent and its server, and what to do about it. Different faults get
 * different sentences, for a wrong address and a dead server need different hands (R2.1).
 */
import type { Category, Failure, Phase } from '../shared/errors.ts';
import { addressOf } from './open-socket.ts';

type Sentence = (host: string, port: number) => string;

const byCategory: Readonly<Record<Category, Sentence>> = {
  name_resolution: (host) =>
    `The name ${host} does not resolve: check SPOT_OPTIMIZER_SERVER_URL and the DNS settings`,
  refused: (host, port) => `Nothing listens at ${host}:${port}: the server is down, or the address is wrong`,
  reset: () => 'The connection was reset while the request was under way: the server or a proxy dropped it',
  timeout: () => 'The server did not answer in time',
  tls: (host, port) =>
    `The TLS identity of ${host}:${port} is not to be trusted: check its certificate and the CA file`,
  authentication: () => 'The server does not know the client token: check CLIENT_TOKEN configuration',
  authorization: () => 'The server knows the client token but refuses it: the client account is not active',
  not_found: () => 'The server does not know this path or agent: check SPOT_OPTIMIZER_SERVER_URL',
  rate_limited: () => 'The server asks for fewer requests',
  server_error: () => 'The server failed while it handled the request: see its log',
  protocol: (host, port) =>
    `Something answers at ${host}:${port}, but it is not the expected server: the port or the scheme is wrong`,
  database: () => 'The database failed',
  unknown: () => 'The request failed for a reason unknown to the agent',
};

/** Where the phase tells more than the category. */
const sentencesByPhase: Readonly<Partial<Record<Category, Partial<Record<Phase, Sentence>>>>> = {
  timeout: {
    connect: (host, port) =>
      `Nobody at ${host}:${port} answers the attempt to connect: a firewall drops it, or the host is away`,
    tls: (host, port) => `${host}:${port} accepts connections but does not complete the TLS handshake`,
    body: () => 'The server began its answer and did not finish it in time',
  },
  reset: {
    connect: (host, port) => `${host}:${port} dropped the connection before it was established`,
    tls: (host, port) => `${host}:${port} dropped the connection during the TLS handshake`,
    body: () => 'The connection was lost in the middle of the answer',
  },
};

/** The sentence for a failure of a request to `serverUrl`. */
export function explain(failure: Failure, serverUrl: URL): string {
  const byPhase = failure.phase && sentencesByPhase[failure.category]?.[failure.phase];
  const { host, port } = addressOf(serverUrl);
  return (byPhase ?? byCategory[failure.category])(host, port);
}
