/**
 * One WebSocket connection: frames in, answers out, with a bound on everything that a peer could let grow: the
 * size of a message, what waits to be sent, the time without a sign of life, and the time that a closing handshake
 * takes.
 */
import type { WebSocket } from 'ws';
import type { Clock } from '../../clock.ts';
import type { WebSocketConfig } from '../config.ts';
import type { Logger } from '../log.ts';
import type { Answer } from './handlers.ts';
import type { Router } from './router.ts';
import type { StatisticsRecorder } from './statistics.ts';

export interface ConnectionServices {
  readonly clock: Clock;
  readonly log: Logger;
  readonly router: Router;
  readonly statistics: StatisticsRecorder;
  readonly config: WebSocketConfig;
}

export interface ConnectionFacts {
  readonly connectionId: string;
  readonly user: string;
}

const closeTimeoutMs = 5000;

/** Serves `socket` until it is closed. The returned function closes it, with a bound on the peer's part. */
export function serveConnection(
  socket: WebSocket,
  facts: ConnectionFacts,
  { clock, log, router, statistics, config }: ConnectionServices,
): (code: number, reason: string) => void {
  const closed = new AbortController();
  let received = 0;
  let alive = true;

  statistics.opened();
  log.info({ event: 'ws_open', ...facts }, 'WebSocket opened');
  socket.on('message', (data, isBinary) => {
    received += 1;
    if (isBinary) {
      close(1003, 'Text frames only');
      return;
    }
    const { answers, close: isLast } = router.receive(String(data), {
      ...facts,
      onRouted: (message) =>
        log.info({ event: 'ws_message', ...facts, ...message }, `received ${message.type}`),
    });
    for (const answer of answers) send(answer);
    if (isLast) close(1000, 'Good-bye');
  });
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', (error) => {
    logError(error);
    limitClosing();
  });
  socket.once('close', (code, reason) => {
    closed.abort();
    statistics.closed();
    const record = { event: 'ws_close', ...facts, code, reason: String(reason), messages: received };
    log.info(record, `WebSocket closed: ${code}`);
  });
  if (config.pingIntervalMs > 0) void watchLife();
  return close;

  function send(answer: Answer): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > config.maxBufferedBytes) {
      dropSlowPeer();
      return;
    }
    socket.send(JSON.stringify(answer), (error) => {
      if (error) {
        logError(error);
        return;
      }
      statistics.sent();
      const { type = 'jsonrpc', id = null } = answer;
      log.info({ event: 'ws_sent', ...facts, type, id }, `sent ${type}`);
    });
  }

  function dropSlowPeer(): void {
    logError(new Error(`the peer is too slow: ${socket.bufferedAmount} bytes wait to be sent`));
    socket.terminate();
  }

  function close(code: number, reason: string): void {
    socket.close(code, reason);
    limitClosing();
  }

  /** A peer that does not take part in the closing handshake is cut off. */
  function limitClosing(): void {
    clock.sleep(closeTimeoutMs, closed.signal).then(
      () => socket.terminate(),
      () => {},
    );
  }

  async function watchLife(): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        await clock.sleep(config.pingIntervalMs, closed.signal);
      } catch {
        return;
      }
      if (!alive) {
        logError(new Error(`the peer has not answered a ping for ${config.pingIntervalMs} ms`));
        socket.terminate();
        return;
      }
      alive = false;
      if (socket.readyState === socket.OPEN) socket.ping();
    }
  }

  function logError(error: Error): void {
    log.warn({ event: 'ws_error', ...facts, err: error }, `WebSocket: ${error.message}`);
  }
}
