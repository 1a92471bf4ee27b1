/** `-config`: what a populate request takes, applied before the API answers. */
import net from 'node:net';
import { expect, it } from 'vitest';
import { configFile, ProxyCommand } from './command.ts';
import { serveLines } from './line-server.ts';

const entry = (name: string, more: object = {}) => ({
  name,
  listen: '127.0.0.1:0',
  upstream: 'localhost:1',
  ...more,
});

it('has the proxies of the file, with their toxics, before the API answers [116]', async () => {
  await using file = await configFile(
    JSON.stringify([
      entry('a'),
      entry('b', { enabled: false, toxics: [{ type: 'latency', attributes: { latency: 5 } }] }),
    ]),
  );
  await using proxy = await ProxyCommand.start(['-config', file.path]);

  const messages = proxy.lines.map(({ message }) => message);
  expect(messages).toEqual([
    'Starting Toxiproxy',
    'Started proxy',
    'Populated proxies from file',
    'Starting Toxiproxy HTTP server',
  ]);
  expect(proxy.lines[2]).toMatchObject({ level: 'info', config: file.path, proxies: 2 });
  expect(JSON.parse((await proxy.api('GET', '/proxies')).text)).toMatchObject({
    a: { enabled: true, toxics: [] },
    b: { enabled: false, toxics: [{ name: 'latency_downstream', attributes: { latency: 5, jitter: 0 } }] },
  });
});

it('strikes with a toxic of the file from the first byte', async () => {
  await using server = await serveLines();
  const toxics = [{ type: 'reset_after', stream: 'upstream', attributes: { bytes: 1 } }];
  await using file = await configFile(
    JSON.stringify([entry('a', { upstream: `127.0.0.1:${server.port}`, toxics })]),
  );
  await using proxy = await ProxyCommand.start(['-config', file.path]);
  const started = await proxy.line('Started proxy');
  const client = net.connect(Number(String(started.listen).split(':')[1]), '127.0.0.1');
  client.write('x\n');

  const error = await new Promise((resolve) => client.once('error', resolve));

  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(await proxy.line('Toxic struck')).toMatchObject({
    level: 'info',
    name: 'a',
    connection: 1,
    toxic: 'reset_after_upstream',
    type: 'reset_after',
    stream: 'upstream',
    offset: 0,
    bytes: 2,
    delivered: false,
    reached: true,
  });
});

it('ignores the toxics of the file where Toxiproxy is followed', async () => {
  await using file = await configFile(JSON.stringify([entry('a', { toxics: [{ type: 'stall' }] })]));
  await using proxy = await ProxyCommand.start(['-compat', '-config', file.path]);

  expect(JSON.parse((await proxy.api('GET', '/proxies')).text)).toMatchObject({ a: { toxics: [] } });
});

it('starts without the file, and says so [117]', async () => {
  await using proxy = await ProxyCommand.start(['-config', '/no/such/file']);

  expect(proxy.lines[1]).toMatchObject({
    level: 'error',
    message: 'Error reading config file',
    config: '/no/such/file',
  });
  expect((await proxy.api('GET', '/proxies')).text).toBe('{}');
});

it.each([
  ['no JSON', '[{', /unexpected EOF/],
  ['a byte-order mark', '\uFEFF[]', /invalid character/],
  ['an object', '{"proxies":[]}', /cannot unmarshal object/],
])('starts with %s in the file, and says so', async (_what, content, error) => {
  await using file = await configFile(content);
  await using proxy = await ProxyCommand.start(['-config', file.path]);

  expect(proxy.lines[1]).toMatchObject({ level: 'error', message: 'Failed to populate proxies from file' });
  expect(proxy.lines[1]?.error).toMatch(error);
  expect((await proxy.api('GET', '/proxies')).text).toBe('{}');
});

it.each([
  { flags: [], kept: ['a', 'c'] },
  { flags: ['-compat'], kept: ['a'] },
])('names an entry that cannot listen, and keeps $kept with $flags', async ({ flags, kept }) => {
  await using file = await configFile(
    JSON.stringify([entry('a'), entry('b', { listen: 'nowhere' }), entry('c')]),
  );
  await using proxy = await ProxyCommand.start([...flags, '-config', file.path]);

  expect(await proxy.line('Failed to populate proxies from file')).toMatchObject({
    proxy: 'b',
    error: 'listen tcp: address nowhere: missing port in address',
  });
  expect(Object.keys(JSON.parse((await proxy.api('GET', '/proxies')).text))).toEqual(kept);
});

it('takes nothing of a file with an entry that is wrong where Toxiproxy is followed', async () => {
  await using file = await configFile(JSON.stringify([entry('a', { listen: 27_584 }), entry('b')]));
  await using proxy = await ProxyCommand.start(['-compat', '-config', file.path]);

  expect((await proxy.line('Failed to populate proxies from file')).error).toMatch(/cannot unmarshal number/);
  expect((await proxy.api('GET', '/proxies')).text).toBe('{}');
});

it.each([
  [
    'a toxic that there is not',
    { toxics: [{ name: 'slow', type: 'x' }] },
    'invalid toxic type at toxic 1 "slow" at proxy 2 "bad"',
  ],
  [
    'a text for a number',
    { toxics: [{ type: 'latency', attributes: { latency: '100' } }] },
    /^bad request body: .* at toxic 1 at proxy 2 "bad"$/,
  ],
  ['toxics by name', { toxics: { latency: { latency: 100 } } }, /^bad request body: .* at proxy 2 "bad"$/],
  ['a TLS setting that there is not', { tls: { certficate: 'expired' } }, /certficate.* at proxy 2 "bad"$/],
  ['no upstream', { upstream: '' }, 'missing required field: upstream at proxy 2 "bad"'],
])('leaves out an entry with %s, and starts the others', async (_what, wrong, error) => {
  await using file = await configFile(JSON.stringify([entry('a'), entry('bad', wrong), entry('c')]));
  await using proxy = await ProxyCommand.start(['-config', file.path]);

  expect(await proxy.line('Left out a proxy of the file')).toMatchObject({
    level: 'error',
    config: file.path,
    error: typeof error === 'string' ? error : expect.stringMatching(error),
  });
  expect(await proxy.line('Populated proxies from file')).toMatchObject({ proxies: 2 });
  expect(Object.keys(JSON.parse((await proxy.api('GET', '/proxies')).text))).toEqual(['a', 'c']);
});
