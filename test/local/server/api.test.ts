import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Rig, startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();
let rig: Rig;

beforeAll(async () => {
  rig = await startRig(database());
});

afterAll(() => rig?.[Symbol.asyncDispose]());

const register = (logicalAgentId: string, instanceId?: string) =>
  rig.call('/api/agents/register', { body: { logicalAgentId, ...(instanceId && { instanceId }) } });

async function registered(logicalAgentId: string): Promise<string> {
  const { body } = await register(logicalAgentId);
  return (body as { agentId: string }).agentId;
}

it('answers a health check without a token', async () => {
  const { status, body } = await rig.call('/health', { token: null });

  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'ok',
    database: { ok: true, latencyMs: expect.any(Number), active: 0, oldestMs: 0 },
    load: { active: expect.any(Number), waiting: 0, limit: 100 },
    eventLoopLagMs: expect.any(Number),
    uptimeMs: expect.any(Number),
  });
});

it('answers HEAD for a health check, as `curl -I` asks', async () => {
  expect(await rig.call('/health', { method: 'HEAD', token: null })).toMatchObject({
    status: 200,
    body: undefined,
  });
});

it('registers an agent, and brings the same one back', async () => {
  const first = await register('agent-001', 'i-1');
  const second = await register('agent-001', 'i-2');

  expect(first.status).toBe(201);
  expect(first.body).toEqual({ agentId: expect.any(String), logicalAgentId: 'agent-001', status: 'online' });
  expect(second).toMatchObject({ status: 200, body: first.body as object });
  expect(await rig.sql("SELECT * FROM agents WHERE logical_agent_id = 'agent-001'")).toEqual([
    expect.objectContaining({
      id: (first.body as { agentId: string }).agentId,
      client_id: 'acme',
      instance_id: 'i-2',
      status: 'online',
    }),
  ]);
});

it('registers once when the same agent registers many times at once', async () => {
  const answers = await Promise.all(Array.from({ length: 8 }, () => register('agent-crowd')));

  expect(new Set(answers.map(({ body }) => (body as { agentId: string }).agentId)).size).toBe(1);
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
});

it('tells of an agent by its id and by its logical id, and of nobody else’s', async () => {
  const id = await registered('agent-state');

  const byId = await rig.call(`/api/agents/${id}`);
  const byLogicalId = await rig.call('/api/agents/agent-state');
  const others = await rig.call('/api/agents/agent-state', { token: tokens.other });
  await rig.sql('UPDATE agents SET last_heartbeat_at = NULL WHERE id = ?', [id]);
  const silent = await rig.call('/api/agents/agent-state');

  expect(byId).toMatchObject({
    status: 200,
    body: {
      agentId: id,
      logicalAgentId: 'agent-state',
      instanceId: null,
      status: 'online',
      lastHeartbeatAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      heartbeatTimeoutSeconds: 120,
    },
  });
  expect(byLogicalId).toMatchObject({ status: 200, body: byId.body as object });
  expect(others).toMatchObject({ status: 404, body: { error: 'Agent not found' } });
  expect(silent).toMatchObject({ status: 200, body: { lastHeartbeatAt: null } });
});

it('takes heartbeats with and without a body', async () => {
  const id = await registered('agent-heart');
  await rig.sql("UPDATE agents SET last_heartbeat_at = '2020-01-01' WHERE id = ?", [id]);

  const bare = await rig.call(`/api/agents/${id}/heartbeat`, { method: 'POST' });
  const full = await rig.call(`/api/agents/${id}/heartbeat`, { body: { cpu: 0.5 } });

  expect(bare).toMatchObject({ status: 200, body: { agentId: id, status: 'online' } });
  expect(full.status).toBe(200);
  const [row] = await rig.sql('SELECT last_heartbeat_at FROM agents WHERE id = ?', [id]);
  expect(Date.now() - (row?.last_heartbeat_at as Date).getTime()).toBeLessThan(60_000);
});

it('gives an agent its configuration', async () => {
  const id = await registered('agent-config');

  expect(await rig.call(`/api/agents/${id}/config`)).toMatchObject({
    status: 200,
    body: {
      agentId: id,
      heartbeatIntervalSeconds: 30,
      pendingCommandsCheckIntervalSeconds: 15,
      heartbeatTimeoutSeconds: 120,
    },
  });
});

