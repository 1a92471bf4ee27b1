import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { AgentStartError, createHardenedAgent, type Dial } from '../../../../services/agent/http/index.ts';
import { watchStalls } from '../../../support/stalls.ts';
import { until } from '../../../support/until.ts';
import { testCertificates } from '../certificates.ts';
import { type SeenRequest, sendJson, startTestServer } from '../test-server.ts';
import { benchAgent, clientToken, labPace } from './start-agent.ts';

const onlyReports = {
  HEARTBEAT_INTERVAL: '0',
  PENDING_COMMANDS_CHECK_INTERVAL: '0',
  HEALTH_CHECK_INTERVAL: '0',
};
const onlyHeartbeats = { ...onlyReports, HEARTBEAT_INTERVAL: '5', FLEET_REPORT_INTERVAL: '0' };
/** What a timer may be early by, in milliseconds of the fast clock. */
const stepMs = 50;
const report = '/api/fleet/report';
const heartbeat = '/api/agents/agent-1/heartbeat';

const sequenceOf = ({ body }: SeenRequest): number => JSON.parse(body).sequence;

it('makes one handshake and one report per cycle, and logs nothing above INFO', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url);

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 20, 'twenty reports');
  await bench.agent.stop();

  const sequences = server.requestsTo(report).map(sequenceOf);
  expect(server.handshakes).toBe(1);
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  expect(bench.above('info')).toEqual([]);
  expect(bench.agent.facts).toEqual({ machineId: 'agent-001', agentId: 'agent-1' });
  expect(bench.text).not.toContain(clientToken);
  expect(bench.openSockets).toBe(0);
});

it('sends a report again under the same key when its connection is reset, and says so at DEBUG only', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);
  server.override = (seen, _response, socket) => {
    const isSecond = seen.path === report && sequenceOf(seen) === 2 && server.requestsTo(report).length === 2;
    if (isSecond) socket.destroy();
    return isSecond;
  };

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 5, 'five reports');
  await bench.agent.stop();

  const reports = server.requestsTo(report).slice(0, 5);
  const keys = reports.map(({ headers }) => headers['idempotency-key']);
  expect(reports.map(sequenceOf)).toEqual([1, 2, 2, 3, 4]);
  expect(keys[1]).toBe(keys[2]);
  expect(new Set(keys).size).toBe(4);
  expect(bench.events('attempt_failed')).toMatchObject([
    {
      level: 'debug',
      category: 'reset',
      definite: false,
      lost: 'stale',
      operation: 'fleet_report',
      attempt: 1,
    },
  ]);
  expect(bench.above('info')).toEqual([]);
});

it('survives a server that closes the connection after every answer, without using up its attempts', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, {
    ...onlyReports,
    RETRY_ATTEMPTS: '1',
  });
  server.override = (_seen, response, socket) => {
    response.once('finish', () => setImmediate(() => socket.destroy()));
    return false;
  };

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 10, 'ten reports');
  await bench.agent.stop();

  expect(bench.above('info')).toEqual([]);
  expect(server.requestsTo(report).map(sequenceOf).slice(0, 10)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it('retires its connection before the time-out that the server announces', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);
  const seen: { connection: number; atMs: number }[] = [];
  let idleCloses = 0;
  server.override = ({ path, connection }, response, socket) => {
    if (path !== report) return false;
    if (seen.at(-1)?.connection !== connection) socket.once('end', () => (idleCloses += 1));
    seen.push({ connection, atMs: bench.clock.now() });
    return sendJson(response, 200, { accepted: true, duplicate: false }, { 'keep-alive': 'timeout=3' });
  };

  await bench.agent.start();
  await until(() => idleCloses >= 3, 'three connections that were let go');
  await bench.agent.stop();

  // A report that a busy machine made late may be followed soon by the next one.
  const kept = seen.filter(({ connection }, index) => connection === seen[index - 1]?.connection);
  for (const { atMs } of kept)
    expect(atMs - (seen.findLast((one) => one.atMs < atMs)?.atMs ?? 0)).toBeLessThan(3_000);
  expect(bench.events('attempt_failed')).toEqual([]);
});

