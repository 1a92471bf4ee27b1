import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { createNaiveAgent, createRetryingAgent } from '../../../../services/agent/http/index.ts';
import { until } from '../../../support/until.ts';
import { testCertificates } from '../certificates.ts';
import { sendJson, startTestServer } from '../test-server.ts';
import { benchAgent, clientToken } from './start-agent.ts';

const onlyReports = { HEARTBEAT_INTERVAL: '0', PENDING_COMMANDS_CHECK_INTERVAL: '0' };
const report = '/api/fleet/report';

it('makes a handshake for every request', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createNaiveAgent, server.url);

  await bench.agent.start();
  await until(() => server.requests.length >= 20, 'twenty requests');

  expect(server.handshakes).toBeGreaterThanOrEqual(20);
  expect(bench.agent.facts.agentId).toBe('agent-1');
});

it('sends a report again that the server had applied, without a key, and logs ERROR for it', async () => {
  await using server = await startTestServer();
  server.override = ({ path }, _response, socket) => {
    const isFirst = path === report && server.requestsTo(report).length === 1;
    if (isFirst) socket.destroy();
    return isFirst;
  };
  await using bench = await benchAgent(createNaiveAgent, server.url, onlyReports);

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 2, 'the report and its repetition');

  const [first, second] = server.requestsTo(report);
  expect(second?.body).toBe(first?.body);
  expect(second?.headers['idempotency-key']).toBeUndefined();
  expect(bench.text).toMatch(
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d - ERROR - Connection broken: ConnectionResetError/m,
  );
});

it('asks ten times although it was refused, and logs its token', async () => {
  await using server = await startTestServer();
  server.override = ({ path }, response) =>
    path === report && sendJson(response, 401, { error: 'Invalid client token' });
  const env = { ...onlyReports, FLEET_REPORT_INTERVAL: '600' };
  await using bench = await benchAgent(createNaiveAgent, server.url, env);

  await bench.agent.start();
  await until(() => bench.text.includes('Request was'), 'the last of its complaints');

  expect(server.requestsTo(report)).toHaveLength(10);
  expect(bench.text).toContain(`Bearer ${clientToken}`);
  expect(bench.openSockets).toBeGreaterThanOrEqual(10);
});

it('waits for ever, and begins another request all the same', async () => {
  await using server = await startTestServer();
  server.override = () => true;
  await using bench = await benchAgent(createNaiveAgent, server.url, {
    ...onlyReports,
    REQUEST_TIMEOUT: '1',
  });

  await bench.agent.start();
  await until(() => server.requestsTo(report).length >= 15, 'fifteen hanging reports');

  expect(bench.openSockets).toBeGreaterThanOrEqual(15);
  expect(bench.text).not.toContain('ERROR');
  await bench.agent.stop();
  await until(() => bench.openSockets === 0, 'the sockets closed with the process');
});

it('does not register again when the server has forgotten it', async () => {
  await using server = await startTestServer();
  await using bench = await benchAgent(createNaiveAgent, server.url, { HEARTBEAT_INTERVAL: '2' });
  await bench.agent.start();
  await until(() => server.requestsTo(/heartbeat$/).length > 0, 'a heartbeat');
  server.override = ({ path }, response) =>
    path.includes('agent-1') && sendJson(response, 404, { error: 'Agent not found' });

  await until(() => server.requestsTo(/heartbeat$/).length >= 25, 'many refused heartbeats');

  expect(server.requestsTo('/api/agents/register')).toHaveLength(1);
});

it.each(['expired', 'wrongHost', 'selfSigned'] as const)('takes a certificate that is %s', async (kind) => {
  const { [kind]: identity } = await testCertificates();
  await using server = await startTestServer({ identity });
  await using bench = await benchAgent(createNaiveAgent, server.url, onlyReports);

  await bench.agent.start();

  await until(() => server.requestsTo(report).length > 0, 'a report');
});

it('starts without a server, and doubles its waits without end and without jitter', async () => {
  const dial = () => new PassThrough().destroy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
  const env = { ...onlyReports, FLEET_REPORT_INTERVAL: '0' };
  await using bench = await benchAgent(createNaiveAgent, 'https://127.0.0.1:1', env, { dial, pace: 1_000 });

  await bench.agent.start();
  await until(() => bench.text.includes('retrying in 480s'), 'the fourth wait');

  const waits = [...bench.text.matchAll(/Registration failed, retrying in (\d+)s/g)].map(([, seconds]) =>
    Number(seconds),
  );
  expect(waits).toEqual([60, 120, 240, 480]);
});

it('of version 4.0.1 announces its attempts, and logs of the last one what to verify', async () => {
  await using server = await startTestServer();
  server.override = () => true;
  await using bench = await benchAgent(createRetryingAgent, server.url, {
    ...onlyReports,
    FLEET_REPORT_INTERVAL: '600',
    REQUEST_TIMEOUT: '4',
  });

  await bench.agent.start();
  await until(() => bench.text.includes(`after 3 attempts: POST ${server.url}${report}`), 'the last attempt');

  for (const [attempt, wait] of [
    [1, 1],
    [2, 2],
  ])
    expect(bench.text).toContain(
      `WARNING - Request timeout (attempt ${attempt}/3): POST ${server.url}${report} - retrying in ${wait}s`,
    );
  expect(bench.text).toContain(`ERROR - Server URL configured as: ${server.url}`);
  expect(server.requestsTo(report)).toHaveLength(3);
});
