/**
 * The server of a fleet: TLS, WebSocket, registrations, heartbeats, and reports, of which it applies each once. What it applied
 * outlives a restart, as in a database; connections, sessions and keys of tickets do not.
 */
import { once } from 'node:events';
import https from 'node:https';
import type net from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from 'shaketable-proxy/clock';
import { type WebSocket, WebSocketServer } from 'ws';
import type { FromAgent, FromServer } from '../load/fleet/messages.ts';

/** Since the last call. */
export interface FleetServerCounts {
  /** When TCP connections were taken, and when TLS handshakes were completed, by the server's clock, ms. */
  readonly acceptedAt: Float64Array;
  readonly handshakesAt: Float64Array;
  /** Handshakes among them that resumed a session, and those that failed. */
  readonly resumed: number;
  readonly failed: number;
  readonly registrations: number;
  readonly heartbeats: number;
  /** Reports that were applied, and those that had been applied before. */
  readonly applied: number;
  readonly duplicates: number;
}

export interface FleetServer {
  /** Resolves with the port. */
  listen(): Promise<number>;
  /** Cuts every connection, and takes connections on the same port again after `downMs`. */
  restart(downMs: number): Promise<void>;
  takeCounts(): FleetServerCounts;
}

export interface FleetServerOptions {
  readonly key: string;
  readonly cert: string;
  readonly clock: Clock;
}

/** Connections that may wait to be taken; the system may have a lower limit. */
const backlog = 4_096;

export function createFleetServer({ key, cert, clock }: FleetServerOptions): FleetServer {
  const sockets = new Set<net.Socket>();
  /** The latest report of each agent that was applied. */
  const latest: number[] = [];
  let counts = nothing();
  let server: https.Server | undefined;

  const answer = (message: FromAgent): FromServer => {
    if (message.type === 'register') {
      counts.registrations += 1;
      return { type: 'registered' };
    }
    if (message.type === 'heartbeat') {
      counts.heartbeats += 1;
      return { type: 'pong' };
    }
    const { agent, id } = message;
    if (id > (latest[agent] ?? 0)) {
      latest[agent] = id;
      counts.applied += 1;
    } else counts.duplicates += 1;
    return { type: 'ack', id };
  };
  const serve = (socket: WebSocket): void => {
    socket.on('error', () => {});
    socket.on('message', (data) =>
      socket.send(JSON.stringify(answer(JSON.parse(String(data)) as FromAgent))),
    );
  };
  const open = async (port: number): Promise<https.Server> => {
    const opened = https.createServer({ key, cert });
    opened.on('connection', (socket: net.Socket) => {
      counts.acceptedAt.push(clock.now());
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
    });
    opened.on('secureConnection', (socket: TLSSocket) => {
      counts.handshakesAt.push(clock.now());
      if (socket.isSessionReused()) counts.resumed += 1;
    });
    opened.on('tlsClientError', () => {
      counts.failed += 1;
    });
    new WebSocketServer({ server: opened, perMessageDeflate: false }).on('connection', serve);
    opened.listen({ port, host: '127.0.0.1', backlog });
    await once(opened, 'listening');
    return opened;
  };
  return {
    async listen() {
      server = await open(0);
      return (server.address() as net.AddressInfo).port;
    },
    async restart(downMs) {
      if (!server) throw new Error('Expected a server that listens');
      const { port } = server.address() as net.AddressInfo;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await clock.sleep(downMs);
      server = await open(port);
    },
    takeCounts() {
      const { acceptedAt, handshakesAt, ...taken } = counts;
      counts = nothing();
      return {
        ...taken,
        acceptedAt: Float64Array.from(acceptedAt),
        handshakesAt: Float64Array.from(handshakesAt),
      };
    },
  };
}

const nothing = () => ({
  acceptedAt: [] as number[],
  handshakesAt: [] as number[],
  resumed: 0,
  failed: 0,
  registrations: 0,
  heartbeats: 0,
  applied: 0,
  duplicates: 0,
});