it('makes good handshakes that are cut, after short waits and at DEBUG, and spends no attempt on them', async () => {
  await using server = await startTestServer();
  await using cutting = await listenRaw((socket) => socket.once('data', () => socket.resetAndDestroy()));
  let dialled = 0;
  const dial: Dial = ({ host }) => {
    dialled += 1;
    return connect({ host, port: dialled <= 3 ? cutting.port : server.port });
  };
  const env = { ...onlyReports, RETRY_ATTEMPTS: '1', FLEET_REPORT_INTERVAL: '0' };
  await using bench = await benchAgent(createHardenedAgent, server.url, env, { dial });

  await bench.agent.start();
  await bench.agent.stop();

  const failed = bench.records.filter(({ event }) => event === 'attempt_failed' || event === 'suppressed');
  expect(dialled).toBe(4);
  expect(failed).toMatchObject([
    { level: 'debug', category: 'reset', phase: 'tls', definite: true, attempt: 1, lost: 'handshake' },
    { level: 'debug', event: 'suppressed', count: 1 },
    { level: 'debug', category: 'reset', phase: 'tls', operation: 'startup_check' },
  ]);
  expect(failed[0]?.delayMs).toBeGreaterThanOrEqual(180);
  expect(failed[2]?.delayMs).toBeGreaterThanOrEqual(720);
  expect(bench.above('info')).toEqual([]);
});

it('gives up on a server that drops every handshake, after a bounded number of them', async () => {
  await using cutting = await listenRaw((socket) => socket.once('data', () => socket.destroy()));
  await using bench = await benchAgent(createHardenedAgent, `https://127.0.0.1:${cutting.port}`);

  await expect(bench.agent.start()).rejects.toMatchObject({
    exitCode: 69,
    failure: { category: 'reset', phase: 'tls', definite: true },
  });

  expect(bench.dialled).toBe(15);
  expect(bench.events('operation_failed')[0]?.cause).toContain(
    'dropped the connection during the TLS handshake',
  );
});

it('reports an outage once per operation with all it takes to act, keeps every report, and says when it is over', async () => {
  const server = await startTestServer();
  const { port, url } = server;
  await using bench = await benchAgent(createHardenedAgent, url, onlyReports);
  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 2, 'two reports');

  await server[Symbol.asyncDispose]();
  await until(() => bench.events('operation_failed').length > 0, 'a given-up operation');
  await bench.clock.sleep(20_000);
  await using again = await startTestServer({ port });
  await until(() => bench.events('operation_recovered').length > 0, 'recovery');
  await until(() => again.requestsTo(report).length >= 6, 'the reports of the outage');
  await bench.agent.stop();

  const all = [...server.requestsTo(report), ...again.requestsTo(report)].map(sequenceOf);
  expect(all).toEqual(all.map((_, index) => index + 1));
  const [failed] = bench.events('operation_failed');
  expect(failed).toMatchObject({
    level: 'error',
    operation: 'fleet_report',
    method: 'POST',
    url: `${url}${report}`,
    category: 'refused',
    severity: 'high',
    code: 'ECONNREFUSED',
    serverUrl: url,
    verify: 'Verify server is running and CLIENT_TOKEN is valid',
    attempt: 3,
    cause: expect.stringContaining(`Nothing listens at 127.0.0.1:${port}`),
  });
  expect(failed?.msg).toMatch(
    new RegExp(
      `^Connection error after 3 attempts: POST ${url}${report} - .*ECONNREFUSED.*\\n` +
        `Server URL configured as: ${url}\\nVerify server is running and CLIENT_TOKEN is valid$`,
    ),
  );
  expect(bench.events('operation_failed').length).toBeLessThanOrEqual(2);
  expect(bench.events('operation_recovered')).toMatchObject([{ level: 'info', operation: 'fleet_report' }]);
  const levels = bench.records.map(({ event }) => event);
  expect(levels.indexOf('health')).toBeLessThan(levels.indexOf('operation_failed'));
});

