/**
 * One request and its answer, from the arrival of the head until the response is done or its peer is gone: the
 * database view that the request uses, what is known about it, and in the end its log record.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { type Database, meteredDatabase } from '../database.ts';
import type { Logger } from '../log.ts';
import type { Client } from '../store/clients.ts';
import type { Effect } from '../store/fleet.ts';
import { peerGone } from './errors.ts';

/** What routes add to the record of their request. */
export interface ExchangeFacts {
  clientId?: string;
  agentId?: string;
  readonly machineId?: string;
  readonly sequence?: number;
  readonly idempotencyKey?: string;
  effect?: Effect;
}

export interface Exchange {
  readonly startedAt: number;
  /** Milliseconds in line for a slot. */
  waitedMs: number;
  readonly database: Database & { elapsedMs(): number };
  readonly facts: ExchangeFacts;
  /** Aborts when the response is done or the peer is gone. */
  readonly closed: AbortSignal;
}

declare module 'fastify' {
  interface FastifyRequest {
    exchange: Exchange;
    /** The authenticated client; only on routes behind authentication. */
    client: Client;
  }
}

export interface ExchangeOptions {
  readonly clock: Clock;
  readonly database: Database;
  readonly log: Logger;
}

export interface Exchanges {
  /** Resolves when the log has told of all requests so far, those that were cut off too. */
  told(): Promise<void>;
}

/**
 * Opens an exchange for each request. Its `request` record is written when the answer has been decided *and* the
 * response is closed: a peer that leaves early must not hide what its request did.
 */
export function trackExchanges(app: FastifyInstance, { clock, database, log }: ExchangeOptions): Exchanges {
  const answered = new WeakMap<FastifyRequest, () => void>();
  const untold = new Map<FastifyRequest, Promise<void>>();
  app.decorateRequest('exchange');

  app.addHook('onRequest', async (request, reply) => {
    const closed = new AbortController();
    const { remotePort } = request.socket;
    const whenAnswered = Promise.withResolvers<void>();
    const whenClosed = Promise.withResolvers<void>();

    request.exchange = {
      startedAt: clock.now(),
      waitedMs: 0,
      database: meteredDatabase(database, clock),
      facts: {},
      closed: closed.signal,
    };
    answered.set(request, whenAnswered.resolve);
    reply.raw.once('close', () => {
      closed.abort(peerGone());
      whenClosed.resolve();
    });
    const told = Promise.all([whenAnswered.promise, whenClosed.promise]).then(() => {
      logExchange(log, clock, request, reply, remotePort);
      untold.delete(request);
    });
    untold.set(request, told);
  });

  // A body that was cut off while its request waited gives no more events, and would be waited for in vain.
  app.addHook('preParsing', async ({ exchange }) => {
    if (exchange.closed.aborted) throw peerGone();
  });

  // What gets so far becomes a WebSocket, of which its route tells; it is never answered.
  app.addHook('preHandler', async (request) => {
    if (request.ws) untold.delete(request);
  });

  app.addHook('onSend', async (request) => {
    answered.get(request)?.();
  });

  return {
    async told() {
      await Promise.all(untold.values());
    },
  };
}

function logExchange(
  log: Logger,
  clock: Clock,
  request: FastifyRequest,
  reply: FastifyReply,
  remotePort: number | undefined,
): void {
  const { startedAt, waitedMs, database, facts } = request.exchange;
  const path = pathOf(request.raw.url);
  const status = reply.statusCode;
  const record = {
    event: 'request',
    requestId: request.id,
    method: request.method,
    path,
    route: request.routeOptions.url,
    status,
    // The answer was decided but not fully handed to the network: its peer left first.
    ...(reply.raw.writableFinished ? {} : { aborted: true }),
    durationMs: round(clock.now() - startedAt),
    waitedMs: round(waitedMs),
    databaseMs: round(database.elapsedMs()),
    remotePort,
    ...facts,
  };
  log[status >= 500 ? 'warn' : 'info'](record, `${request.method} ${path} ${status}`);
}

/** The path of a request target, without the query, which may hold what is not for logs. */
export function pathOf(target = '/'): string {
  const end = target.search(/[?#]/);
  return (end === -1 ? target : target.slice(0, end)).slice(0, 256);
}

function round(ms: number): number {
  return Math.round(ms * 100) / 100;
}
