/**
 * What the text of a log record says of connections: the words of many languages and libraries for the same few events. A text has one
 * failure at most, the innermost that it names; beside it, it may announce an attempt or a wait.
 */
import type { Told } from '../event.ts';

type Failure = Pick<Told, 'kind' | 'detail'>;

/** The words of one kind of failure; the first row that finds itself in a text wins. */
type Row = readonly [kind: Failure['kind'], detail: string | undefined, words: RegExp];

const rows: readonly Row[] = [
  [
    'dns',
    undefined,
    /ENOTFOUND|EAI_AGAIN|EAI_NONAME|getaddrinfo|name or service not known|no such host|UnknownHostException|name resolution|NameResolutionError|could not resolve host|nodename nor servname|Name does not resolve|No address associated/i,
  ],
  [
    'refused',
    undefined,
    /ECONNREFUSED|connection refused|errno 111\b|ConnectionRefused|actively refused|Connect call failed|Couldn't connect to server/i,
  ],
  [
    'tls',
    'expired',
    /certificate (has|is) expired|CERT_HAS_EXPIRED|certificate_expired|CertificateExpired|CERTIFICATE_EXPIRED/i,
  ],
  ['tls', 'not_yet_valid', /CERT_NOT_YET_VALID|certificate is not yet valid|CertificateNotYetValid/i],
  [
    'tls',
    'wrong_host',
    /ERR_TLS_CERT_ALTNAME|does not match certificate|hostname mismatch|doesn't match|certificate is (?:not )?valid for .{1,200}, not|No subject alternative|NotValidForName/i,
  ],
  [
    'tls',
    'unknown_ca',
    /self[- _]signed|unable to (?:get|verify)(?: local)?(?: the)? (?:issuer|first)|UNABLE_TO_(?:VERIFY|GET)|DEPTH_ZERO|unknown authority|unknown[_ ]ca\b|PKIX path|UnknownIssuer|certificate verify failed/i,
  ],
  [
    'tls',
    'protocol',
    /wrong version number|WRONG_VERSION_NUMBER|unsupported protocol|not an SSL\/TLS record|does not look like a TLS handshake|plain HTTP request was sent to HTTPS|Unsupported or unrecognized SSL/i,
  ],
  [
    'tls',
    'handshake',
    /disconnected before secure TLS|SSLEOFError|UNEXPECTED_EOF_WHILE_READING|EOF occurred in violation|TLS handshake (?:error|failed|timeout|eof)|handshake (?:failure|failed|aborted|terminated)|terminated the handshake|SSLHandshakeException|SSL_ERROR_SYSCALL|during (?:the )?(?:TLS|SSL) handshake|tls: handshake/i,
  ],
  [
    'mysql',
    '1213',
    /ER_LOCK_DEADLOCK|deadlock found|\b1213\b.{0,80}(?:deadlock|40001)|deadlock.{0,80}\b1213\b/i,
  ],
  ['mysql', '1205', /ER_LOCK_WAIT_TIMEOUT|lock wait timeout exceeded/i],
  ['mysql', '1040', /ER_CON_COUNT_ERROR|ER_TOO_MANY_USER_CONNECTIONS|too many connections/i],
  [
    'mysql',
    '1290',
    /ER_OPTION_PREVENTS_STATEMENT|--(?:super-)?read[-_]only|\bread[- ]only (?:mode|option|transaction)/i,
  ],
  ['mysql', '2006', /server has gone away/i],
  [
    'mysql',
    '2013',
    /PROTOCOL_CONNECTION_LOST|lost connection to (?:mysql|mariadb)|CommunicationsException|Communications link failure/i,
  ],
  ['mysql', '1053', /ER_SERVER_SHUTDOWN|server shutdown in progress/i],
  [
    'ws-close',
    undefined,
    /(?:websocket|\bws\b|close|closed|closing)[^\n]{0,80}?\b(?:code[ =:]*)?(1001|1006|1008|1011|1012|1013|1014|1015)\b/i,
  ],
  [
    'not-connected',
    undefined,
    /websocket (?:is )?(?:not|no longer) (?:connected|open)|websocket send failed|assuming disconnected|WebSocket is already in CLOSING|not connected[^\n]{0,40}websocket|Cannot call "?send"? once a close/i,
  ],
  [
    'timeout',
    'connect',
    /UND_ERR_CONNECT_TIMEOUT|connect(?:ion)?[ -]?time(?:d)?[ -]?out|ConnectTimeout|connect ETIMEDOUT|dial tcp [^\n]{0,80}i\/o timeout/i,
  ],
  [
    'timeout',
    'read',
    /ETIMEDOUT|\btimed[ -]?out\b|UND_ERR_(?:HEADERS|BODY)_TIMEOUT|(?:Read|Socket|Request|Response|Write|Pool)?Time[oO]ut(?:Error|Exception|Expired)|ReadTimeout|deadline exceeded|(?:request|read|response|operation|i\/o|gateway)[ -]timeout\b|Resource temporarily unavailable \(os error (?:11|35)\)|timeout (?:exceeded|after|of \d+ ?ms exceeded)/i,
  ],
  [
    'reset',
    undefined,
    /ECONNRESET|ECONNABORTED|(?<![\w/-])connection[ -]?reset(?![-\w])|ConnectionReset(?:Error|Exception)|reset by (?:the )?(?:remote )?peer|socket hang up|connection aborted|RemoteDisconnected|Remote end closed connection|broken ?pipe|\bEPIPE\b|forcibly closed|other side closed|UND_ERR_SOCKET|server disconnected|unexpected EOF|: EOF\b|premature close|Premature end|connection (?:was )?closed (?:before|unexpectedly|by peer|prematurely)|IncompleteRead|Empty reply from server|unexpected end of file|SocketException: Connection|NoHttpResponseException|failed to respond|Connection broken/i,
  ],
  ['refused', undefined, /\bjava\.net\.ConnectException\b/],
];

