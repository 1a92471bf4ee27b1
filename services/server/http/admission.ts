/**
 * Which requests get in and for how long: a limited number at once (R2.7), each with a bounded time for its body.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import type { ConcurrencyLimit } from '../concurrency-limit.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route is never in line: health checks, and WebSockets, which last. */
    readonly unlimited?: boolean;
  }
}

export interface AdmissionOptions {
  readonly clock: Clock;
  readonly limit: ConcurrencyLimit;
  readonly bodyTimeoutMs: number;
}

export function limitAdmission(
  app: FastifyInstance,
  { clock, limit, bodyTimeoutMs }: AdmissionOptions,
): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!request.routeOptions.config.unlimited) await takeSlot(limit, clock, request);
    if (announcesBody(request)) void limitBody(clock, bodyTimeoutMs, request, reply);
  });
}

async function takeSlot(limit: ConcurrencyLimit, clock: Clock, { exchange }: FastifyRequest): Promise<void> {
  const start = clock.now();
  await limit.enter(exchange.closed);
  exchange.waitedMs = clock.now() - start;
  if (exchange.closed.aborted) limit.leave();
  else exchange.closed.addEventListener('abort', () => limit.leave(), { once: true });
}

function announcesBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Nobody reads why the wait is over; without a reason, one would be made for each request, with its stack. */
const arrived = new Error('the body has arrived');

/** Answers 408 and closes the connection when the body has not ended in time. */
async function limitBody(
  clock: Clock,
  timeoutMs: number,
  { raw, exchange }: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const ended = new AbortController();
  raw.once('end', () => ended.abort(arrived));
  try {
    await clock.sleep(timeoutMs, AbortSignal.any([ended.signal, exchange.closed]));
  } catch {
    return;
  }
  if (reply.sent) raw.destroy();
  else await reply.code(408).header('connection', 'close').send({ error: 'Body did not arrive in time' });
}
