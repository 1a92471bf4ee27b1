import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDatabase, startDatabase } from '../../../../harness/databases/index.ts';
import { createAuthority } from '../../../../proxy/certificates/index.ts';
import { createHardenedChannel } from '../../../../services/agent/websocket/index.ts';
import { readConfig } from '../../../../services/server/config.ts';
import { startServer } from '../../../../services/server/index.ts';
import { channelOptions, clientToken, fastClock } from './peer.ts';

/** The reference server with one client, over TLS. */
const resources = new AsyncDisposableStack();
let url: string;
let ca: string;

beforeAll(async () => {
  const database = resources.use(await startDatabase({ binary: await findDatabase() }));
  const schema = await database.createSchema();
  const authority = await createAuthority({ name: 'lab', now: Date.now() });
  const { chainPem: cert, keyPem: key } = await authority.issue({ hosts: ['127.0.0.1'] });
  const config = readConfig({
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: schema.user,
    DB_PASSWORD: schema.password,
    DB_NAME: schema.database,
    DB_CA_FILE: database.caFile,
    PORT: '0',
  });
  const log = { write: () => undefined };
  const server = resources.use(await startServer({ config, clock: fastClock(), log, tls: { cert, key } }));
  const insert = 'INSERT INTO ??.clients (id, name, email, client_token, is_active) VALUES ?';
  const clients = [
    ['acme', 'Acme', 'a@acme.example', clientToken, 1],
    ['idle', 'Idle', 'i@idle.example', `${clientToken}-inactive`, 0],
  ];
  await database.query(insert, [schema.database, clients]);
  url = `${server.url.replace('https', 'wss')}/ws`;
  ca = authority.certPem;
});
afterAll(() => resources.disposeAsync());

it.each([
  [{ type: 'connect' }, 'ConnectionHandler'],
  [{ type: 'typing' }, 'TypingHandler'],
  [{ type: 'heartbeat' }, 'HeartbeatHandler'],
  [{ type: 'agent' }, 'AgentHandler'],
  [{ type: 'user_message', text: 'Grüße' }, 'UserMessageHandler'],
  [{ type: 'error', message: 'of the peer' }, 'ErrorHandler'],
  [{ type: 'batch', messages: [{ type: 'typing', id: 'inner' }] }, 'BatchMessageHandler'],
  [{ type: 'never heard of' }, 'unknown'],
])('has %j acknowledged by %s', async (message, handler) => {
  await using channel = createHardenedChannel(channelOptions(url, { ca }));
  await channel.open();
  expect(await channel.send(message)).toMatchObject({ status: 'acknowledged', handler });
});

it('takes a JSON-RPC response for an acknowledgement', async () => {
  await using channel = createHardenedChannel(channelOptions(url, { ca }));
  await channel.open();
  const call = { type: 'jsonrpc', jsonrpc: '2.0', method: 'echo', params: [1] };
  expect(await channel.send(call)).toMatchObject({ status: 'acknowledged' });
});

it('hears that a message made no sense', async () => {
  await using channel = createHardenedChannel(channelOptions(url, { ca }));
  await channel.open();
  expect(await channel.send({ type: 'batch' })).toMatchObject({ status: 'failed', reason: 'rejected' });
});

it.each([
  ['an unknown token', `${clientToken}-wrong`, 401, 'Invalid client token'],
  ['an inactive account', `${clientToken}-inactive`, 403, 'Client account is not active'],
])('is refused with %s', async (_case, token, status, error) => {
  await using channel = createHardenedChannel(channelOptions(url, { ca, token }));
  await expect(channel.open()).rejects.toMatchObject({ status, body: JSON.stringify({ error }) });
});