it('bounds a request that is never answered, warns before each retry and names the time-out', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, {
    ...onlyHeartbeats,
    REQUEST_TIMEOUT: '10',
  });
  await bench.agent.start();
  server.override = ({ path }) => path === heartbeat;
  const stalledMs = watchStalls();

  await until(() => bench.events('operation_failed').length > 0, 'a given-up heartbeat');
  await bench.agent.stop();

  const url = `${server.url}${heartbeat}`;
  const messages = bench.records.filter(({ level }) => level === 'warn').map(({ msg }) => msg);
  expect(messages.filter((text) => text.startsWith('Request'))).toEqual([
    `Request timeout (attempt 1/3): POST ${url} - retrying in 1s`,
    `Request timeout (attempt 2/3): POST ${url} - retrying in 2s`,
  ]);
  const [failed] = bench.events('operation_failed');
  expect(failed?.msg).toContain(`Request timeout after 3 attempts: POST ${url} - `);
  expect(failed).toMatchObject({
    category: 'timeout',
    phase: 'wait',
    definite: false,
    code: 'DEADLINE_EXCEEDED',
  });
  expect(failed?.durationMs).toBeGreaterThanOrEqual(9_900);
  expect(failed?.durationMs).toBeLessThan(15_000 + labPace * stalledMs());
});

it('bounds an answer whose body never ends', async () => {
  await using server = await startTestServer();
  const env = { ...onlyHeartbeats, REQUEST_TIMEOUT: '10', RETRY_ATTEMPTS: '1' };
  await using bench = await benchAgent(createHardenedAgent, server.url, env);
  await bench.agent.start();
  server.override = ({ path }, response) => {
    if (path !== heartbeat) return false;
    response.writeHead(200, { 'content-type': 'application/json' }).write('{"status":');
    return true;
  };

  await until(() => bench.events('operation_failed').length > 0, 'a given-up heartbeat');

  expect(bench.events('operation_failed')[0]).toMatchObject({
    category: 'timeout',
    phase: 'body',
    definite: false,
  });
});

it('takes a body that is cut short for a failure', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, {
    ...onlyHeartbeats,
    RETRY_ATTEMPTS: '1',
  });
  await bench.agent.start();
  server.override = ({ path }, response, socket) => {
    if (path !== heartbeat) return false;
    response.writeHead(200, { 'content-length': '100' }).write('{"status":', () => socket.destroy());
    return true;
  };

  await until(() => bench.events('operation_failed').length > 0, 'a given-up heartbeat');

  expect(bench.events('operation_failed')[0]).toMatchObject({
    category: 'reset',
    phase: 'body',
    definite: false,
  });
});

it.each([
  ['server_overloaded', { load: { active: 100, waiting: 40, limit: 100 } }],
  ['server_overloaded', { eventLoopLagMs: 9_000, database: { ok: true, latencyMs: 9_500 } }],
  [
    'slow_database',
    { database: { ok: true, latencyMs: 3, oldestMs: 25_000 }, load: { active: 100, waiting: 4, limit: 100 } },
  ],
  ['unknown', {}],
])('finds %s behind a time-out when the server says %j', async (probableCause, health) => {
  await using server = await startTestServer();
  const env = { ...onlyHeartbeats, REQUEST_TIMEOUT: '4', RETRY_ATTEMPTS: '1' };
  await using bench = await benchAgent(createHardenedAgent, server.url, env, { pace: 10 });
  await bench.agent.start();
  server.override = ({ path }, response) => {
    if (path === '/health') return sendJson(response, 200, { status: 'ok', ...health });
    return path === heartbeat;
  };

  await until(() => bench.events('operation_failed').length > 0, 'a given-up heartbeat');

  expect(bench.events('operation_failed')[0]).toMatchObject({ probableCause, probe: { health } });
});