/** Frames of Java’s JSSE, of Python’s ssl and urllib3, and of Node’s tls. */
const inHandshake =
  /\b(?:startHandshake|performInitialHandshake|do_handshake|ssl_wrap_socket|onConnectSecure)\b/;

/** Texts that talk about limits and settings rather than of what happened. */
const setting =
  /\b(?:timeouts?|retries|max_retries|keepalive)\b["']?\s*(?:[=:]|(?:is |was )?set to|is|configured (?:as|to)|of)\s*["']?\d|increase (?:the )?timeout|default timeout|timeout value/i;
const settingOnly = /\btimed[ -]?out\b|Timeout(?:Error|Exception)|ETIMEDOUT|deadline|exceeded/i;

const httpStatus =
  /(?:HTTP(?: error| status|\/[\d.]+)?|status(?:[ _]?code)?|response(?: status| code)?|server response|answered|returned|got)["']?[ :=(]*["']?([1-5]\d\d)\b|\b([45]\d\d) (?:Client Error|Server Error|Unauthorized|Forbidden|Not Found|Too Many|Service Unavailable|Bad Gateway|Gateway Time|Internal Server)/i;
const request =
  /\b(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (?:https?:\/\/[^/\s"]{1,255})?(\/[^\s"]{0,500}|)(?:[ ?]HTTP\/[\d.]+)?"?(?:[ \t]*(?:-|=>|->|→|:|,)?[ \t]*"?(?:HTTP\/[\d.]+"?[ \t]*)?([1-5]\d\d)\b)?/;
const attempt =
  /\battempt[ #:=]*(\d{1,4})(?:[ \t]*(?:\/|of)[ \t]*(\d{1,4}))?|\bretry(?:ing)?[^\n]{0,20}?\b(\d{1,4})\/(\d{1,4})/i;
const wait =
  /(?:retry(?:ing)?|reconnect(?:ing)?|back(?:ing)?[ -]?off|sleeping|waiting|next(?: attempt)?|again|trying)[^\n]{0,60}?\b(?:in|for|after|of)?[ =:]*(\d+(?:\.\d+)?) ?(ms|msec|milliseconds?|seconds?|secs?|s|minutes?|mins?|m)\b/i;
const gaveUp =
  /\bafter (\d{1,4}) (?:attempts?|retries|tries)\b|giving up|gave up|max retries exceeded|retries exhausted/i;
const afterTime =
  /(?:time(?:d)?[ -]?out|exceeded|deadline)[^\n]{0,40}?(?:=|after|of|in)?[ ]?(\d+(?:\.\d+)?) ?(ms|milliseconds?|seconds?|secs?|s)\b|read timeout=(\d+(?:\.\d+)?)/i;

/** The body of an answer that says no. */
const answer =
  /\b(?:response|answer|body|reply)\b[^\n]{0,20}[:=][^\n]{0,200}\b(?:error|message|detail|reason)\b|^\s*\{\s*"(?:error|message|detail)"/i;

const unitMs = (unit = 's'): number =>
  /^m(?:s|sec|illi)/i.test(unit) ? 1 : /^m/i.test(unit) ? 60_000 : 1_000;

/** A path without what differs from one to the next: identifiers, numbers, a query. */
export function operationOf(method: string, path: string): string {
  const plain = (path.split(/[?#]/)[0] ?? '').replace(/[",;)]+$/, '');
  const parts = plain
    .split('/')
    .slice(0, 12)
    .map((part) => (isIdentifier(part) ? ':id' : part.slice(0, 40)));
  return `${method.toUpperCase()} ${parts.join('/') || '/'}`;
}

const isIdentifier = (part: string): boolean =>
  part === '...' ||
  part.length > 40 ||
  (/^(?=.*\d)[\w.~%@-]+$/.test(part) === true && !/^v\d{1,2}$/i.test(part));

/** That there was none of it, in words and as a figure. */
const nothingOfIt =
  /\b(?:0|no|zero|without(?: any)?)\s+(?:[\w-]+\s+){0,3}?(?:errors?|failures?|time-?outs?|resets?|refusals?|retries|reconnects?)\b|\b[\w-]*(?:errors?|failures?|time-?outs?|resets?|refused|retries|reconnects?)["']?\s*[=:]\s*0\b(?![.\d])/gi;

/** Whether a record of this level tells of what went on rather than of what did wrong. */
const isRoutine = (level: string): boolean => level === 'info' || level === 'debug' || level === 'trace';

/** What a record’s text says, an event for each thing; nothing for a text that is about something else. */
export function toldBy(said: string, level: string): readonly Told[] {
  const text = said.replace(nothingOfIt, ' ');
  const told: Told[] = [];
  const asked = request.exec(text);
  const operation = asked === null ? {} : { operation: operationOf(asked[1] ?? '', asked[2] ?? '') };
  const found = failureIn(text, level);
  const tried = attemptIn(text);
  if (found !== undefined) told.push({ ...found, ...operation, ...waitedIn(text, found.kind) });
  else if (asked?.[3] !== undefined) told.push({ kind: 'request', ...operation, status: Number(asked[3]) });
  else {
    const status = httpStatus.exec(text);
    const code = status?.[1] ?? status?.[2];
    if (code !== undefined && Number(code) >= 400) told.push({ kind: 'status', detail: code, ...operation });
  }
  const delay = wait.exec(text);
  if (tried.attempt !== undefined || (delay !== null && /retry|reconnect|back|again|next/i.test(delay[0])))
    told.push({ kind: 'retry', ...tried, ...(delay && { delayMs: Number(delay[1]) * unitMs(delay[2]) }) });
  const end = gaveUp.exec(text);
  if (end !== null)
    told.push({ kind: 'gave-up', ...(end[1] === undefined ? {} : { attempts: Number(end[1]) }) });
  if (found === undefined && /\breconnect(?:ing|ed|s)?\b/i.test(text)) told.push({ kind: 'reconnect' });
  if (/\bduplicate\b(?! entry)|already (?:processed|applied|received)/i.test(text))
    told.push({ kind: 'duplicate' });
  if (told.length === 0 && answer.test(text)) told.push({ kind: 'answer' });
  if (/works again|recovered|connection restored|back online/i.test(text)) told.push({ kind: 'recovered' });
  return told;
}

function failureIn(text: string, level: string): Failure | undefined {
  for (const [kind, detail, words] of rows) {
    const found = words.exec(text);
    if (found === null) continue;
    if (kind === 'timeout' && setting.test(text) && !settingOnly.test(text)) continue;
    if (kind === 'ws-close') return { kind, detail: found[1] ?? '' };
    // What is said at INFO of a certificate or of a read-only mode is seldom a failure.
    if (isRoutine(level) && (kind === 'tls' || kind === 'mysql') && !/error|fail|exception/i.test(text))
      continue;
    // A trace that goes through the handshake tells where a connection was reset.
    if (kind === 'reset' && inHandshake.test(text)) return { kind: 'tls', detail: 'handshake' };
    return detail === undefined ? { kind } : { kind, detail };
  }
  return undefined;
}

function attemptIn(text: string): Pick<Told, 'attempt' | 'attempts'> {
  const [, first, of, second, ofSecond] = attempt.exec(text) ?? [];
  const [n, all] = first === undefined ? [second, ofSecond] : [first, of];
  return {
    ...(n === undefined ? {} : { attempt: Number(n) }),
    ...(all === undefined ? {} : { attempts: Number(all) }),
  };
}

function waitedIn(text: string, kind: Told['kind']): Pick<Told, 'afterMs'> {
  if (kind !== 'timeout') return {};
  const [, amount, unit, seconds] = afterTime.exec(text) ?? [];
  if (seconds !== undefined) return { afterMs: Number(seconds) * 1_000 };
  // What is announced before a retry is no time-out.
  if (amount === undefined || /retry/i.test(afterTime.exec(text)?.[0] ?? '')) return {};
  return { afterMs: Number(amount) * unitMs(unit) };
}
