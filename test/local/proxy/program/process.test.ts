/** `shaketable proxy` in the place of `toxiproxy-server`: start, flags, signals; numbers are the checklist's. */
import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { type ProgramName, ProxyCommand } from './command.ts';
import { serveLines } from './line-server.ts';

it('says in its first lines which version it is, its seed, and where its API listens', async () => {
  await using proxy = await ProxyCommand.start(['-seed', '42']);
  const [first, last] = proxy.lines;

  expect(first).toMatchObject({ level: 'info', message: 'Starting Toxiproxy', seed: '42' });
  expect(first?.version).toMatch(/^2\.\d+\.\d+/);
  expect(first?.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(last?.address).toMatch(/^localhost:[1-9]\d*$/);
  const { text } = await proxy.api('GET', '/version');
  expect(text).toBe(`{"version": "${first?.version}"}\n`);
});

it('listens on IPv4 loopback alone unless told otherwise', async () => {
  await using proxy = await ProxyCommand.start();
  const port = new URL(proxy.url).port;

  expect((await fetch(`http://127.0.0.1:${port}/version`)).status).toBe(200);
  await expect(fetch(`http://[::1]:${port}/version`)).rejects.toThrow();
});

it('takes flags with one dash or two, with = or without', async () => {
  await using proxy = await ProxyCommand.start([
    '--host=127.0.0.1',
    '-seed',
    '1',
    '--proxy-metrics',
    '-compat=false',
  ]);

  expect(proxy.url).toMatch(/^http:\/\/127\.0\.0\.1:/);
  expect((await proxy.api('GET', '/metrics')).status).toBe(200);
});

it.each([
  ['-version', /^toxiproxy-server version 2\.\d+\.\d+\S*$/],
  ['--help', /^Usage: shaketable proxy [\s\S]+-seed N[\s\S]+LOG_LEVEL/],
])('answers %s and ends', async (flag, answer) => {
  const { code, stdout, stderr } = await new ProxyCommand([flag]).ended;

  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(answer);
});

it('starts without what only the lab needs', async () => {
  const hook = `
    import { registerHooks } from 'node:module';
    registerHooks({
      load(url, context, next) {
        console.log(url);
        return next(url, context);
      },
    });`;
  const proxy = new ProxyCommand(['-port', '0'], {
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}`,
  });
  await using _ = proxy;
  await proxy.line('Starting Toxiproxy HTTP server');

  const { stdout } = await proxy.stop();

  expect(stdout).toContain('/proxy/server.ts');
  expect(stdout).not.toMatch(/vitest|\/harness\/(run|worlds|report|journal)\/|@peculiar|mysql2/);
});

describe.each<ProgramName>(['shaketable proxy', 'shaketable-proxy'])('%s', (name) => {
  it('refuses an unknown flag with a word and its usage on standard error, exit code 2', async () => {
    const { code, stdout, stderr } = await new ProxyCommand(['-nope'], {}, name).ended;

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      'flag provided but not defined: -nope',
      `Usage: ${name} [flags]`,
    ]);
  });

  it.each(['99999', '-1', 'no-service', '80:90'])('refuses the port %s as a wrong flag', async (port) => {
    const { code, stdout, stderr } = await new ProxyCommand(['-port', port], {}, name).ended;

    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n').slice(0, 2)).toEqual([
      `invalid value "${port}" for flag -port: not a number from 0 to 65535 or the name of a service`,
      `Usage: ${name} [flags]`,
    ]);
  });

  it('ends with exit code 3 when its port is taken, rather than go on without an API', async () => {
    await using first = await ProxyCommand.start();
    const { port } = new URL(first.url);

    const { code, stderr } = await new ProxyCommand(['-port', port], {}, name).ended;

    expect(code).toBe(3);
    expect(stderr).toBe(
      `\nLAB_PORT_TAKEN: The API cannot listen on localhost:${port}: the address is already in use\n` +
        '→ Stop what listens there, or choose another address with -host and -port.\n',
    );
  });

  it('ends with exit code 3 when its host is none of this machine', async () => {
    const args = ['-port', '0', '-host', 'no.such.host.invalid'];
    const { code, stderr } = await new ProxyCommand(args, {}, name).ended;

    expect(code).toBe(3);
    expect(stderr).toMatch(/^\nLAB_BAD_INPUT: The API cannot listen on no\.such\.host\.invalid:0: lookup /);
  });
});

it.each([
  'SIGTERM',
  'SIGINT',
] as const)('ends every connection and itself on %s, exit code 0 [118]', async (signal) => {
  await using server = await serveLines();
  await using proxy = await ProxyCommand.start();
  const { text } = await proxy.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${server.port}`,
  });
  const client = net.connect(Number(JSON.parse(text).listen.split(':')[1]), '127.0.0.1');
  client.write('x\n');
  await new Promise((resolve) => client.once('data', resolve));
  const ended = new Promise((resolve) => client.once('end', () => resolve('end')).once('error', resolve));

  const { code, stderr } = await proxy.stop(signal);

  expect([code, stderr]).toEqual([0, '']);
  expect(await ended).toBe('end');
  expect(proxy.lines.at(-1)?.message).toBe('Terminated proxy');
  expect(proxy.lines.map(({ message }) => message)).toContain('Shutdown started');
});

