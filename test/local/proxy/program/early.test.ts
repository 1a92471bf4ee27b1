/** Clients that come while the program is still being loaded. A configuration file that is a pipe holds it there. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import net from 'node:net';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../../../../harness/free-port.ts';
import { until } from '../../../support/until.ts';
import { isThere, runProgram } from '../programs.ts';
import { configFile, type ProgramName, ProxyCommand } from './command.ts';

async function connected(port: number): Promise<net.Socket> {
  for (;;) {
    const socket = net.connect(port, '127.0.0.1');
    const there = await new Promise((resolve) =>
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false)),
    );
    if (there) return socket;
  }
}

it.each<ProgramName>([
  'shaketable-proxy',
  'shaketable proxy',
])('%s takes clients in before it is loaded, and answers then', async (name) => {
  await using file = await configFile('');
  const pipe = join(dirname(file.path), 'pipe');
  execFileSync('mkfifo', [pipe]);
  const port = await freePort();
  await using proxy = new ProxyCommand(['-port', String(port), '-config', pipe], {}, name);

  const gone = await connected(port);
  gone.resetAndDestroy();
  const client = await connected(port);
  client.write(
    'GET /version HTTP/1.1\r\nHost: x\r\n\r\nGET /proxies HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
  );
  await proxy.line('Starting Toxiproxy');
  const stream = await connected(port);
  stream.write('GET /events HTTP/1.1\r\nHost: x\r\n\r\n');
  const writer = await open(pipe, 'w');
  await writer.writeFile('[{"name":"a","listen":"127.0.0.1:0","upstream":"x:1"}]');
  await writer.close();

  let answer = '';
  for await (const bytes of client) answer += String(bytes);
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK[\s\S]+"version"[\s\S]+HTTP\/1\.1 200 OK[\s\S]+"name":"a"/);
  expect(proxy.url).toBe(`http://localhost:${port}`);
  expect(await (await fetch(`${proxy.url}/version`)).text()).toContain('version');
  // What came early ends with the others.
  const streamEnded = once(stream.resume(), 'close');
  expect(await proxy.stop()).toMatchObject({ code: 0, stderr: '' });
  await streamEnded;
});

it.skipIf(!isThere('curl'))('is there for a script that waits as the documentation says', async () => {
  const port = await freePort();
  await using proxy = new ProxyCommand(['-port', String(port)]);
  const wait = ['-sS', '--retry', '9', '--retry-connrefused', `localhost:${port}/version`];

  const { code, stdout } = await runProgram('curl', wait);

  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"version"') });
  expect(await proxy.stop()).toMatchObject({ code: 0 });
});

it('says that the port is taken, though it tried early', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await until(() => taken.listening);
  const { port } = taken.address() as net.AddressInfo;

  const { code, stderr } = await new ProxyCommand(['-port', String(port)]).ended;

  taken.close();
  expect(code).toBe(3);
  expect(stderr).toContain('already in use');
});
