import { expect, it } from 'vitest';
import {
  classify,
  DeadlineError,
  HttpStatusError,
  UnexpectedAnswerError,
} from '../../../../services/agent/shared/errors.ts';

const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

it.each([
  ['ENOTFOUND', 'name_resolution', 'high', true],
  ['EAI_AGAIN', 'name_resolution', 'high', true],
  ['ECONNREFUSED', 'refused', 'high', true],
  ['EHOSTUNREACH', 'refused', 'high', true],
  ['ECONNRESET', 'reset', 'low', false],
  ['EPIPE', 'reset', 'low', false],
  ['UND_ERR_SOCKET', 'reset', 'low', false],
  ['ETIMEDOUT', 'timeout', 'medium', false],
  ['CERT_HAS_EXPIRED', 'tls', 'critical', true],
  ['CERT_NOT_YET_VALID', 'tls', 'critical', true],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'critical', true],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'critical', true],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'critical', true],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls', 'high', true],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'protocol', 'high', false],
  ['HPE_INVALID_CONSTANT', 'protocol', 'high', false],
  ['ER_LOCK_DEADLOCK', 'database', 'medium', true],
  ['PROTOCOL_CONNECTION_LOST', 'database', 'medium', false],
  ['E_NEVER_HEARD_OF', 'unknown', 'high', false],
])('puts %s into %s, severity %s, definite %s', (code, category, severity, definite) => {
  expect(classify(coded(code))).toMatchObject({ category, severity, definite, code });
});

it.each([
  [401, 'authentication', 'critical', true],
  [403, 'authorization', 'high', true],
  [404, 'not_found', 'medium', true],
  [408, 'timeout', 'medium', true],
  [418, 'protocol', 'medium', true],
  [429, 'rate_limited', 'low', true],
  [500, 'server_error', 'medium', false],
  [503, 'server_error', 'medium', true],
])('puts status %i into %s, severity %s, definite %s', (status, category, severity, definite) => {
  const failure = classify(new HttpStatusError(status, '{"error":"x"}'));

  expect(failure).toMatchObject({ category, severity, definite, status, code: `HTTP_${status}` });
});

it('counts a failure before the request was sent as definite', () => {
  expect(classify(coded('ECONNRESET'), 'tls').definite).toBe(true);
  expect(classify(coded('ETIMEDOUT'), 'connect').definite).toBe(true);
  expect(classify(coded('ECONNRESET'), 'wait').definite).toBe(false);
});

it('takes the phase from a deadline that passed', () => {
  const failure = classify(
    new Error('request failed', { cause: new DeadlineError('connect', 10_000) }),
    'wait',
  );

  expect(failure).toMatchObject({
    category: 'timeout',
    phase: 'connect',
    definite: true,
    code: 'DEADLINE_EXCEEDED',
  });
});

it('knows a failed look-up by its system call', () => {
  const lookup = Object.assign(coded('EAI_AGAIN'), { syscall: 'getaddrinfo' });

  expect(classify(lookup, 'connect')).toMatchObject({
    category: 'name_resolution',
    phase: 'name_resolution',
  });
});

it('leaves out the line end that OpenSSL puts behind its words', () => {
  const error = coded('ERR_SSL_WRONG_VERSION_NUMBER', 'error:0A00010B:SSL routines::wrong version number:\n');

  expect(classify(error).message).toBe('error:0A00010B:SSL routines::wrong version number:');
});

it('keeps the whole cause chain in the message and decides by the innermost known code', () => {
  const root = coded('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:5000');
  const wrapped = new TypeError('fetch failed', { cause: new Error('dial', { cause: root }) });

  expect(classify(wrapped)).toMatchObject({
    category: 'refused',
    message: 'fetch failed: dial: connect ECONNREFUSED 127.0.0.1:5000',
  });
});

it('looks into the errors of an aggregate', () => {
  const aggregate = new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')], '');

  expect(classify(aggregate).category).toBe('refused');
});

it('tells a peer that speaks no TLS from a failed handshake', () => {
  const wrongPort = coded('EPROTO', 'write EPROTO 140:error:0A00010B:SSL routines::wrong version number:');

  expect(classify(wrongPort, 'tls').category).toBe('protocol');
  expect(classify(coded('EPROTO', 'alert handshake failure'), 'tls').category).toBe('tls');
  expect(classify(new UnexpectedAnswerError('health has no status')).category).toBe('protocol');
});

it('survives causes that point at each other, and things that are no errors', () => {
  const first = coded('ECONNRESET');
  first.cause = new Error('second', { cause: first });

  expect(classify(first).category).toBe('reset');
  expect(classify('just text')).toMatchObject({ category: 'unknown', message: 'just text' });
  expect(classify(undefined)).toMatchObject({ category: 'unknown', message: '' });
});
