import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { scaledClock, systemClock } from '../../../proxy/core/clock.ts';
import { readConfig } from '../../../services/server/config.ts';
import { startServer } from '../../../services/server/index.ts';
import { startRig, tokens, useDatabase } from './rig.ts';

const database = useDatabase();
const machines = '/api/fleet/machines';

it('lets a request under way end, takes no new one, and may be told twice', async () => {
  await using rig = await startRig(database());
  await rig.call(machines);
  await rig.sql('LOCK TABLES machines WRITE');
  const pending = rig.call(machines);
  await expect.poll(() => rig.server.stats().requests.active).toBe(1);

  const stopped = Promise.all([rig.server.close(), rig.server.close()]);
  await expect(rig.dial()).rejects.toHaveProperty('code', expect.stringMatching(/^ECONN(REFUSED|RESET)$/));
  await rig.sql('UNLOCK TABLES');

  expect((await pending).status).toBe(200);
  await stopped;
  expect(rig.log.of('stopped')).toHaveLength(1);
});

it('cuts a request that does not end within the bound', async () => {
  const clock = scaledClock(systemClock(), 20);
  await using rig = await startRig(database(), { clock, env: { STOP_TIMEOUT: '4' } });
  const socket = await rig.dial();
  const head = `POST /api/fleet/report HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${tokens.acme}\r\n`;
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{`);
  await expect.poll(() => rig.server.stats().requests.active).toBe(1);

  await Promise.all([rig.server.close(), once(socket, 'close')]);

  expect(rig.log.records.slice(-2)).toMatchObject([
    { event: 'request', path: '/api/fleet/report', status: 499 },
    { event: 'stopped' },
  ]);
});

it('tells of a request that the database kept waiting to the end', async () => {
  const clock = scaledClock(systemClock(), 20);
  await using rig = await startRig(database(), { clock, env: { STOP_TIMEOUT: '4' } });
  await rig.call(machines);
  await rig.sql('LOCK TABLES machines WRITE');
  const pending = rig.call(machines).catch(() => {});
  await expect.poll(() => rig.server.stats().requests.active).toBe(1);

  await Promise.all([rig.server.close(), pending]);
  await rig.sql('UNLOCK TABLES');

  const told = rig.log.of('request').filter(({ path }) => path === machines);
  expect(told).toMatchObject([{ status: 200 }, { aborted: true }]);
  expect(rig.log.records.at(-1)).toMatchObject({ event: 'stopped' });
});

it('takes leave of its WebSockets with 1001', async () => {
  await using rig = await startRig(database());
  const socket = rig.webSocket();
  await once(socket, 'open');
  const closed = once(socket, 'close');

  await rig.server.close();

  expect((await closed)[0]).toBe(1001);
  // What is told after it has stopped finds no log any more.
  expect(rig.log.records.slice(-2)).toMatchObject([{ event: 'ws_close', code: 1001 }, { event: 'stopped' }]);
});

it('gives back every socket, file and timer', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'server-stop-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const schema = await database().createSchema();
  const config = readConfig({
    DB_HOST: database().host,
    DB_PORT: String(database().port),
    DB_USER: schema.user,
    DB_PASSWORD: schema.password,
    DB_NAME: schema.database,
    DB_CA_FILE: database().caFile,
    LOG_FILE: join(directory, 'server.log'),
    PORT: '0',
  });
  const cycle = async () => {
    await using server = await startServer({ config });
    const answer = await fetch(`${server.url}/health`, { headers: { connection: 'close' } });
    await answer.arrayBuffer();
  };
  const openFiles = async () => (await readdir('/proc/self/fd')).length;
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  await cycle();
  const before = { files: await openFiles(), timers: timers() };

  for (let count = 0; count < 5; count += 1) await cycle();

  await expect.poll(openFiles).toBeLessThanOrEqual(before.files);
  expect(timers()).toBeLessThanOrEqual(before.timers);
});

it('leaves nothing behind when its port is taken', async () => {
  await using rig = await startRig(database());
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const { port } = squatter.address() as AddressInfo;

  const starting = startRig(database(), { env: { PORT: String(port) } });

  await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' });
  squatter.close();
  expect((await rig.call(machines)).status).toBe(200);
});
