/** A server that is not ours, behind the proxy: how to ask it, and whom its certificate has to be for. */
import tls from 'node:tls';
import type { Clock } from 'shaketable-proxy/clock';

export interface ServerTarget {
  readonly secure: boolean;
  /** Name or address in the URL, without brackets: what the certificate has to be for. */
  readonly hostname: string;
  /** What the Host header says: with the port where that is not the usual one. */
  readonly host: string;
  /** Path with its query. */
  readonly path: string;
  /** Without an answer for so long a request has failed, ms. */
  readonly timeoutMs: number;
  /** So many requests, or connections, begin in a second at most. */
  readonly perSecond: number;
}

/** Options of node:tls for a connection that goes to the proxy and is meant for the server. */
export function identityOf({ hostname }: Pick<ServerTarget, 'hostname'>): tls.ConnectionOptions {
  return {
    // An address has no place in the server name (RFC 6066, section 3).
    servername: isAddress(hostname) ? '' : hostname,
    checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(hostname, certificate),
  };
}

const isAddress = (hostname: string): boolean => hostname.includes(':') || /^\d+(\.\d+){3}$/.test(hostname);

/** Resolves when the next request may begin: one after the other, at equal distances. */
export type Pace = () => Promise<void>;

export function createPace(perSecond: number, clock: Clock): Pace {
  let nextMs = 0;
  return async () => {
    const now = clock.now();
    const mineMs = Math.max(now, nextMs);
    nextMs = mineMs + 1_000 / perSecond;
    if (mineMs > now) await clock.sleep(mineMs - now);
  };
}

/** An answer of the server that is no success: it is not asked again. */
export class StatusError extends Error {
  readonly code: string;

  constructor(status: number | undefined) {
    super(`status ${status}`);
    this.code = `status ${status}`;
  }
}

/** A redirect is an answer like any other; it is not followed. */
export const isSuccess = (status: number | undefined): boolean =>
  status !== undefined && status >= 200 && status < 400;
