import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import type WebSocket from 'ws';
import { untilOpen } from '../../../../services/agent/websocket/opening.ts';
import { manualClock } from '../../../support/manual-clock.ts';

/** A socket as `ws` has them: terminated before it opens, it emits an error and then `close`. */
class OpeningSocket extends EventEmitter {
  terminate(): void {
    this.emit('error', new Error('WebSocket was closed before the connection was established'));
    this.emit('close', 1006);
  }
}

function start() {
  const clock = manualClock();
  const socket = new OpeningSocket();
  const stop = new AbortController();
  const opened = untilOpen(socket as unknown as WebSocket, { clock, timeoutMs: 10_000, signal: stop.signal });
  opened.catch(() => undefined);
  return { clock, socket, stop, opened };
}

function refuse(socket: OpeningSocket, status: number, headers: Record<string, string>): PassThrough {
  const response = Object.assign(new PassThrough(), { statusCode: status, headers });
  socket.emit('unexpected-response', {}, response);
  return response;
}

it('resolves once the socket is open, and leaves no timer', async () => {
  const { clock, socket, opened } = start();
  socket.emit('open');
  await opened;
  expect(clock.sleepers).toBe(0);
});

it('gives up after its time, with a definite time-out', async () => {
  const { clock, opened } = start();
  await clock.advance(10_000);
  await expect(opened).rejects.toMatchObject({ code: 'DEADLINE_EXCEEDED', phase: 'connect' });
});

it("rejects with the network's own error", async () => {
  const { socket, opened } = start();
  socket.emit('error', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));
  socket.emit('close', 1006);
  await expect(opened).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('rejects with the reason of the signal', async () => {
  const { stop, opened } = start();
  stop.abort(new Error('enough'));
  await expect(opened).rejects.toThrow('enough');
});

it('tells a refused upgrade by status, Retry-After and body', async () => {
  const { socket, opened } = start();
  refuse(socket, 429, { 'retry-after': '7' }).end('slow down');
  await expect(opened).rejects.toMatchObject({ status: 429, retryAfterMs: 7_000, body: 'slow down' });
});

it('keeps the status of a refusal whose body never ends', async () => {
  const { clock, socket, opened } = start();
  refuse(socket, 503, {}).write('just a mom');
  await clock.advance(10_000);
  await expect(opened).rejects.toMatchObject({ status: 503, body: 'just a mom' });
});

it('reads no more of a refusal than it keeps', async () => {
  const { socket, opened } = start();
  refuse(socket, 500, {}).write('x'.repeat(100_000));
  await expect(opened).rejects.toMatchObject({ status: 500, body: 'x'.repeat(2_048) });
});
