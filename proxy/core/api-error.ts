/**
 * The errors of the proxy's API: each a status and the message that Toxiproxy's clients know. Declared in one place,
 * so that the wording can be compared with the real server's.
 */

/** An answer other than success. `status` is the HTTP status. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Runs `read`; an error of it says at which place of the body it arose. */
export function at<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    throw new ApiError(cause.status, `${cause.message} at ${place}`, { cause });
  }
}

export const badBody = (detail: string): ApiError => new ApiError(400, `bad request body: ${detail}`);
export const missingField = (field: string): ApiError =>
  new ApiError(400, `missing required field: ${field}`);
export const invalidStream = (): ApiError =>
  new ApiError(400, 'stream was invalid, can be either upstream or downstream');
export const invalidToxicType = (): ApiError => new ApiError(400, 'invalid toxic type');
export const proxyNotFound = (): ApiError => new ApiError(404, 'proxy not found');
export const toxicNotFound = (): ApiError => new ApiError(404, 'toxic not found');
export const proxyExists = (): ApiError => new ApiError(409, 'proxy already exists');
export const toxicExists = (): ApiError => new ApiError(409, 'toxic already exists');
export const connectionNotFound = (): ApiError => new ApiError(404, 'connection not found');
export const connectionForgotten = (kept: number): ApiError =>
  new ApiError(404, `connection no longer kept: of those that ended, the last ${kept} are`);
export const bodyTooLarge = (limitBytes: number): ApiError =>
  new ApiError(413, `request body larger than ${limitBytes} bytes`);
export const tooManyBodies = (limitBytes: number): ApiError =>
  new ApiError(503, `request bodies of more than ${limitBytes} bytes at a time`);
export const tooMany = (what: string, limit: number): ApiError =>
  new ApiError(400, `too many ${what}: at most ${limit}`);

/** A value that the real server takes and then crashes or hangs on, or that means nothing. */
export const invalidAttribute = (name: string, expected: string, got: unknown): ApiError =>
  new ApiError(400, `invalid attribute ${name}: expected ${expected}, got ${got}`);

/** Toxiproxy ignores what it does not know; a typo in what picks requests would strike all of them. */
export const unknownAttribute = (name: string, type: string, known: readonly string[]): ApiError =>
  new ApiError(400, `unknown attribute ${name}: ${type} has ${known.join(', ') || 'none'}`);

/** A `listen` that cannot be bound, in the words of Go's `net` package. */
export const listenFailed = (detail: string, cause?: unknown): ApiError =>
  new ApiError(500, detail, { cause });
