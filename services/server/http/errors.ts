/**
 * Answers that are not a success: which status and body, and what becomes of any error that a request runs into.
 */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { LimitReachedError } from '../concurrency-limit.ts';
import { DatabaseError } from '../database.ts';
import type { Logger } from '../log.ts';

/** An answer that a route decides on. The message is the body's `error`, word for word. */
export class HttpError extends Error {
  override readonly name = 'HttpError';
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export const invalidToken = () => new HttpError(401, 'Invalid client token');
export const inactiveClient = () => new HttpError(403, 'Client account is not active');
export const agentNotFound = () => new HttpError(404, 'Agent not found');
/** Nobody reads this answer; its status is for the log. */
export const peerGone = () => new HttpError(499, 'Client closed the connection');

interface Answer {
  readonly status: number;
  readonly body: { error: string; details?: string[] };
  readonly headers?: Record<string, string>;
}

/** Turns every error of a request into its answer, and logs those that are the server's own. */
export function createErrorHandler(log: Logger) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
    if (error instanceof DatabaseError) logDatabaseError(log, error);
    const { status, body, headers = {} } = answerTo(isAborted(error) ? peerGone() : error);
    if (status === 500) {
      log.error(
        { event: 'internal_error', requestId: request.id, err: error },
        'request failed unexpectedly',
      );
    }
    void reply.code(status).headers(headers).send(body);
  };
}

export function logDatabaseError(log: Logger, error: DatabaseError): void {
  const { code, errno, operation } = error;
  log.error({ event: 'database_error', code, errno, operation, err: error }, `database: ${operation} failed`);
}

/** Fastify's errors with the words that the caller gets. */
const answersByCode: Readonly<Record<string, Answer>> = Object.freeze({
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, body: { error: 'Malformed JSON' } },
  FST_ERR_CTP_EMPTY_JSON_BODY: { status: 400, body: { error: 'Malformed JSON' } },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, body: { error: 'Body is not as long as announced' } },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, body: { error: 'Body is too large' } },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    body: { error: 'Body must be application/json' },
    headers: { accept: 'application/json' },
  },
});

/** Node's error for a request whose connection was lost before its body had ended. */
function isAborted({ code, message }: FastifyError): boolean {
  return code === 'ECONNRESET' && message === 'aborted';
}

function answerTo(error: Error | FastifyError): Answer {
  if (error instanceof DatabaseError) return { status: 503, body: { error: 'Database unavailable' } };
  if (error instanceof LimitReachedError) {
    return { status: 503, body: { error: 'Server is overloaded' }, headers: { 'retry-after': '1' } };
  }
  if (error instanceof HttpError) {
    const headers: Record<string, string> = error.statusCode === 401 ? { 'www-authenticate': 'Bearer' } : {};
    return { status: error.statusCode, body: { error: error.message }, headers };
  }
  if ('validation' in error && error.validation !== undefined) {
    const details = error.validation.map((problem) =>
      `${error.validationContext ?? 'request'}${problem.instancePath} ${problem.message ?? 'is invalid'}`.trim(),
    );
    return { status: 400, body: { error: 'Invalid request', details } };
  }
  const { code = '', statusCode: status = 500 } = error as Partial<FastifyError>;
  const known = answersByCode[code];
  if (known !== undefined) return known;
  return status < 500
    ? { status, body: { error: error.message } }
    : { status: 500, body: { error: 'Internal server error' } };
}
