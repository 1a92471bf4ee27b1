/** How a client uses connections: what the workload `policy` compares. */
import type { Clock } from 'shaketable-proxy/clock';

/** Where requests go. */
export interface Target {
  readonly port: number;
  /** The authority to trust, PEM. */
  readonly ca: string;
}

/** A client with one way to use connections. */
export interface PolicyClient {
  /** Sends once, and resolves when the answer is whole, with when it was put on a connection. Rejects with a `code`. */
  request(operation: string): Promise<number>;
  /** Ends its connections, and resolves when they are over. */
  close(): Promise<void>;
}

export type CreateClient = (target: Target, clock: Clock) => PolicyClient;

/** What is posted. */
export const body = JSON.stringify({ report: 'x'.repeat(180) });

/** A request without an answer for so long has failed. */
export const timeoutMs = 10_000;

/** The header by which the server knows an operation that is sent again. */
export const operationHeader = 'x-operation';