it('finds a slow network behind a time-out when not even the probe gets through', async () => {
  await using server = await startTestServer();
  await using silent = await listenRaw(() => {});
  const env = { ...onlyHeartbeats, REQUEST_TIMEOUT: '10', CONNECT_TIMEOUT: '10', RETRY_ATTEMPTS: '1' };
  let port = server.port;
  const dial: Dial = ({ host }) => connect({ host, port });
  await using bench = await benchAgent(createHardenedAgent, server.url, env, { dial });
  await bench.agent.start();
  server.override = () => true;
  port = silent.port;

  await until(() => bench.events('operation_failed').length > 0, 'a given-up heartbeat');

  expect(bench.events('operation_failed')[0]).toMatchObject({
    probableCause: 'slow_network',
    probe: { failure: { category: 'timeout', phase: 'tls' } },
  });
});

it('waits as long as Retry-After asks, and gives up where that is longer than it may wait', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);
  const answers: Record<number, string> = { 1: '7', 2: '40' };
  const arrivals: number[] = [];
  server.override = ({ path }, response) => {
    const asked = answers[server.requestsTo(report).length];
    if (path === report) arrivals.push(bench.clock.now());
    if (path !== report || asked === undefined) return false;
    return sendJson(response, 429, { error: 'Too many requests' }, { 'retry-after': asked });
  };

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 3, 'the third attempt');

  const [first, second, third] = arrivals as [number, number, number];
  expect(second - first).toBeGreaterThanOrEqual(7_000 - stepMs);
  expect(third - second).toBeGreaterThanOrEqual(40_000 - stepMs);
  expect(bench.events('attempt_failed')).toMatchObject([{ category: 'rate_limited', retryAfterMs: 7_000 }]);
  expect(bench.events('operation_failed')[0]).toMatchObject({
    operation: 'fleet_report',
    retryAfterMs: 40_000,
    msg: expect.stringContaining('asks to wait 40 s, longer than the 30 s allowed'),
  });
});

it('does not start with a token that is refused, asks once only and ends with 77', async () => {
  await using server = await startTestServer();
  server.override = ({ path }, response) =>
    path.startsWith('/api') && sendJson(response, 401, { error: 'Invalid client token' });
  await using bench = await benchAgent(createHardenedAgent, server.url);

  const error = await bench.agent.start().catch((thrown: unknown) => thrown);

  expect(error).toBeInstanceOf(AgentStartError);
  expect(error).toMatchObject({ exitCode: 77, failure: { category: 'authentication', status: 401 } });
  expect(server.requestsTo(/^\/api/)).toHaveLength(1);
  const [refused, ...more] = bench.events('auth_refused');
  expect(more).toEqual([]);
  expect(refused).toMatchObject({
    level: 'error',
    confirmed: true,
    status: 401,
    tokenPreview: 'abc12345...xyz9',
  });
  expect(refused?.msg.split('\n')).toEqual([
    `HTTP error 401: POST ${server.url}/api/agents/register`,
    'Response: {"error":"Invalid client token"}',
    'Authentication failed - check CLIENT_TOKEN configuration',
    'Current token: abc12345...xyz9',
  ]);
  expect(bench.text).not.toContain(clientToken);
});

it('takes a single 401 for a race: it keeps the token, loses no report and logs no ERROR', async () => {
  await using server = await startTestServer();
  server.override = ({ path }, response) =>
    path === report &&
    server.requestsTo(report).length === 3 &&
    sendJson(response, 401, { error: 'Invalid client token' });
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 6, 'six reports');
  await bench.agent.stop();

  const reports = server.requestsTo(report).slice(0, 6);
  expect(reports.map(sequenceOf)).toEqual([1, 2, 3, 3, 4, 5]);
  expect(new Set(reports.map(({ headers }) => headers.authorization))).toEqual(
    new Set([`Bearer ${clientToken}`]),
  );
  expect(bench.events('auth_refused')).toMatchObject([{ level: 'debug', confirmed: false }]);
  expect(bench.records.filter(({ level }) => level === 'error')).toEqual([]);
});

