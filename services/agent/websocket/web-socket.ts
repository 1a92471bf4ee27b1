/** A `ws` client whose bytes go through an injected `Dial`, with TLS on top where the address asks for it. */
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import WebSocket from 'ws';
import type { Dial } from '../shared/dial.ts';

export interface WebSocketOptions {
  readonly url: string;
  readonly token: string;
  readonly ca?: string;
  readonly dial: Dial;
  /** Whether the server's certificate has to be valid for its name and signed by a trusted authority. */
  readonly verify: boolean;
}

/** Starts to open a WebSocket with a bearer token. The caller listens to it from the first moment on. */
export function createWebSocket(options: WebSocketOptions): WebSocket {
  const createConnection = () => connectStream(options);
  return new WebSocket(options.url, {
    headers: { authorization: `Bearer ${options.token}` },
    perMessageDeflate: false,
    // The declared type is that of `net.createConnection`; ws and node:http use any Duplex (Node 24, ws 8).
    createConnection: createConnection as never,
  });
}

function connectStream({ url, ca, dial, verify }: WebSocketOptions): Duplex {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'wss:';
  const raw = dial({ host, port: Number(port) || (secure ? 443 : 80) });
  if (!secure) return raw;
  const tls = connectTls({
    socket: raw,
    host,
    servername: isIP(host) ? '' : host,
    rejectUnauthorized: verify,
    ...(ca !== undefined && { ca }),
  });
  raw.on('error', (error) => tls.destroy(error));
  tls.on('close', () => raw.destroy());
  return tls;
}
