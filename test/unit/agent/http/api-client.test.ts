import { expect, it } from 'vitest';
import { ApiClient } from '../../../../services/agent/http/api-client.ts';
import { Authentication } from '../../../../services/agent/http/authentication.ts';
import type { HttpRequest } from '../../../../services/agent/http/connection.ts';
import { HealthMonitor } from '../../../../services/agent/http/health-monitor.ts';
import type { Attempt, LostConnection } from '../../../../services/agent/http/http.ts';
import type { Operation } from '../../../../services/agent/http/operation.ts';
import { OperationLog } from '../../../../services/agent/http/operation-log.ts';
import { parseJson } from '../../../../services/agent/http/server-health.ts';
import {
  classify,
  DeadlineError,
  HttpStatusError,
  type Phase,
} from '../../../../services/agent/shared/errors.ts';
import { LogThrottle } from '../../../../services/agent/shared/log-throttle.ts';
import { quickRetry, type RetryPolicy } from '../../../../services/agent/shared/retry.ts';
import { seededRandom } from '../../../../services/random.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { recordingLog } from '../recording-log.ts';

const token = 'abc12345-0000-4000-8000-00000000xyz9';
const operation: Operation<unknown> = {
  name: 'fleet_report',
  method: 'POST',
  path: '/api/fleet/report',
  body: { sequence: 1 },
  idempotencyKey: 'key-1',
  idempotent: true,
  authenticated: true,
  parse: parseJson,
};
const unsafe: Operation<unknown> = { ...operation, idempotent: false };

const answered = (body = '{}'): Attempt => ({
  ok: true,
  answer: { status: 200, headers: {}, body },
  durationMs: 5,
});
const broken = (code: string, phase: Phase, lost?: LostConnection): Attempt => {
  const error = Object.assign(new Error(code), { code });
  return { ok: false, failure: classify(error, phase), error, durationMs: 5, ...(lost && { lost }) };
};
const refused = (status: number, body = '{}', retryAfterMs?: number): Attempt => {
  const error = new HttpStatusError(status, body, retryAfterMs);
  const told = retryAfterMs === undefined ? {} : { retryAfterMs };
  return { ok: false, failure: classify(error), error, durationMs: 5, ...told };
};
const timedOut: Attempt = {
  ok: false,
  failure: classify(new DeadlineError('wait', 30_000)),
  error: new DeadlineError('wait', 30_000),
  durationMs: 30_000,
};

/** A caller whose attempts end as the script says; the last line of it is repeated. */
function clientWith(
  script: Attempt[],
  policy: Partial<RetryPolicy> = {},
  serverUrl = new URL('https://server:5000/base/'),
) {
  const log = recordingLog();
  const clock = manualClock();
  const requests: HttpRequest[] = [];
  const sentAtMs: number[] = [];
  const startMs = clock.now();
  const monitor = new HealthMonitor(log, {
    degradedAfterFailures: 2,
    failingAfterFailures: 3,
    slowMs: 60_000,
    healthyAfterSuccesses: 3,
  });
  const client = new ApiClient({
    sendOnce: async (request) => {
      requests.push(request);
      sentAtMs.push(clock.now() - startMs);
      return script[Math.min(requests.length, script.length) - 1] ?? answered();
    },
    policy: { ...quickRetry, jitter: 0, ...policy },
    clock,
    random: seededRandom(1),
    token,
    serverUrl,
    records: new OperationLog(log, new LogThrottle(log, clock), serverUrl),
    authentication: new Authentication(log, clock, token, 2_500),
    monitor,
    probe: async () => ({
      connectMs: 1,
      tlsMs: 2,
      healthMs: 3,
      health: { status: 'ok', eventLoopLagMs: 9_000 },
    }),
  });
  const run = async (what: Operation<unknown> = operation) => {
    const { signal } = new AbortController();
    const outcome = client.call(what, signal).catch((error: unknown) => error);
    await clock.advance(60_000);
    return outcome;
  };
  const events = () => log.records.map(({ level, fields }) => [level, fields.event]);
  return { client, run, requests, sentAtMs, log, events, clock };
}

it('sends token, key and body the same on every attempt, below the path of the server URL', async () => {
  const { run, requests } = clientWith([broken('ECONNRESET', 'wait'), answered('{"accepted":true}')]);

  expect(await run()).toEqual({ accepted: true });
  expect(requests[0]).toEqual({
    method: 'POST',
    path: '/base/api/fleet/report',
    headers: {
      accept: 'application/json',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': 'key-1',
    },
    body: '{"sequence":1}',
  });
  expect(requests[1]).toEqual(requests[0]);
});