it('gives an agent its pending commands, oldest first', async () => {
  const id = await registered('agent-commands');
  const insert =
    'INSERT INTO commands (agent_id, command, arguments, status, created_at) VALUES (?, ?, ?, ?, ?)';
  const at = new Date('2025-11-25T05:26:47.123Z');
  await rig.sql(insert, [id, 'restart', '{"delay":5}', 'pending', at]);
  await rig.sql(insert, [id, 'old', '{}', 'done', at]);
  await rig.sql('INSERT INTO commands (agent_id, command, created_at) VALUES (?, ?, ?)', [id, 'report', at]);

  expect((await rig.call(`/api/agents/${id}/commands`)).body).toEqual({
    commands: [
      {
        id: expect.any(Number),
        command: 'restart',
        arguments: { delay: 5 },
        createdAt: '2025-11-25T05:26:47.123Z',
      },
      { id: expect.any(Number), command: 'report', arguments: null, createdAt: '2025-11-25T05:26:47.123Z' },
    ],
  });
});

it.each([
  ['POST', 'heartbeat'],
  ['GET', 'config'],
  ['GET', 'commands'],
] as const)('answers 404 as reported to %s …/%s of an agent that is not there', async (method, action) => {
  expect(await rig.call(`/api/agents/missing/${action}`, { method })).toMatchObject({
    status: 404,
    body: { error: 'Agent not found' },
  });
});

it('hides the agents of other clients', async () => {
  const id = await registered('agent-hidden');

  expect(await rig.call(`/api/agents/${id}/config`, { token: tokens.other })).toMatchObject({ status: 404 });
  expect(
    await rig.call(`/api/agents/${id}/heartbeat`, { method: 'POST', token: tokens.other }),
  ).toMatchObject({ status: 404 });
});

it('answers 404 to a heartbeat once the row is deleted, and takes a new registration', async () => {
  const id = await registered('agent-deleted');
  await rig.sql('DELETE FROM agents WHERE id = ?', [id]);

  const heartbeat = await rig.call(`/api/agents/${id}/heartbeat`, { method: 'POST' });
  const again = await register('agent-deleted');

  expect(heartbeat.status).toBe(404);
  expect(again.status).toBe(201);
  expect((again.body as { agentId: string }).agentId).not.toBe(id);
});

it('applies a report once for its key and every time without one', async () => {
  const report = (sequence: number, key?: string) =>
    rig.call('/api/fleet/report', {
      body: { machineId: 'Mac', sequence, cpu: 0.5 },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });

  expect((await report(1, 'k1')).body).toEqual({ accepted: true, duplicate: false });
  expect((await report(1, 'k1')).body).toEqual({ accepted: true, duplicate: true });
  expect((await report(2)).body).toEqual({ accepted: true, duplicate: false });
  expect((await report(2)).body).toEqual({ accepted: true, duplicate: false });

  const rows = await rig.sql(
    "SELECT sequence, idempotency_key FROM fleet_reports WHERE machine_id = 'Mac' ORDER BY id",
  );
  expect(rows).toEqual([
    { sequence: 1, idempotency_key: 'k1' },
    { sequence: 2, idempotency_key: null },
    { sequence: 2, idempotency_key: null },
  ]);
  expect(rig.log.of('request').filter((record) => record.machineId === 'Mac')).toMatchObject([
    { sequence: 1, idempotencyKey: 'k1', effect: 'applied' },
    { sequence: 1, idempotencyKey: 'k1', effect: 'duplicate' },
    { sequence: 2, effect: 'applied' },
    { sequence: 2, effect: 'applied' },
  ]);
});

it('applies a report once when its copies arrive at the same moment', async () => {
  const copies = await Promise.all(
    Array.from({ length: 10 }, () =>
      rig.call('/api/fleet/report', {
        body: { machineId: 'Crowd', sequence: 1 },
        headers: { 'idempotency-key': 'crowd' },
      }),
    ),
  );

  expect(copies.every(({ status }) => status === 200)).toBe(true);
  expect(copies.filter(({ body }) => (body as { duplicate: boolean }).duplicate)).toHaveLength(9);
});