it('lives on after SIGUSR1, without a debugger', async () => {
  await using proxy = await ProxyCommand.start();
  process.kill(proxy.pid, 'SIGUSR1');

  expect((await proxy.api('GET', '/version')).status).toBe(200);
  const { code, stderr } = await proxy.stop();
  expect([code, stderr]).toEqual([0, '']);
});

it('draws the same faults for the same -seed, and others for another', async () => {
  await using server = await serveLines();
  const outcomes = async (seed: string): Promise<string> => {
    await using proxy = await ProxyCommand.start(['-seed', seed], { LOG_LEVEL: 'info' });
    const { text } = await proxy.api('POST', '/proxies', {
      name: 'p',
      listen: '127.0.0.1:0',
      upstream: `127.0.0.1:${server.port}`,
      toxics: [{ type: 'refuse_connection', toxicity: 0.5 }],
    });
    const port = Number(JSON.parse(text).listen.split(':')[1]);
    let drawn = '';
    for (let number = 0; number < 40; number += 1) drawn += await outcome(port);
    return drawn;
  };

  const first = await outcomes('7');

  expect(first).toMatch(/^[+-]{40}$/);
  expect(await outcomes('7')).toBe(first);
  expect(await outcomes('8')).not.toBe(first);
});

/** `+` for an answer, `-` for a reset. */
function outcome(port: number): Promise<'+' | '-'> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.once('data', () => resolve('+')).once('error', () => resolve('-'));
    socket.end('x\n');
  });
}

it('does as Toxiproxy does under -compat: there is no half-close', async () => {
  const late = net.createServer({ allowHalfOpen: true }, (socket) => {
    socket
      .on('error', () => {})
      .on('end', () => setImmediate(() => socket.end('late answer')))
      .resume();
  });
  await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve));
  const upstream = `127.0.0.1:${(late.address() as net.AddressInfo).port}`;
  const answers = async (flags: string[]): Promise<string> => {
    await using proxy = await ProxyCommand.start(flags);
    const { text } = await proxy.api('POST', '/proxies', { name: 'p', listen: '127.0.0.1:0', upstream });
    const client = net.connect(Number(JSON.parse(text).listen.split(':')[1]), '127.0.0.1');
    let read = '';
    client.setEncoding('utf8').on('data', (part) => {
      read += part;
    });
    client.end('question');
    await new Promise((resolve) => client.once('close', resolve));
    return read;
  };

  expect(await answers([])).toBe('late answer');
  expect(await answers(['-compat'])).toBe('');
  late.close();
});