it('reports a disabled account once, asks once per cycle, and goes on when it is active again', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyHeartbeats);
  await bench.agent.start();
  let refusals = 0;
  server.override = ({ path }, response) => {
    if (path !== heartbeat) return false;
    refusals += 1;
    return sendJson(response, 403, { error: 'Client account is not active' });
  };

  await until(() => refusals >= 6, 'six refusals');
  server.override = undefined;
  await until(() => bench.events('operation_recovered').length > 0, 'recovery');
  await bench.agent.stop();

  expect(bench.events('auth_refused')).toMatchObject([
    { level: 'debug', confirmed: false, status: 403 },
    { level: 'error', confirmed: true, status: 403, body: '{"error":"Client account is not active"}' },
  ]);
  expect(bench.events('operation_recovered')[0]).toMatchObject({
    operation: 'authentication',
    failures: refusals,
  });
  expect(bench.events('attempt_failed')).toEqual([]);
});

it('registers again when the server has forgotten it, and goes on under the new id', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, {
    ...onlyHeartbeats,
    PENDING_COMMANDS_CHECK_INTERVAL: '5',
  });
  await bench.agent.start();
  server.override = ({ path }, response) => {
    if (path === '/api/agents/register') return sendJson(response, 201, { agentId: 'agent-2' });
    return path.includes('agent-1') && sendJson(response, 404, { error: 'Agent not found' });
  };

  await until(
    () => server.requestsTo('/api/agents/agent-2/heartbeat').length >= 2,
    'heartbeats of the new agent',
  );
  await bench.agent.stop();

  expect(bench.agent.facts.agentId).toBe('agent-2');
  expect(server.requestsTo('/api/agents/register')).toHaveLength(2);
  expect(bench.events('reregistered')).toMatchObject([
    { agentId: 'agent-2', previousAgentId: 'agent-1', category: 'not_found', code: 'HTTP_404' },
  ]);
  expect(bench.records.filter(({ level }) => level === 'error')).toEqual([]);
});

