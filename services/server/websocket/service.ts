/** All WebSocket connections of the server, with the router and the statistics that they share. */
import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import type { WebSocketConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import { serveConnection } from './connection.ts';
import { createRouter } from './router.ts';
import { createStatistics, type WebSocketStatistics } from './statistics.ts';

export interface WebSocketService {
  readonly maxMessageBytes: number;
  accept(socket: WebSocket, user: string): void;
  statistics(): WebSocketStatistics;
  /** Asks all peers to go; those that do not are cut off after a while. Resolves when the log has told of the end of each. */
  closeAll(code: number, reason: string): Promise<void>;
}

export interface WebSocketServiceOptions {
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: WebSocketConfig;
}

export function createWebSocketService({ clock, log, config }: WebSocketServiceOptions): WebSocketService {
  const statistics = createStatistics();
  const router = createRouter(statistics);
  const open = new Map<WebSocket, (code: number, reason: string) => void>();
  let count = 0;

  return {
    maxMessageBytes: config.maxMessageBytes,
    accept(socket, user) {
      count += 1;
      const facts = { connectionId: `c${count}`, user };
      open.set(socket, serveConnection(socket, facts, { clock, log, router, statistics, config }));
      socket.once('close', () => open.delete(socket));
    },
    statistics: () => statistics.read(),
    async closeAll(code, reason) {
      const ended = [...open.keys()].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
      for (const close of open.values()) close(code, reason);
      await Promise.all(ended);
    },
  };
}
