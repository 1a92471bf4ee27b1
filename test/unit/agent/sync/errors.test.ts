import { describe, expect, it } from 'vitest';
import { classifyDatabase, isDuplicate } from '../../../../services/agent/sync/errors.ts';

const serverError = (errno: number, code?: string): Error =>
  Object.assign(new Error(`error ${errno}`), { errno, ...(code !== undefined && { code }) });
const clientError = (code: string): Error => Object.assign(new Error(code), { code });

it.each([
  [1040, { category: 'database', retry: 'later', discard: true, definite: true, code: 'ER_CON_COUNT_ERROR' }],
  [1045, { category: 'authentication', retry: 'never', definite: true, severity: 'critical' }],
  [1205, { category: 'database', retry: 'soon', discard: false, definite: true }],
  [1213, { category: 'database', retry: 'soon', discard: false, definite: true }],
  [1290, { category: 'database', retry: 'later', discard: true, definite: true }],
  [1927, { category: 'database', retry: 'later', discard: true, code: 'ER_CONNECTION_KILLED' }],
  [2013, { category: 'database', retry: 'later', discard: true }],
  [3024, { category: 'timeout', retry: 'later', discard: false }],
])('knows what %i means', (errno, meaning) => {
  expect(classifyDatabase(serverError(errno), false)).toMatchObject(meaning);
});

it('goes by the number where the server has a name that the client library does not know', () => {
  expect(classifyDatabase(serverError(1927), false).code).toBe('ER_CONNECTION_KILLED');
});

it('retries no statement that the server finds fault with', () => {
  expect(classifyDatabase(serverError(1064, 'ER_PARSE_ERROR'), false)).toMatchObject({
    category: 'database',
    severity: 'high',
    retry: 'never',
    discard: false,
    definite: true,
  });
});

it.each([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'PROTOCOL_CONNECTION_LOST',
  'DEADLINE_EXCEEDED',
])('tries again later after %s, on another connection', (code) => {
  expect(classifyDatabase(clientError(code), false)).toMatchObject({ retry: 'later', discard: true });
});

it('knows a connection in closed state, although mysql2 gives it no code', () => {
  const error = Object.assign(new Error("Can't add new command when connection is in closed state"), {
    fatal: true,
  });
  expect(classifyDatabase(error, false)).toMatchObject({
    category: 'database',
    code: 'PROTOCOL_CONNECTION_LOST',
    retry: 'later',
    discard: true,
  });
});

it('retries nothing it does not understand', () => {
  expect(classifyDatabase(new TypeError('x is not a function'), false)).toMatchObject({ retry: 'never' });
});

describe('once COMMIT has been sent', () => {
  it.each([
    'ECONNRESET',
    'PROTOCOL_CONNECTION_LOST',
    'DEADLINE_EXCEEDED',
  ])('%s leaves the outcome open', (code) => {
    expect(classifyDatabase(clientError(code), true).definite).toBe(false);
    expect(classifyDatabase(clientError(code), false).definite).toBe(true);
  });

  it.each([1053, 1317, 1927, 2013])('error %i leaves the outcome open', (errno) => {
    expect(classifyDatabase(serverError(errno), true).definite).toBe(false);
    expect(classifyDatabase(serverError(errno), false).definite).toBe(true);
  });

  it.each([1213, 1290])('error %i says that nothing happened', (errno) => {
    expect(classifyDatabase(serverError(errno), true).definite).toBe(true);
  });
});

it('finds a duplicate behind another error', () => {
  expect(isDuplicate(new Error('claim', { cause: serverError(1062) }))).toBe(true);
  expect(isDuplicate(serverError(1205))).toBe(false);
});

it.each([
  'self-signed certificate in certificate chain',
  'certificate has expired',
  "Hostname/IP does not match certificate's altnames: Host: localhost. is not in the cert's altnames: DNS:other",
])('does not try again with a database that cannot prove who it is: %s', (message) => {
  const error = Object.assign(new Error(message), { code: 'HANDSHAKE_SSL_ERROR', fatal: true });

  expect(classifyDatabase(error, false)).toMatchObject({
    category: 'tls',
    severity: 'critical',
    retry: 'never',
    discard: true,
    definite: true,
  });
});

it('tries again after a TLS handshake with the database that was cut', () => {
  const error = Object.assign(
    new Error('Client network socket disconnected before secure TLS connection was established'),
    { code: 'HANDSHAKE_SSL_ERROR', fatal: true },
  );

  expect(classifyDatabase(error, false)).toMatchObject({ retry: 'later', discard: true, definite: true });
});
