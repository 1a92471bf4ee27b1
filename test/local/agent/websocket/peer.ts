/** A WebSocket server for tests that can be told to misbehave, and what a channel needs to reach it. */
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ChannelMessage, ChannelOptions } from '../../../../services/agent/websocket/index.ts';
import { type Clock, systemClock } from '../../../../services/clock.ts';
import { seededRandom } from '../../../../services/random.ts';

/** Tests run this many times faster than the durations they name. */
export const labPace = 20;

/** What the peer does with an upgrade: accepts it, never answers, or answers with a text of its own. */
export type UpgradeAnswer = 'accept' | 'stall' | string;

export interface Peer extends AsyncDisposable {
  readonly url: string;
  readonly received: ChannelMessage[];
  readonly webSockets: Set<WebSocket>;
  /** Tokens of the upgrades so far, accepted or not. */
  readonly upgrades: (string | undefined)[];
  /** Decides each upgrade, counted from 1. */
  answerUpgrade: (count: number) => UpgradeAnswer;
  /** Decides whether a message is acknowledged. */
  acknowledges: (message: ChannelMessage) => boolean;
  /** Stops to read on every connection: bytes are taken by the kernel until it is full, and nobody answers. */
  freeze(): void;
  thaw(): void;
}

export async function startPeer(tls?: { cert: string; key: string }): Promise<Peer> {
  const server = tls ? createHttpsServer(tls) : createHttpServer();
  const webSocketServer = new WebSocketServer({ noServer: true });
  const sockets = new Set<Socket>();
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    peer.upgrades.push(request.headers.authorization);
    const answer = peer.answerUpgrade(peer.upgrades.length);
    if (answer === 'accept') webSocketServer.handleUpgrade(request, socket, head, serve);
    else if (answer !== 'stall') socket.end(answer);
    else socket.resume().on('end', () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  const peer: Peer = {
    url: `${tls ? 'wss' : 'ws'}://127.0.0.1:${port}/ws`,
    received: [],
    webSockets: new Set(),
    upgrades: [],
    answerUpgrade: () => 'accept',
    acknowledges: () => true,
    freeze: () => sockets.forEach((socket) => void socket.pause()),
    thaw: () => sockets.forEach((socket) => void socket.resume()),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return peer;

  function serve(webSocket: WebSocket): void {
    peer.webSockets.add(webSocket);
    webSocket.on('close', () => peer.webSockets.delete(webSocket));
    webSocket.on('error', () => undefined);
    webSocket.on('message', (data) => {
      const message = JSON.parse(String(data)) as ChannelMessage;
      peer.received.push(message);
      const { id, type: of } = message;
      if (id !== undefined && peer.acknowledges(message)) {
        webSocket.send(JSON.stringify({ type: 'ack', id, of, handler: 'TestHandler' }));
      }
    });
  }
}

/** An answer to an upgrade that is not 101. */
export function httpAnswer(status: number, headers = '', body = ''): string {
  return `HTTP/1.1 ${status} No\r\nConnection: close\r\n${headers}Content-Length: ${body.length}\r\n\r\n${body}`;
}

/** A record of the hardened channel's log. */
export interface LogRecord {
  readonly level: string;
  readonly event?: string;
  readonly [field: string]: unknown;
}

/** Collects what a channel logs. */
export function collectLog() {
  const lines: string[] = [];
  const log = { write: (line: string) => lines.push(line) > 0 } as unknown as NodeJS.WritableStream;
  const records = (event?: string): LogRecord[] =>
    lines.map((line) => JSON.parse(line) as LogRecord).filter((record) => !event || record.event === event);
  return { lines, log, records };
}

export function fastClock(): Clock {
  const base = systemClock();
  const originMs = base.now();
  return {
    now: () => originMs + (base.now() - originMs) * labPace,
    sleep: (ms, signal) => base.sleep(ms / labPace, signal),
  };
}

export const clientToken = 'tok-4f1d8a7be2c94f0693d1';

export function channelOptions(url: string, more: Partial<ChannelOptions> = {}): ChannelOptions {
  return {
    url,
    token: clientToken,
    environment: 'development',
    userId: '105945141827451681156',
    clock: fastClock(),
    random: seededRandom(7),
    dial: ({ host, port }) => connect({ host, port }),
    log: collectLog().log,
    ...more,
  };
}