it('waits 1 and 2 s between three attempts and then gives up', async () => {
  const { run, sentAtMs, events } = clientWith([broken('ECONNREFUSED', 'connect')]);

  expect(await run()).toMatchObject({
    name: 'OperationError',
    failure: { category: 'refused', definite: true },
  });
  expect(sentAtMs).toEqual([0, 1_000, 3_000]);
  expect(events()).toEqual([
    ['debug', 'attempt_failed'],
    ['warn', 'health'],
    ['debug', 'attempt_failed'],
    ['warn', 'health'],
    ['error', 'operation_failed'],
  ]);
});

it('leaves what is done only once out of the health, which it could never be cured of', async () => {
  const { run, events } = clientWith([broken('ECONNREFUSED', 'connect')]);

  await run({ ...operation, once: true });

  expect(events()).toEqual([
    ['debug', 'attempt_failed'],
    ['debug', 'attempt_failed'],
    ['error', 'operation_failed'],
  ]);
});

it('makes four attempts if told so', async () => {
  const { run, sentAtMs } = clientWith([broken('ECONNREFUSED', 'connect')], { attempts: 4 });

  await run();

  expect(sentAtMs).toEqual([0, 1_000, 3_000, 7_000]);
});

it('names the URL that is asked for, without what else stands in the URL of the server', async () => {
  const serverUrl = new URL('https://fleet:pass@server:5000/base/?key=value');
  const { run, log } = clientWith([broken('ECONNREFUSED', 'connect')], {}, serverUrl);

  await run();

  expect(log.records.at(-1)?.fields.url).toBe('https://server:5000/base/api/fleet/report');
});

it('says nothing above DEBUG when the second attempt succeeds', async () => {
  const { run, events } = clientWith([broken('ECONNRESET', 'tls'), answered()]);

  await run();

  expect(events()).toEqual([['debug', 'attempt_failed']]);
});

it('looks for the cause behind the last time-out', async () => {
  const { run, log } = clientWith([timedOut]);

  await run();

  const messages = log.records
    .filter(({ level }) => level !== 'debug')
    .map(({ message }) => message.split('\n')[0]);
  const url = 'POST https://server:5000/base/api/fleet/report';
  expect(messages.filter((message) => message?.startsWith('Request timeout'))).toEqual([
    `Request timeout (attempt 1/3): ${url} - retrying in 1s`,
    `Request timeout (attempt 2/3): ${url} - retrying in 2s`,
    expect.stringContaining(`Request timeout after 3 attempts: ${url} - `),
  ]);
  expect(log.records.at(-1)?.fields).toMatchObject({ probableCause: 'server_overloaded', definite: false });
});

it.each([401, 403])('asks once and no more after %i', async (status) => {
  const { run, requests, events } = clientWith([refused(status)]);

  await run();

  expect(requests).toHaveLength(1);
  expect(events()).toEqual([['error', 'auth_refused']]);
});

it('does not count connections that the server had closed, up to a limit', async () => {
  const stale = broken('UND_ERR_SOCKET', 'wait', 'stale');
  const once = clientWith([stale, stale, answered()], { attempts: 1 });
  const forEver = clientWith([stale], { attempts: 1 });

  expect(await once.run()).toEqual({});
  expect(once.sentAtMs).toEqual([0, 0, 0]);
  expect(await forEver.run()).toMatchObject({ failure: { category: 'reset' } });
  expect(forEver.requests).toHaveLength(5);
});

it('waits a little longer after each handshake that is cut, without using up its attempts', async () => {
  const cut = broken('ECONNRESET', 'tls', 'handshake');
  const { run, sentAtMs, events } = clientWith([cut, cut, cut, cut, answered()], { attempts: 1 });

  expect(await run(unsafe)).toEqual({});
  const waits = sentAtMs.slice(1).map((atMs, index) => atMs - (sentAtMs[index] ?? 0));
  for (const [index, nominal] of [200, 400, 800, 1_600].entries()) {
    expect(Math.abs((waits[index] ?? 0) - nominal)).toBeLessThanOrEqual(nominal * 0.1);
  }
  expect(new Set(events().map(([level]) => level))).toEqual(new Set(['debug']));
});

it('does not repeat unsafe work that may have been done, on a stale connection or not', async () => {
  const afterSending = clientWith([broken('ECONNRESET', 'wait', 'stale')]);
  const beforeSending = clientWith([broken('ECONNRESET', 'tls'), answered()]);

  await afterSending.run(unsafe);
  await beforeSending.run(unsafe);

  expect(afterSending.requests).toHaveLength(1);
  expect(beforeSending.requests).toHaveLength(2);
});

