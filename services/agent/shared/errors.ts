/**
 * What went wrong, in words that decide what to do next. Whatever a library throws, or a server answers, becomes a
 * `Failure`: its category and severity for the log, and `definite`, the bit that says whether the request may have
 * taken effect all the same. Everything follows from the one table below and from the phase the request was in.
 */

/** The kinds of failure an agent tells apart. */
export type Category =
  | 'name_resolution'
  | 'refused'
  | 'reset'
  | 'timeout'
  | 'tls'
  | 'authentication'
  | 'authorization'
  | 'not_found'
  | 'rate_limited'
  | 'server_error'
  | 'protocol'
  | 'database'
  | 'unknown';

/** How much a failure matters to the person who reads the log. */
export type Severity = 'low' | 'medium' | 'high' | 'critical';

/** How far a request had come: up to and including `tls`, not one byte of it had left. */
export type Phase = 'name_resolution' | 'connect' | 'tls' | 'send' | 'wait' | 'body';

/** A failure as the log and the retry rule see it. */
export interface Failure {
  readonly category: Category;
  readonly severity: Severity;
  /** True: the operation certainly did not take effect. False: it may have (R1.5). */
  readonly definite: boolean;
  /** The most specific code of the cause chain, such as `ECONNRESET` or `HTTP_403`. */
  readonly code: string;
  /** The messages of the whole cause chain, outermost first, root cause last. */
  readonly message: string;
  readonly phase?: Phase;
  /** The HTTP status, where the server answered. */
  readonly status?: number;
}

interface Rule {
  readonly category: Category;
  readonly severity: Severity;
  readonly definite: boolean;
}

const rule = (category: Category, severity: Severity, definite: boolean): Rule => ({
  category,
  severity,
  definite,
});

const resolution = rule('name_resolution', 'high', true);
const refused = rule('refused', 'high', true);
const reset = rule('reset', 'low', false);
const timeout = rule('timeout', 'medium', false);
const handshake = rule('tls', 'high', true);
const untrusted = rule('tls', 'critical', true);
const protocol = rule('protocol', 'high', false);
const unknown = rule('unknown', 'high', false);
const databaseLost = rule('database', 'medium', false);
const databaseRefused = rule('database', 'medium', true);
const databaseBroken = rule('database', 'high', true);

