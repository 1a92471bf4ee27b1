/** What NATS says, as an error of the lab. */
import { isLabError, LabError } from '../../errors.ts';

/** Codes of JetStream for storage that is used up. */
const fullCodes = new Set([10_023, 10_028, 10_047, 10_077]);

/** JetStream says so of a stream, a consumer or a message that is not there. */
const goneCodes = new Set([10_014, 10_037, 10_059]);

/** Whether what was asked for is not there. */
export function isGone(error: unknown): boolean {
  return error instanceof Error && (goneCodes.has(codeOf(error)) || error.name === 'StreamNotFoundError');
}

/** Whether a stream could not be created since the server had no folder for it. */
export function isWithoutStore(error: unknown): boolean {
  return codeOf(error) === 10_049;
}

/** Whether nobody is there who would answer: a stream that is gone, or a server without any. */
export function isUnanswered(error: unknown): boolean {
  return (
    error instanceof Error &&
    /no responders|jetstream ?(is )?not ?enabled/i.test(`${error.name} ${error.message}`)
  );
}

/** `shown` is the server's address. */
export function natsError(cause: unknown, shown: string): LabError {
  if (isLabError(cause)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const name = cause instanceof Error ? cause.name : '';
  if (
    name === 'AuthorizationError' ||
    name === 'UserAuthenticationExpiredError' ||
    /authorization/i.test(message)
  )
    return new LabError('LAB_NO_PERMISSION', `${shown} does not accept these credentials`, {
      hint: 'Check the user, token or credentials file (SHAKETABLE_NATS_TOKEN, SHAKETABLE_NATS_CREDS).',
      cause,
    });
  if (/certificate|altnames|self.signed|tls/i.test(message))
    return new LabError('LAB_NO_PERMISSION', `${shown} cannot be trusted: ${message}`, {
      hint: 'Check the address, and that SHAKETABLE_NATS_CA is the authority of its certificate.',
      cause,
    });
  if (name === 'PermissionViolationError')
    return new LabError('LAB_NO_PERMISSION', `${shown} does not allow this: ${message}`, {
      hint: 'The account needs shaketable.>, $JS.API.>, $JS.ACK.> and _INBOX.>.',
      cause,
    });
  if (isFull(cause, message))
    return new LabError('LAB_DISK_FULL', `${shown} has no room left: ${message}`, {
      hint: 'Free some space there, or raise its limits; `shaketable down --on URL` lists and removes runs that are over.',
      cause,
    });
  if (isUnanswered(cause) || name === 'JetStreamNotEnabled' || codeOf(cause) === 10_076)
    return new LabError('LAB_QUEUE_GONE', `${shown} keeps no streams: JetStream is not enabled there`, {
      hint: 'Start it as `nats-server -js -sd DIR`.',
      cause,
    });
  return new LabError('LAB_QUEUE_GONE', `${shown} does not answer: ${message || name}`, {
    hint: 'Is the server up, and is this its address? `shaketable doctor --on URL` looks closer.',
    cause,
  });
}

function isFull(cause: unknown, message: string): boolean {
  return (
    fullCodes.has(codeOf(cause)) ||
    /no space left|insufficient (storage )?resources|maximum bytes/i.test(message)
  );
}

function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error ? Number(error.code) : Number.NaN;
}