it('calls the outcome unknown if any attempt may have taken effect', async () => {
  const { run, log } = clientWith([broken('ECONNRESET', 'wait'), broken('ECONNREFUSED', 'connect')]);

  expect(await run()).toMatchObject({ failure: { category: 'refused', definite: false } });
  expect(log.records.at(-1)?.fields).toMatchObject({ event: 'operation_failed', definite: false });
});

it('takes an answer that makes no sense for a server of another kind', async () => {
  const nonsense = clientWith([answered('<html>')]);
  const notFound = clientWith([refused(404)]);

  expect(await nonsense.run()).toMatchObject({ failure: { category: 'protocol' } });
  expect(await notFound.run({ ...operation, alwaysThere: true })).toMatchObject({
    failure: { category: 'protocol' },
  });
  expect(notFound.requests).toHaveLength(1);
});

it('leaves a missing agent to those who can register it', async () => {
  const { run, events } = clientWith([refused(404, '{"error":"Agent not found"}')]);

  expect(await run({ ...operation, agentMayBeMissing: true })).toMatchObject({
    failure: { category: 'not_found' },
  });
  expect(events()).toEqual([]);
});

it('reports a repeated failure once, and its end', async () => {
  const script = [...Array(9).fill(broken('ECONNREFUSED', 'connect')), answered()];
  const { run, events } = clientWith(script, { attempts: 3 });

  for (let cycle = 0; cycle < 4; cycle += 1) await run();

  const records = events().filter(([level]) => level === 'error' || level === 'info');
  expect(records.filter(([, event]) => event === 'operation_recovered')).toHaveLength(1);
  expect(records.filter(([, event]) => event === 'operation_failed').length).toBeLessThan(4);
});

it('gives up its waiting at once when the agent stops', async () => {
  const { client, requests, clock } = clientWith([broken('ECONNREFUSED', 'connect')]);
  const stop = new AbortController();
  const running = client.call(operation, stop.signal);
  await clock.advance(500);

  stop.abort(new Error('stopping'));

  await expect(running).rejects.toThrow('stopping');
  expect(requests).toHaveLength(1);
});

it.each([408, 413, 429])('takes a %i for no proof that the token is good', async (status) => {
  const { run, log } = clientWith([refused(status), refused(401)], { attempts: 1 });

  await run();
  await run();

  expect(log.records.find(({ fields }) => fields.event === 'auth_refused')?.fields).toMatchObject({
    confirmed: true,
  });
});

it.each([429, 503])('waits as long as Retry-After asks after %i', async (status) => {
  const { run, sentAtMs } = clientWith([refused(status, '{}', 20_000), answered()]);

  expect(await run()).toEqual({});
  expect(sentAtMs[1]).toBeGreaterThanOrEqual(20_000);
  expect(sentAtMs[1]).toBeLessThanOrEqual(22_000);
});

it('tells its caller that the server asks for a longer wait than allowed, instead of coming back early', async () => {
  const { run, sentAtMs, log } = clientWith([refused(503, '{}', 120_000), answered()]);

  const outcome = await run();

  expect(sentAtMs).toEqual([0]);
  expect(outcome).toMatchObject({ failure: { category: 'server_error', code: 'HTTP_503' } });
  expect(String((outcome as Error).message)).toContain('asks to wait 120 s, longer than the 30 s allowed');
  expect(log.records.at(-1)).toMatchObject({ level: 'error', fields: { event: 'operation_failed' } });
});

it('sends nothing at all before the wait is over, whatever the operation', async () => {
  const { run, sentAtMs } = clientWith([refused(503, '{}', 120_000), answered()]);
  await run();

  const outcome = await run({ ...operation, name: 'heartbeat' });
  expect(outcome).toMatchObject({
    failure: { category: 'rate_limited', code: 'SERVER_HOLD', definite: true },
  });
  expect(sentAtMs).toEqual([0]);

  expect(await run({ ...operation, name: 'health_check', quiet: true, attempts: 1 })).toEqual({});
  expect(sentAtMs[1]).toBeGreaterThanOrEqual(120_000);
});

it('holds the requests of others back as well while a wait lasts that it can wait for', async () => {
  const { client, clock, sentAtMs } = clientWith([refused(429, '{}', 20_000), answered()]);
  const { signal } = new AbortController();
  const first = client.call(operation, signal);
  await clock.advance(1_000);

  const second = client.call({ ...operation, name: 'heartbeat' }, signal);
  await clock.advance(60_000);

  await Promise.all([first, second]);
  expect(sentAtMs).toHaveLength(3);
  expect(Math.min(...sentAtMs.slice(1))).toBeGreaterThanOrEqual(20_000);
});