it('keeps the keys of different clients apart', async () => {
  const report = (token: string) =>
    rig.call('/api/fleet/report', {
      token,
      body: { machineId: 'Shared', sequence: 1 },
      headers: { 'idempotency-key': 'shared' },
    });

  expect((await report(tokens.acme)).body).toMatchObject({ duplicate: false });
  expect((await report(tokens.other)).body).toMatchObject({ duplicate: false });
});

it('has a machine online until its last report is 60 s old', async () => {
  const report = { sequence: 1 };
  await rig.call('/api/fleet/report', { token: tokens.other, body: { machineId: 'Fresh', ...report } });
  await rig.call('/api/fleet/report', { token: tokens.other, body: { machineId: 'Stale', ...report } });
  await rig.sql("UPDATE machines SET last_seen = ? WHERE machine_id = 'Stale'", [
    new Date(Date.now() - 60_001),
  ]);

  const { body } = await rig.call('/api/fleet/machines', { token: tokens.other });

  expect((body as { machines: object[] }).machines).toEqual(
    expect.arrayContaining([
      { machine_id: 'Fresh', last_seen: expect.stringMatching(/^\d{4}-.*Z$/), online: true },
      { machine_id: 'Stale', last_seen: expect.stringMatching(/^\d{4}-.*Z$/), online: false },
    ]),
  );
});

it.each([
  [{}, "body must have required property 'machineId'"],
  [{ machineId: '', sequence: 1 }, 'body/machineId must NOT have fewer than 1 characters'],
  [{ machineId: 'x', sequence: '7' }, 'body/sequence must be integer'],
  [{ machineId: 'x', sequence: -1 }, 'body/sequence must be >= 0'],
  [[], 'body must be object'],
])('refuses the report %j and says why', async (body, detail) => {
  expect(await rig.call('/api/fleet/report', { body })).toMatchObject({
    status: 400,
    body: { error: 'Invalid request', details: [detail] },
  });
});

it('logs a request with path, route, status, times and whom it was about', async () => {
  const id = await registered('agent-logged');
  await rig.call(`/api/agents/${id}/heartbeat?secret=planted`, { method: 'POST' });

  expect(await rig.log.find('request', { agentId: id, route: '/api/agents/:id/heartbeat' })).toMatchObject({
    level: 'info',
    requestId: expect.stringMatching(/^r\d+$/),
    method: 'POST',
    path: `/api/agents/${id}/heartbeat`,
    status: 200,
    durationMs: expect.any(Number),
    databaseMs: expect.any(Number),
    waitedMs: expect.any(Number),
    remotePort: expect.any(Number),
    clientId: 'acme',
    effect: 'applied',
  });
  expect(rig.log.text()).not.toContain('planted');
});

it('logs each TLS handshake and whether it was resumed', async () => {
  const socket = await rig.dial();

  const record = await rig.log.find('tls_handshake', { remotePort: socket.localPort });

  expect(record).toMatchObject({ protocol: 'TLSv1.3', resumed: false });
});

it('logs a TLS handshake that fails', async () => {
  const before = rig.server.stats().connections.tlsErrors;
  const plain = connect(rig.server.port, rig.server.host);
  plain.on('error', () => {});
  await once(plain, 'connect');
  const remotePort = plain.localPort;
  plain.write('GET / HTTP/1.1\r\n\r\n');

  expect(await rig.log.find('tls_error', { remotePort })).toMatchObject({ code: 'ERR_SSL_HTTP_REQUEST' });
  expect(rig.server.stats().connections.tlsErrors).toBe(before + 1);
  plain.destroy();
});

it('logs a TLS handshake that its peer resets', async () => {
  const plain = connect(rig.server.port, rig.server.host);
  await once(plain, 'connect');
  const remotePort = plain.localPort;
  plain.resetAndDestroy();

  expect(await rig.log.find('tls_error', { remotePort })).toMatchObject({ code: 'ECONNRESET' });
});

it('counts connections, handshakes and requests', () => {
  const { connections, requests, webSocket } = rig.server.stats();

  expect(connections.opened).toBeGreaterThanOrEqual(connections.handshakes);
  expect(connections.handshakes).toBeGreaterThan(0);
  expect(requests.limit).toBe(100);
  expect(webSocket.connections.open).toBe(0);
});
