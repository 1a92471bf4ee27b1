/**
 * The server's TCP connections: how long they may be idle, what their TLS handshakes came to, and how they end
 * when the server stops. Node's own time-outs run on the wall clock and are switched off; these run on the
 * server's clock.
 */
import type { Server as HttpServer, IncomingMessage, ServerResponse } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../clock.ts';
import { setTimer } from '../deadline.ts';
import type { Logger } from './log.ts';

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly keepAliveTimeoutMs: number;
  readonly headersTimeoutMs: number;
}

export interface Connections {
  /** Open connections, those opened so far, and how TLS handshakes ended. */
  stats(): { open: number; opened: number; handshakes: number; resumed: number; tlsErrors: number };
  /** Closes idle connections now, and others when their requests are answered. WebSockets are left alone. */
  drain(): void;
  closeAll(): void;
}

interface Connection {
  readonly socket: Socket;
  requests: number;
  isWebSocket: boolean;
  /** Ends the wait that closes the connection. */
  cancelTimer: () => void;
}

/** Watches over all connections that `server` accepts from now on. */
export function watchConnections(server: HttpServer | HttpsServer, options: ConnectionOptions): Connections {
  const { clock, log, keepAliveTimeoutMs, headersTimeoutMs } = options;
  const open = new Map<string, Connection>();
  let draining = false;
  const counts = { opened: 0, handshakes: 0, resumed: 0, tlsErrors: 0 };
  server.headersTimeout = 0;
  server.requestTimeout = 0;
  server.keepAliveTimeout = 0;
  server.timeout = 0;

  server.on('connection', (socket: Socket) => {
    if (draining) {
      socket.destroy();
      return;
    }
    counts.opened += 1;
    const key = addressOf(socket);
    const connection = { socket, requests: 0, isWebSocket: false, cancelTimer: () => {} };
    open.set(key, connection);
    socket.once('close', () => {
      connection.cancelTimer();
      if (open.get(key) === connection) open.delete(key);
    });
    closeAfter(connection, headersTimeoutMs);
  });

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const connection = open.get(addressOf(request.socket));
    if (connection === undefined) return;
    connection.requests += 1;
    connection.cancelTimer();
    response.once('close', () => {
      connection.requests -= 1;
      if (connection.requests > 0) return;
      if (draining) request.socket.destroySoon();
      else closeAfter(connection, keepAliveTimeoutMs);
    });
  });

  server.on('upgrade', (request: IncomingMessage) => {
    const connection = open.get(addressOf(request.socket));
    if (connection === undefined) return;
    connection.isWebSocket = true;
    connection.cancelTimer();
  });

  server.on('secureConnection', (socket: TLSSocket) => {
    const resumed = socket.isSessionReused();
    counts.handshakes += 1;
    if (resumed) counts.resumed += 1;
    const record = {
      event: 'tls_handshake',
      remotePort: socket.remotePort,
      protocol: socket.getProtocol(),
      resumed,
    };
    log.info(record, 'TLS handshake completed');
  });

  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: TLSSocket) => {
    counts.tlsErrors += 1;
    const { remotePort } = socketUnder(socket);
    const record = { event: 'tls_error', remotePort, code: error.code ?? error.message };
    log.info(record, `TLS handshake failed: ${error.message}`);
  });

  /** A peer that says nothing for this long is done. */
  function closeAfter(connection: Connection, ms: number): void {
    if (connection.socket.destroyed) return;
    connection.cancelTimer = setTimer(clock, ms, () => connection.socket.destroy());
  }

  return {
    stats: () => ({ open: open.size, ...counts }),
    drain() {
      draining = true;
      for (const { socket, requests, isWebSocket } of open.values()) {
        if (requests === 0 && !isWebSocket) socket.destroy();
      }
    },
    closeAll() {
      for (const { socket } of open.values()) socket.destroy();
    },
  };
}

/** Names a connection on both of its sides: a TLS socket and the TCP socket under it have the same peer. */
function addressOf(socket: Socket): string {
  return `${socket.remoteAddress}:${socket.remotePort}`;
}

/**
 * The TCP socket that a TLS socket was made of, which still knows its peer when the handshake has failed.
 *
 * @note `_parent` is Node's own (seen in 24.21); there is no public way to it. Without it the port is unknown.
 */
function socketUnder(socket: TLSSocket): Socket {
  return (socket as TLSSocket & { _parent?: Socket })._parent ?? socket;
}
