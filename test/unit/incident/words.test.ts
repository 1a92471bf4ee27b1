/** The words of many languages for the same few events. */
import { describe, expect, it } from 'vitest';
import { familyOf } from '../../../harness/incident/event.ts';
import { operationOf, toldBy } from '../../../harness/incident/reading/words.ts';

const families = (text: string, level = 'error'): string[] =>
  toldBy(text, level).flatMap((told) => familyOf(told) ?? []);

describe('failures', () => {
  it.each([
    ['read ECONNRESET', 'reset'],
    ["('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))", 'reset'],
    ["('Connection aborted.', RemoteDisconnected('Remote end closed connection without response'))", 'reset'],
    ['java.net.SocketException: Connection reset', 'reset'],
    ['Post "https://x/y": read tcp 10.0.0.2:51234->10.0.0.1:443: read: connection reset by peer', 'reset'],
    ['Post "https://x/y": EOF', 'reset'],
    ['System.IO.IOException: An existing connection was forcibly closed by the remote host.', 'reset'],
    ['write EPIPE', 'reset'],
    ['socket hang up', 'reset'],
    ['connect ECONNREFUSED 127.0.0.1:443', 'refused'],
    ['dial tcp 127.0.0.1:443: connect: connection refused', 'refused'],
    [
      "HTTPSConnectionPool(host='x', port=443): Max retries exceeded with url: /y (Caused by NewConnectionError('[Errno 111] Connection refused'))",
      'refused',
    ],
    ['java.net.ConnectException: Connection refused (Connection refused)', 'refused'],
    ['getaddrinfo ENOTFOUND api.internal', 'dns'],
    ['dial tcp: lookup api.internal on 10.0.0.2:53: no such host', 'dns'],
    ['[Errno -2] Name or service not known', 'dns'],
    ['java.net.UnknownHostException: api.internal', 'dns'],
    ['x509: certificate has expired or is not yet valid: current time …', 'tls:expired'],
    ['x509: certificate signed by unknown authority', 'tls:unknown_ca'],
    ['unable to verify the first certificate', 'tls:unknown_ca'],
    [
      "Hostname/IP does not match certificate's altnames: Host: a. is not in the cert's altnames",
      'tls:wrong_host',
    ],
    ['javax.net.ssl.SSLHandshakeException: Remote host terminated the handshake', 'tls:handshake'],
    [
      'ssl.SSLEOFError: [SSL: UNEXPECTED_EOF_WHILE_READING] EOF occurred in violation of protocol',
      'tls:handshake',
    ],
    ['Client network socket disconnected before secure TLS connection was established', 'tls:handshake'],
    ['[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1006)', 'tls:protocol'],
    ['ReadTimeout: HTTPSConnectionPool(host=x, port=443): Read timed out. (read timeout=30)', 'timeout'],
    ['context deadline exceeded (Client.Timeout exceeded while awaiting headers)', 'timeout'],
    ['java.net.SocketTimeoutException: Read timed out', 'timeout'],
    ['HTTP error 401: POST https://x/api/agents/register', 'status:401'],
    ['403 Client Error: Forbidden for url: https://x/y', 'status:403'],
    ['request failed with status code 503', 'status:503'],
    ['ERROR 1213 (40001): Deadlock found when trying to get lock; try restarting transaction', 'mysql:1213'],
    ['(1205, "Lock wait timeout exceeded; try restarting transaction")', 'mysql:1205'],
    ['Too many connections', 'mysql:1040'],
    ['WebSocket closed with code 1006', 'ws-close:1006'],
    [
      'received 1011 (internal error) keepalive ping timeout; websocket closing with code 1011',
      'ws-close:1011',
    ],
  ])('reads “%s” as %s', (text, family) => {
    expect(families(text)).toEqual([family]);
  });

  it.each([
    'Read timeout is set to 30 s',
    'timeout=30 retries=3',
    'Server is reachable (health check passed)',
    'Listening on 0.0.0.0:8443',
    'Processed 500 items in 3 s',
    'Loaded certificate for api.example.com, valid until 2027',
    'User 404123 logged in',
  ])('reads nothing into “%s”', (text) => {
    expect(families(text, 'info')).toEqual([]);
  });
});

it('reads attempts, waits and the time that was waited', () => {
  expect(
    toldBy('Request timeout (attempt 2/3): POST http://x/api/agents/7/heartbeat - retrying in 2s', 'warn'),
  ).toEqual([
    { kind: 'timeout', detail: 'read', operation: 'POST /api/agents/:id/heartbeat' },
    { kind: 'retry', attempt: 2, attempts: 3, delayMs: 2_000 },
  ]);
  expect(toldBy('Read timed out. (read timeout=30)', 'error')[0]).toMatchObject({ afterMs: 30_000 });
  expect(
    toldBy('Connection error after 5 attempts: GET http://x/y - [Errno 111] Connection refused', 'error'),
  ).toContainEqual({
    kind: 'gave-up',
    attempts: 5,
  });
});

it('gives requests the same name whatever their identifiers', () => {
  const [one, other] = [
    '/api/agents/5eb85c3f-8817-4483-82b3-bd9fdb2e78c4/heartbeat',
    '/api/agents/abc-123/heartbeat?x=1',
  ].map((path) => operationOf('post', path));
  expect(one).toBe('POST /api/agents/:id/heartbeat');
  expect(other).toBe(one);
});

it('takes no more time for a hostile text than for another of its length', () => {
  for (const unit of ['websocket close ', 'retrying ', 'a@', 'http://', '1.2.3.4.', 'POST /', 'timeout '])
    expect(() => toldBy(unit.repeat(8_000 / unit.length), 'error')).not.toThrow();
});

it('takes a reset within the handshake for a handshake that broke', () => {
  const java =
    'poll failed\njava.net.SocketException: Connection reset\n\tat java.base/sun.security.ssl.SSLSocketImpl.startHandshake(SSLSocketImpl.java:455)';
  const python =
    'poll failed\n  File "/usr/lib/python3/ssl.py", line 1346, in do_handshake\nConnectionResetError: [Errno 104] Connection reset by peer';
  for (const text of [java, python]) expect(families(text)).toEqual(['tls:handshake']);
  expect(families(java.replace('startHandshake', 'read'))).toEqual(['reset']);
});
