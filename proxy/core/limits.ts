/**
 * What a client of the API may ask for, so that none can take the server's time or memory from the others. The times
 * are Toxiproxy's; it knows no other limit.
 */
export interface ApiLimits {
  /** For the head and body of a request to be complete, ms. A connection that sends nothing has as long. */
  readonly requestMs: number;
  /** For the next request on a connection, ms. */
  readonly idleMs: number;
  /** For an operation, ms; it goes on behind the 503. */
  readonly operationMs: number;
  /** Connections at a time; further ones are closed at once. */
  readonly connections: number;
  /** The head of a request, bytes. */
  readonly headBytes: number;
  /** The body of a request, bytes. */
  readonly bodyBytes: number;
  /** The bodies that are being received, all together, bytes. */
  readonly bodiesBytes: number;
  /** What an event stream may lag behind before events are left out, bytes. */
  readonly lagBytes: number;
}

export const defaultApiLimits: ApiLimits = Object.freeze({
  requestMs: 15_000,
  idleMs: 60_000,
  operationMs: 25_000,
  connections: 1_000,
  headBytes: 64 * 1024,
  bodyBytes: 4 * 1024 * 1024,
  bodiesBytes: 32 * 1024 * 1024,
  lagBytes: 256 * 1024,
});

/** Proxies of one server. */
export const mostProxies = 20_000;
/** Toxics of one proxy. */
export const mostToxics = 1_000;
/** Values in one JSON document, and how deep they may be nested. */
export const mostValues = 500_000;
export const deepest = 1_000;
