/** How a client uses connections: what the workload `policy` compares. */
import type { Clock } from 'shaketable-proxy/clock';
import type { ServerTarget } from '../server-target.ts';

/** Where requests go. */
export interface Target {
  readonly port: number;
  /** The authority to trust, PEM; without one, those that Node knows. */
  readonly ca?: string;
  /** A server that is not ours, which is asked by GET; without it, ours, which reports are posted to. */
  readonly server?: ServerTarget;
}

/** A client with one way to use connections. */
export interface PolicyClient {
  /** Sends once, and resolves when the answer is whole, with when it was put on a connection. Rejects with a `code`. */
  request(operation: string): Promise<number>;
  /** Ends its connections, and resolves when they are over. */
  close(): Promise<void>;
}

export type CreateClient = (target: Target, clock: Clock) => PolicyClient;

/** What is asked. */
export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
}

/** A server that is not ours is told nothing that it could act on. */
export function askOf({ server }: Target, operation: string): Ask {
  if (server) {
    const { path, host, timeoutMs: patience } = server;
    return { method: 'GET', path, headers: { host }, body: '', timeoutMs: patience };
  }
  const headers = { 'content-type': 'application/json', [operationHeader]: operation };
  return { method: 'POST', path: '/report', headers, body, timeoutMs };
}

/** What is posted. */
const body = JSON.stringify({ report: 'x'.repeat(180) });

/** A request without an answer for so long has failed. */
const timeoutMs = 10_000;

/** The header by which the server knows an operation that is sent again. */
const operationHeader = 'x-operation';
