/** The log: a JSON object a line, of the levels that `LOG_LEVEL` wants; nobody has to read it. */
import { spawn } from 'node:child_process';
import net from 'node:net';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { ProxyCommand } from './command.ts';

it('tells of proxies, clients, upstreams that are not there, and requests', async () => {
  await using proxy = await ProxyCommand.start();
  const closed = await closedPort();
  const { text } = await proxy.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${closed}`,
  });
  const { listen } = JSON.parse(text) as { listen: string };
  const client = net.connect(Number(listen.split(':')[1]), '127.0.0.1').on('error', () => {});

  const accepted = await proxy.line('Accepted client');
  expect(accepted).toMatchObject({ level: 'info', name: 'p', listen, upstream: `127.0.0.1:${closed}` });
  expect(accepted.client).toBe(`127.0.0.1:${client.localPort}`);
  expect(await proxy.line('Unable to open connection to upstream')).toMatchObject({
    level: 'error',
    name: 'p',
    error: 'ECONNREFUSED',
  });
  expect(await proxy.line('request')).toMatchObject({
    level: 'debug',
    request_id: expect.stringMatching(/^[0-9a-v]{20}$/),
    method: 'POST',
    url: '/proxies',
    status: 201,
    size: text.length,
  });
  await proxy.api('DELETE', '/proxies/p');
  expect(await proxy.line('Terminated proxy')).toMatchObject({ level: 'info', name: 'p', listen });
});

it('writes only what LOG_LEVEL asks for', async () => {
  const proxy = new ProxyCommand(['-port', '0', '-config', '/no/such/file'], { LOG_LEVEL: 'error' });
  await using _ = proxy;

  await proxy.line('Error reading config file');
  await proxy.stop();

  expect(proxy.lines.map(({ level }) => level)).toEqual(['error']);
});

it('says so when it does not know LOG_LEVEL', async () => {
  await using proxy = await ProxyCommand.start([], { LOG_LEVEL: 'warning' });

  expect(proxy.lines[0]).toMatchObject({ level: 'error' });
  expect(proxy.lines[0]?.message).toContain('warning');
});

it('serves and ends although nobody reads its log', async () => {
  const port = await closedPort();
  const program = resolve(import.meta.dirname, '../../../../harness/bin/shaketable.cjs');
  const child = spawn(process.execPath, [program, 'proxy', '-port', String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  const version = (path = ''): Promise<number> => fetch(`${url}/version${path}`).then(({ status }) => status);
  await expect.poll(() => version().catch(() => 0)).toBe(200);

  for (let request = 0; request < 200; request += 1) expect(await version(`?${'x'.repeat(8_000)}`)).toBe(200);
  child.kill('SIGTERM');

  expect(await new Promise((settle) => child.once('exit', settle))).toBe(0);
});

async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}
