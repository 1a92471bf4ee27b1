/**
 * Lets only active clients with a valid token through; who is refused is logged and kept in `system_events`
 * (R2.9).
 */
import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../clock.ts';
import { DatabaseError } from '../database.ts';
import { inactiveClient, invalidToken, logDatabaseError } from '../http/errors.ts';
import { pathOf } from '../http/exchange.ts';
import type { Logger } from '../log.ts';
import type { Client } from '../store/clients.ts';
import { recordEvent } from '../store/events.ts';
import type { ClientDirectory } from './client-directory.ts';
import { previewToken, readBearerToken } from './token.ts';

type Reason = 'missing_token' | 'invalid_token' | 'inactive_client';

export interface AuthenticationOptions {
  readonly clients: ClientDirectory;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A hook that sets `request.client`, or ends the request with the reported 401 or 403 (R2.3, R2.4). */
export function createAuthentication({ clients, clock, log }: AuthenticationOptions) {
  return async (request: FastifyRequest): Promise<void> => {
    const { headers, exchange } = request;
    const token = readBearerToken(headers.authorization);
    const client = token === undefined ? undefined : await clients.find(exchange.database, token);
    if (client?.isActive) {
      request.client = client;
      exchange.facts.clientId = client.id;
      return;
    }
    const reason = reasonToRefuse(headers.authorization, client);
    await reportRefusal(
      request,
      { reason, tokenPreview: previewHeader(headers.authorization, token) },
      client,
    );
    throw reason === 'inactive_client' ? inactiveClient() : invalidToken();
  };

  /** The refusal stands whether or not it can be recorded. */
  async function reportRefusal(
    request: FastifyRequest,
    facts: { reason: Reason; tokenPreview: string },
    client: Client | undefined,
  ): Promise<void> {
    const details = { ...facts, path: pathOf(request.raw.url) };
    log.warn({ event: 'auth_failed', requestId: request.id, ...details }, `refused: ${facts.reason}`);
    try {
      await recordEvent(request.exchange.database, {
        type: 'auth_failed',
        at: clock.now(),
        ...(client === undefined ? {} : { clientId: client.id }),
        details,
      });
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      logDatabaseError(log, error);
    }
  }
}

function reasonToRefuse(header: string | undefined, client: Client | undefined): Reason {
  if (client !== undefined) return 'inactive_client';
  return header === undefined ? 'missing_token' : 'invalid_token';
}

/** A header that has no token in it may still hold a secret, so nothing of it is shown. */
function previewHeader(header: string | undefined, token: string | undefined): string {
  if (header === undefined) return '';
  return previewToken(token ?? '');
}