it.each([
  ['expired', 'CERT_HAS_EXPIRED'],
  ['wrongHost', 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
] as const)('refuses a certificate that is %s, tries once and sends nothing', async (kind, code) => {
  const { [kind]: identity } = await testCertificates();
  await using server = await startTestServer({ identity });
  await using bench = await benchAgent(createHardenedAgent, server.url);

  await expect(bench.agent.start()).rejects.toMatchObject({
    exitCode: 69,
    failure: { category: 'tls', severity: 'critical', code, definite: true },
  });

  expect(server.requests).toEqual([]);
  expect(bench.dialled).toBe(1);
  await until(() => bench.openSockets === 0, 'every socket closed');
});

it('does not start when nothing listens, shows the banner, says why and ends with 69', async () => {
  const { url } = await startAndStopServer();
  await using bench = await benchAgent(createHardenedAgent, url);

  await expect(bench.agent.start()).rejects.toMatchObject({ exitCode: 69, failure: { category: 'refused' } });

  const messages = bench.records.map(({ msg }) => msg);
  expect(messages.slice(0, 5)).toEqual([
    '='.repeat(60),
    'AGENT STARTUP - SERVER CONNECTIVITY CHECK',
    '='.repeat(60),
    `Server URL: ${url}`,
    'Client Token: abc12345...xyz9',
  ]);
  expect(bench.events('operation_failed')).toHaveLength(1);
  expect(messages).toContain('✗ Server is not usable (health check failed), the agent does not start');
});

it('knows a port where another protocol is spoken', async () => {
  await using other = await listenRaw((socket) => socket.end('SSH-2.0-OpenSSH_9.2p1\r\n'));
  await using bench = await benchAgent(createHardenedAgent, `https://127.0.0.1:${other.port}`);

  await expect(bench.agent.start()).rejects.toMatchObject({
    exitCode: 76,
    failure: { category: 'protocol' },
  });

  expect(bench.events('operation_failed')[0]?.cause).toContain('it is not the expected server');
  await until(() => bench.openSockets === 0, 'every socket closed');
});

it('knows a server of another kind by its /health', async () => {
  await using server = await startTestServer();
  server.override = (_seen, response) => sendJson(response, 404, { error: 'Not found' });
  await using bench = await benchAgent(createHardenedAgent, server.url);

  await expect(bench.agent.start()).rejects.toMatchObject({
    exitCode: 76,
    failure: { category: 'protocol' },
  });

  expect(server.requests).toHaveLength(1);
});

it('knows an address that does not answer from one that is not there', async () => {
  await using silent = await benchAgent(
    createHardenedAgent,
    'https://127.0.0.1:1',
    { CONNECT_TIMEOUT: '10' },
    { dial: () => new PassThrough() },
  );

  await expect(silent.agent.start()).rejects.toMatchObject({
    exitCode: 69,
    failure: { category: 'timeout', phase: 'connect', definite: true },
  });

  expect(silent.events('operation_failed')[0]?.cause).toContain('a firewall drops it');
});

it('knows a name that does not resolve', async () => {
  await using bench = await benchAgent(createHardenedAgent, 'https://no-such-host.invalid');

  await expect(bench.agent.start()).rejects.toMatchObject({
    exitCode: 69,
    failure: { category: 'name_resolution', definite: true },
  });

  expect(bench.events('operation_failed')[0]?.cause).toContain(
    'The name no-such-host.invalid does not resolve',
  );
});

it('leaves no socket behind after many failures of every kind', async () => {
  await using server = await startTestServer();
  const env = { ...onlyReports, FLEET_REPORT_INTERVAL: '1', REQUEST_TIMEOUT: '4', RETRY_ATTEMPTS: '2' };
  await using bench = await benchAgent(createHardenedAgent, server.url, env, { pace: 10 });
  await bench.agent.start();
  let failures = 0;
  server.override = ({ path }, response, socket) => {
    if (path !== report) return false;
    failures += 1;
    if (failures % 4 === 0) socket.destroy();
    if (failures % 4 === 1) sendJson(response, 500, { error: 'x'.repeat(100_000) });
    if (failures % 4 === 2) response.writeHead(200, { 'content-length': 9 }).write('{');
    return true;
  };

  await until(() => failures >= 40, 'forty failures', 30_000);
  server.override = undefined;
  await until(() => bench.events('operation_recovered').length > 0, 'recovery');

  expect(bench.openSockets).toBeLessThanOrEqual(1);
  await bench.agent.stop();
  expect(bench.openSockets).toBe(0);
});

it('lets a report that the server finds faulty not hold up the others', async () => {
  await using server = await startTestServer();
  server.override = (seen, response) =>
    seen.path === report && sequenceOf(seen) === 2 && sendJson(response, 400, { error: 'Invalid request' });
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 4, 'four reports');

  expect(server.requestsTo(report).slice(0, 4).map(sequenceOf)).toEqual([1, 2, 3, 4]);
  expect(bench.events('report_lost')).toMatchObject([{ level: 'error', sequence: 2 }]);
});

it('stops within its bound while a request hangs, and may be stopped twice', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createHardenedAgent, server.url, onlyReports);
  await bench.agent.start();
  server.override = ({ path }) => path === report;
  await until(() => server.requestsTo(report).length > 0, 'a hanging report');

  const [startMs, stalledMs] = [bench.clock.now(), watchStalls()];
  await Promise.all([bench.agent.stop(), bench.agent.stop()]);

  expect(bench.clock.now() - startMs).toBeLessThan(25_000 + labPace * stalledMs()); // The request alone would hang for 30 s.
  expect(bench.openSockets).toBe(0);
  expect(bench.events('agent_stopped')).toHaveLength(1);
});

it('stops while it starts', async () => {
  await using bench = await benchAgent(
    createHardenedAgent,
    'https://127.0.0.1:1',
    { CONNECT_TIMEOUT: '10' },
    { dial: () => new PassThrough() },
  );

  const started = bench.agent.start();
  await bench.agent.stop();

  await expect(started).resolves.toBeUndefined();
});

async function startAndStopServer(): Promise<{ url: string }> {
  await using server = await startTestServer();
  return { url: server.url };
}

async function listenRaw(onSocket: (socket: Socket) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {}).resume();
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}