/** Error codes of Node, OpenSSL, undici and mysql2 to what they mean here. */
const byCode: Readonly<Record<string, Rule>> = {
  ENOTFOUND: resolution,
  EAI_AGAIN: resolution,
  EAI_FAIL: resolution,
  EAI_NODATA: resolution,
  EAI_NONAME: resolution,
  ESERVFAIL: resolution,

  ECONNREFUSED: refused,
  EHOSTUNREACH: refused,
  EHOSTDOWN: refused,
  ENETUNREACH: refused,
  ENETDOWN: refused,
  EACCES: refused,
  EPERM: refused,

  ECONNRESET: reset,
  ECONNABORTED: reset,
  EPIPE: reset,
  ERR_STREAM_DESTROYED: reset,
  ERR_STREAM_PREMATURE_CLOSE: reset,
  UND_ERR_SOCKET: reset,
  UND_ERR_CLOSED: reset,
  UND_ERR_DESTROYED: reset,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: reset,

  SERVER_HOLD: rule('rate_limited', 'low', true),

  DEADLINE_EXCEEDED: timeout,
  ETIMEDOUT: timeout,
  ERR_TLS_HANDSHAKE_TIMEOUT: timeout,
  UND_ERR_CONNECT_TIMEOUT: timeout,
  UND_ERR_HEADERS_TIMEOUT: timeout,
  UND_ERR_BODY_TIMEOUT: timeout,

  CERT_HAS_EXPIRED: untrusted,
  CERT_NOT_YET_VALID: untrusted,
  CERT_REVOKED: untrusted,
  CERT_REJECTED: untrusted,
  CERT_UNTRUSTED: untrusted,
  CERT_SIGNATURE_FAILURE: untrusted,
  CERT_CHAIN_TOO_LONG: untrusted,
  INVALID_CA: untrusted,
  INVALID_PURPOSE: untrusted,
  HOSTNAME_MISMATCH: untrusted,
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_GET_ISSUER_CERT: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  ERR_TLS_CERT_ALTNAME_INVALID: untrusted,
  ERR_TLS_CERT_ALTNAME_FORMAT: untrusted,

  ERR_SSL_WRONG_VERSION_NUMBER: protocol,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: protocol,
  ERR_SSL_HTTP_REQUEST: protocol,
  ERR_SSL_UNKNOWN_PROTOCOL: protocol,
  UNEXPECTED_ANSWER: protocol,
  UND_ERR_HEADERS_OVERFLOW: protocol,
  UND_ERR_RES_EXCEEDED_MAX_SIZE: protocol,

  ER_LOCK_DEADLOCK: databaseRefused,
  ER_LOCK_WAIT_TIMEOUT: databaseRefused,
  ER_CON_COUNT_ERROR: databaseRefused,
  ER_TOO_MANY_USER_CONNECTIONS: databaseRefused,
  ER_OPTION_PREVENTS_STATEMENT: databaseRefused,
  ER_READ_ONLY_MODE: databaseRefused,
  ER_ACCESS_DENIED_ERROR: databaseBroken,
  ER_DBACCESS_DENIED_ERROR: databaseBroken,
  ER_BAD_DB_ERROR: databaseBroken,
  ER_NO_SUCH_TABLE: databaseBroken,
  ER_PARSE_ERROR: databaseBroken,
  ER_QUERY_INTERRUPTED: databaseLost,
  ER_QUERY_TIMEOUT: databaseLost,
  ER_STATEMENT_TIMEOUT: databaseLost,
  ER_SERVER_SHUTDOWN: databaseLost,
  ER_CONNECTION_KILLED: databaseLost,
};

/** Families of codes, asked when `byCode` has no row; the first prefix that fits counts. */
const byPrefix: readonly (readonly [string, Rule])[] = [
  ['ERR_SSL_', handshake],
  ['ERR_TLS_', handshake],
  ['HPE_', protocol],
  ['ER_', databaseRefused],
  ['PROTOCOL_', databaseLost],
];

/** Answers of the server, by status; a status without a row is judged by its class. */
const byStatus: Readonly<Record<number, Rule>> = {
  401: rule('authentication', 'critical', true),
  403: rule('authorization', 'high', true),
  404: rule('not_found', 'medium', true),
  408: rule('timeout', 'medium', true),
  429: rule('rate_limited', 'low', true),
  503: rule('server_error', 'medium', true),
};

