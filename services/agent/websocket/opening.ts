/** One attempt to open a WebSocket: within a deadline it is open, or it has failed and its socket is released. */
import type { IncomingMessage } from 'node:http';
import type WebSocket from 'ws';
import type { Clock } from '../../clock.ts';
import { setTimer } from '../../deadline.ts';
import { DeadlineError, HttpStatusError } from '../shared/errors.ts';
import { parseRetryAfter } from '../shared/retry.ts';

const bodyLimit = 2_048;

export interface OpeningOptions {
  readonly clock: Clock;
  /** From now to the open WebSocket: name, TCP, TLS and upgrade together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/**
 * Resolves when `socket` opens. Rejects after it has closed: with `HttpStatusError` when the upgrade was refused, with
 * `DeadlineError`, with the signal's reason, or with the network's error. Each of them means that nothing was sent.
 */
export function untilOpen(socket: WebSocket, { clock, timeoutMs, signal }: OpeningOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let refusal: Refusal | undefined;
  let failure: unknown;
  const abandon = (reason: unknown): void => {
    failure ??= reason;
    socket.terminate();
  };
  const cancel = (): void => abandon(signal.reason);
  const cancelTimer = setTimer(clock, timeoutMs, () => abandon(new DeadlineError('connect', timeoutMs)));
  const settle = (finish: () => void): void => {
    cancelTimer();
    signal.removeEventListener('abort', cancel);
    finish();
  };

  signal.addEventListener('abort', cancel, { once: true });
  socket.on('error', (error) => {
    failure ??= error;
  });
  socket.once('unexpected-response', (_request, response) => {
    refusal = readRefusal(response, () => socket.terminate());
  });
  socket.once('open', () => settle(resolve));
  socket.once('close', () => settle(() => reject(refusal ? toError(refusal, clock.now()) : failure)));
  return promise;
}

interface Refusal {
  readonly response: IncomingMessage;
  body: string;
}

/** Collects the first part of the answer's body, until it has ended or is long enough. */
function readRefusal(response: IncomingMessage, done: () => void): Refusal {
  const refusal: Refusal = { response, body: '' };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    refusal.body = (refusal.body + chunk).slice(0, bodyLimit);
    if (refusal.body.length === bodyLimit) done();
  });
  response.on('error', done);
  response.on('end', done);
  return refusal;
}

function toError({ response, body }: Refusal, now: number): HttpStatusError {
  return new HttpStatusError(
    response.statusCode ?? 0,
    body,
    parseRetryAfter(response.headers['retry-after'], now),
  );
}