/** A deadline of the agent's own clock that passed. `code` is `DEADLINE_EXCEEDED`. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
  readonly code = 'DEADLINE_EXCEEDED';
  readonly phase: Phase;
  readonly limitMs: number;

  constructor(phase: Phase, limitMs: number) {
    super(`${deadlineWords[phase]} within ${limitMs / 1000} s`);
    this.phase = phase;
    this.limitMs = limitMs;
  }
}

const deadlineWords: Readonly<Record<Phase, string>> = {
  name_resolution: 'Name not resolved',
  connect: 'Connect timed out: no connection',
  tls: 'TLS handshake timed out: not completed',
  send: 'Send timed out: request not sent',
  wait: 'Read timed out: no answer',
  body: 'Read timed out: answer not complete',
};

/** The server answered, with a status that is not a success. `code` is `HTTP_<status>`. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code: string;
  readonly status: number;
  /** The answer's text, as it came. */
  readonly body: string;
  /** What the `Retry-After` header asked for, where there was one. */
  readonly retryAfterMs: number | undefined;

  constructor(status: number, body: string, retryAfterMs?: number) {
    super(`HTTP error ${status}: ${body}`);
    this.code = `HTTP_${status}`;
    this.status = status;
    this.body = body;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The peer answers, but not as the agent's server would. `code` is `UNEXPECTED_ANSWER`. */
export class UnexpectedAnswerError extends Error {
  override readonly name = 'UnexpectedAnswerError';
  readonly code = 'UNEXPECTED_ANSWER';
}

/**
 * Puts anything thrown into a category (R3.3). `phase` is where the request was when it failed; without it, only
 * the error itself decides, and a failure counts as definite only if its kind always is.
 */
export function classify(thrown: unknown, phase?: Phase): Failure {
  const chain = causes(thrown);
  const message = joinMessages(chain);
  const status = chain.map(statusOf).find((value) => value !== undefined);
  if (status !== undefined) return { ...ruleForStatus(status), code: `HTTP_${status}`, message, status };

  const code = mostSpecificCode(chain);
  const found = ruleForCode(code, message);
  const reached = phaseOf(chain) ?? phase;
  const definite = found.definite || (reached !== undefined && isBeforeSending(reached));
  return { ...found, definite, code, message, ...(reached && { phase: reached }) };
}

/** Whether nothing of the request had left yet, so that any kind of work may be tried again. */
export function isBeforeSending(phase: Phase): boolean {
  return phase === 'name_resolution' || phase === 'connect' || phase === 'tls';
}

/** The error, its causes, and the errors of an aggregate, outermost first; each one once. */
export function causes(thrown: unknown): readonly unknown[] {
  const chain: unknown[] = [];
  const visit = (value: unknown): void => {
    if (value === undefined || value === null || chain.includes(value)) return;
    chain.push(value);
    if (value instanceof AggregateError) for (const inner of value.errors) visit(inner);
    if (value instanceof Error) visit(value.cause);
  };
  visit(thrown);
  return chain;
}

function ruleForStatus(status: number): Rule {
  return byStatus[status] ?? rule(status >= 500 ? 'server_error' : 'protocol', 'medium', status < 500);
}

function ruleForCode(code: string, message: string): Rule {
  if (code === 'EPROTO')
    return /wrong version number|packet length too long/.test(message) ? protocol : handshake;
  return byCode[code] ?? byPrefix.find(([prefix]) => code.startsWith(prefix))?.[1] ?? unknown;
}

/** The innermost code that the table knows, else the innermost code at all. */
function mostSpecificCode(chain: readonly unknown[]): string {
  const codes = chain.map(codeOf).filter((code) => code !== undefined);
  return codes.findLast((code) => ruleForCode(code, '') !== unknown) ?? codes.at(-1) ?? nameOf(chain[0]);
}

function joinMessages(chain: readonly unknown[]): string {
  const texts: string[] = [];
  for (const value of chain) {
    const text = (value instanceof Error ? value.message || value.name : String(value)).trim();
    if (text !== '' && !texts.some((earlier) => earlier.includes(text))) texts.push(text);
  }
  return texts.join(': ');
}

function phaseOf(chain: readonly unknown[]): Phase | undefined {
  const deadline = chain.find((value) => value instanceof DeadlineError);
  if (deadline) return deadline.phase;
  return chain.some(isLookupError) ? 'name_resolution' : undefined;
}

const isLookupError = (value: unknown): boolean =>
  value instanceof Error && 'syscall' in value && /^(getaddrinfo|query)/.test(String(value.syscall));

function codeOf(value: unknown): string | undefined {
  if (!(value instanceof Error) || !('code' in value)) return undefined;
  return typeof value.code === 'string' ? value.code : undefined;
}

const nameOf = (value: unknown): string => (value instanceof Error ? value.name : 'UNKNOWN');

const statusOf = (value: unknown): number | undefined =>
  value instanceof HttpStatusError ? value.status : undefined;
