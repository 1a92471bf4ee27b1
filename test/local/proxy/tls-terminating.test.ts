/** Proxies that take the client's TLS off, with real clients: node:tls, undici, ws, curl, Python. */
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import tls from 'node:tls';
import { Agent, request } from 'undici';
import { expect, it } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { Rig } from './rig.ts';
import {
  authority,
  curl,
  fileOf,
  hasCurl,
  hasPython,
  python,
  startTlsServer,
  type TlsServer,
  visit,
} from './tls-rig.ts';

const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** A proxy that takes TLS off, to a TLS server unless told otherwise. */
async function terminating(
  rig: Rig,
  upstreamPort: number,
  settings: object = {},
  toxics: readonly object[] = [],
): Promise<{ port: number; ca: string }> {
  const { status, json, text } = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${upstreamPort}`,
    toxics,
    tls: { upstream_ca: authority.certPem, ...settings },
  });
  if (status !== 201) throw new Error(text);
  const { text: ca } = await rig.api('GET', '/certificates/ca.pem');
  return { port: Number((json as { listen: string }).listen.split(':').at(-1)), ca };
}

const change = (rig: Rig, settings: object | boolean) => rig.api('PATCH', '/proxies/p', { tls: settings });

/** A client that is through with its handshake. */
async function connect(
  port: number,
  ca: string,
  options: tls.ConnectionOptions = {},
): Promise<{ socket: tls.TLSSocket; raw: net.Socket }> {
  const raw = net.connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  const socket = tls.connect({ socket: raw, servername: 'server.test', ca, ...options });
  await once(socket, 'secureConnect');
  return { socket, raw };
}

/** Sends one thing and gives back what comes first. */
async function ask(socket: tls.TLSSocket, text: string): Promise<string> {
  socket.write(text);
  const [bytes] = (await once(socket, 'data')) as [Buffer];
  return bytes.toString();
}

it('shows toxics and the table of connections what is inside', async () => {
  await using rig = await Rig.start();
  const server = http.createServer((_, response) => response.end('plain inside')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port, ca } = await terminating(rig, (server.address() as net.AddressInfo).port, {
    upstream: 'plain',
  });
  const agent = new Agent({ connect: { ca, servername: 'server.test' } });

  const { statusCode, body } = await request(`https://127.0.0.1:${port}/`, { dispatcher: agent });

  expect([statusCode, await body.text()]).toEqual([200, 'plain inside']);
  const { json } = await rig.api('GET', '/connections');
  expect(json).toMatchObject([
    {
      protocol: 'http',
      tls: {
        serverName: 'server.test',
        alpn: expect.arrayContaining(['http/1.1']),
        outcome: 'complete',
        version: 'TLSv1.3',
        cipher: expect.stringMatching(/^0x13/),
        resumed: false,
        chosenAlpn: 'http/1.1',
      },
    },
  ]);
  await agent.destroy();
  server.close();
});

it('lets HTTP toxics answer inside', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer({}, (socket) =>
    socket.on('data', () => socket.write('HTTP/1.1 204 No Content\r\n\r\n')),
  );
  const { port, ca } = await terminating(rig, server.port, {}, [
    { type: 'http_status', attributes: { status: 418, first: 1 } },
  ]);
  const agent = new Agent({ connect: { ca, servername: 'server.test' } });
  const ask = async (): Promise<number> => {
    const { statusCode, body } = await request(`https://127.0.0.1:${port}/`, { dispatcher: agent });
    await body.dump();
    return statusCode;
  };

  expect([await ask(), await ask()]).toEqual([418, 204]);
  expect(rig.eventsOf('strike')).toMatchObject([{ toxicType: 'http_status' }]);
  await agent.destroy();
});

it('speaks TLS to the server under the name and protocol of the client', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer({ ALPNProtocols: ['h2', 'http/1.1'] });
  const { port, ca } = await terminating(rig, server.port);

  const { outcome } = await visit(port, { ca, ALPNProtocols: ['h2', 'http/1.1'] });

  expect(outcome).toBe('ok');
  expect(server.completed).toMatchObject([{ servername: 'server.test', alpn: 'http/1.1' }]);
});

it('verifies the server unless told not to', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, { upstream_ca: '' });
  const outcomes = async (settings: object): Promise<string> => {
    await change(rig, settings);
    return (await visit(port, { ca })).outcome;
  };

  expect(await outcomes({})).toBe('closed');
  expect(await outcomes({ upstream_verify: false })).toBe('ok');
  expect(await outcomes({ upstream_verify: true, upstream_ca: authority.certPem })).toBe('ok');
  expect(await outcomes({ upstream_server_name: 'other.test' })).toBe('closed');
  expect(rig.eventsOf('upstream-refused').map(({ code }) => code)).toEqual([
    'SELF_SIGNED_CERT_IN_CHAIN',
    'ERR_TLS_CERT_ALTNAME_INVALID',
  ]);
});

const flaws = [
  { certificate: 'expired', node: 'CERT_HAS_EXPIRED', words: 'certificate has expired', alert: '45' },
  { certificate: 'not_yet_valid', node: 'CERT_NOT_YET_VALID', words: 'not yet valid', alert: '42' },
  {
    certificate: 'self_signed',
    node: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    words: 'self.signed certificate',
    alert: '48',
  },
  {
    certificate: 'unknown_ca',
    node: 'SELF_SIGNED_CERT_IN_CHAIN',
    words: 'self.signed certificate in',
    alert: '48',
  },
  {
    certificate: 'incomplete_chain',
    node: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    words: 'unable to get local issuer',
    alert: '48',
  },
  { certificate: 'weak_key', node: 'UNSPECIFIED', words: 'key too weak', alert: '42' },
];

it.each(versions)('presents flawed certificates that node:tls refuses by name in %s', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  for (const { certificate, node } of [
    ...flaws,
    { certificate: 'wrong_host', node: 'ERR_TLS_CERT_ALTNAME_INVALID' },
  ]) {
    await change(rig, { certificate });

    expect((await visit(port, { ca, maxVersion: version })).outcome).toBe(node);
    const connection = rig.eventsOf('open').length;
    await expect
      .poll(() => rig.eventsOf('tls-handshake', connection))
      .toMatchObject([{ outcome: 'failed', lastStage: expect.stringMatching(/certificate|finished/) }]);
    expect(rig.eventsOf('strike', connection)).toMatchObject([
      { toxicType: 'tls', reason: `certificate: ${certificate}`, stream: 'downstream' },
    ]);
    await expect.poll(() => rig.eventsOf('close', connection)).toMatchObject([{ bytesUp: 0 }]);
  }
  await change(rig, { certificate: 'valid' });
  expect((await visit(port, { ca })).outcome).toBe('ok');
});

it.skipIf(!hasCurl)('presents flawed certificates that curl refuses with an alert', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer({}, (socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')),
  );
  const { port, ca } = await terminating(rig, server.port);
  await using file = await fileOf(ca);
  for (const { certificate, words, alert } of flaws) {
    await change(rig, { certificate });

    const { exit, stderr } = await curl(port, file.name);

    expect([exit, stderr]).toEqual([60, expect.stringMatching(words)]);
    await expect
      .poll(() => rig.eventsOf('tls-handshake').at(-1))
      .toMatchObject({ outcome: 'failed', alert, lastStage: 'certificate' });
  }
  await change(rig, { certificate: 'wrong_host' });
  expect(await curl(port, file.name)).toMatchObject({
    exit: 60,
    stderr: /no alternative certificate subject/,
  });
  await change(rig, { certificate: 'valid' });
  expect(await curl(port, file.name)).toMatchObject({ exit: 0 });
});

it.skipIf(!hasPython)('presents flawed certificates that Python refuses', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  await using file = await fileOf(ca);
  const say = 's.sendall(b"ping"); print(s.recv(10).decode())';
  for (const { certificate, words } of flaws) {
    await change(rig, { certificate });

    const { stderr } = await python(port, file.name, say);

    expect(stderr).toMatch(new RegExp(`SSLCertVerificationError.*${words}`));
  }
  await change(rig, { certificate: 'wrong_host' });
  expect((await python(port, file.name, say)).stderr).toMatch(/SSLCertVerificationError.*Hostname mismatch/);
  await expect.poll(() => rig.eventsOf('tls-handshake').at(-1)).toMatchObject({ alert: '42' });
  await change(rig, { certificate: 'valid' });
  expect(await python(port, file.name, say)).toMatchObject({ exit: 0, stdout: 'ping\n' });
});

it('presents the certificate of a host of its own, and for an address to a client that names none', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, { upstream_verify: false });

  expect((await visit(port, { ca, servername: '' })).outcome).toBe('ok');
  await change(rig, { host: 'other.test' });
  expect((await visit(port, { ca })).outcome).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  expect((await visit(port, { ca, servername: 'other.test' })).outcome).toBe('ok');
});

it('speaks an old version to clients that allow it, and is refused by the others', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, { versions: ['TLSv1', 'TLSv1.1'] });

  expect((await visit(port, { ca })).outcome).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  const willing = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  expect((await visit(port, { ca, ...willing })).outcome).toBe('ok');
  expect(rig.eventsOf('tls-handshake')).toMatchObject([
    { outcome: 'failed', lastStage: 'client_hello' },
    { outcome: 'complete', version: 'TLSv1.1' },
  ]);
});

it('refuses a client that speaks no protocol but HTTP/2', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);

  const { outcome } = await visit(port, { ca, ALPNProtocols: ['h2'] });

  expect(outcome).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
});

it.each(
  versions,
)('lets a %s session resume where tickets are accepted, and not where they are refused', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  const options: tls.ConnectionOptions = { ca, maxVersion: version };
  const again = async (): Promise<boolean> => {
    const { session } = await visit(port, options);
    if (!session) throw new Error('Expected a session');
    const { outcome, resumed } = await visit(port, { ...options, session });
    expect(outcome).toBe('ok');
    return resumed;
  };

  expect(await again()).toBe(true);
  await change(rig, { tickets: 'refused' });
  expect(await again()).toBe(false);
  expect(rig.eventsOf('tls-handshake').map(({ resumed }) => resumed)).toEqual([false, true, false, false]);
  expect(rig.eventsOf('client-hello').map(({ offersResumption }) => offersResumption)).toEqual([
    false,
    true,
    false,
    true,
  ]);
});

it('makes new certificates with each change, while open connections go on', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  const { socket } = await connect(port, ca);
  const serialOf = (client: tls.TLSSocket): string => client.getPeerCertificate().serialNumber;
  const { socket: second } = await connect(port, ca);
  expect(serialOf(second)).toBe(serialOf(socket));
  expect(await ask(socket, 'before')).toBe('before');

  await change(rig, {});
  const { socket: third } = await connect(port, ca);

  expect(serialOf(third)).not.toBe(serialOf(socket));
  expect(await ask(socket, 'after')).toBe('after');
  expect(await ask(third, 'new')).toBe('new');
  for (const each of [socket, second, third]) each.destroy();
});

it('presents the flawed certificate to the connections that are selected, so often and no more', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, {
    certificate: 'expired',
    only: { every: 2, strikes: 2 },
  });
  const outcomes: string[] = [];
  for (let index = 0; index < 6; index += 1) outcomes.push((await visit(port, { ca })).outcome);

  expect(outcomes).toEqual(['ok', 'CERT_HAS_EXPIRED', 'ok', 'CERT_HAS_EXPIRED', 'ok', 'ok']);
  expect(rig.eventsOf('strike').map(({ connection }) => connection)).toEqual([2, 4]);
});

it('hands a reset of either side on as a reset of the socket under TLS', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  const first = await connect(port, ca);
  await ask(first.socket, 'x');
  const reset = once(first.socket, 'error') as Promise<[NodeJS.ErrnoException]>;
  server.sockets[0]?.resetAndDestroy();
  expect((await reset)[0].code).toBe('ECONNRESET');

  const second = await connect(port, ca);
  await ask(second.socket, 'x');
  second.raw.resetAndDestroy();
  await expect.poll(() => server.errors).toEqual(['ECONNRESET']);

  await expect.poll(() => rig.eventsOf('close').length).toBe(2);
  expect(rig.eventsOf('close')).toMatchObject([
    { end: 'reset', by: 'upstream' },
    { end: 'reset', by: 'client' },
  ]);
});

it('resets both sockets under TLS when a toxic does', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, {}, [{ type: 'reset_peer' }]);
  const { socket } = await connect(port, ca);
  const resetHere = once(socket, 'error') as Promise<[NodeJS.ErrnoException]>;

  socket.write('x');

  expect((await resetHere)[0].code).toBe('ECONNRESET');
  await expect.poll(() => server.errors).toEqual(['ECONNRESET']);
  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'reset', by: 'toxic' }]);
});

it.each(versions)('keeps half-close in %s: the client ends, the server answers later', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer({ allowHalfOpen: true }, (socket) => {
    let asked = '';
    socket.on('data', (bytes) => (asked += bytes)).once('end', () => socket.end(`late ${asked}`));
  });
  const { port, ca } = await terminating(rig, server.port);
  const { socket } = await connect(port, ca, { maxVersion: version });
  socket.end('question');

  const [bytes] = (await once(socket, 'data')) as [Buffer];
  await once(socket, 'end');

  expect(bytes.toString()).toBe('late question');
  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'fin' }]);
});

it('lets toxics act on the bytes inside', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port, {}, [
    { type: 'limit_data', attributes: { bytes: 5 } },
  ]);
  const { socket } = await connect(port, ca);
  let got = '';
  socket.on('data', (bytes) => (got += bytes));

  socket.write('123456789');
  await once(socket, 'end');

  expect(got).toBe('12345');
});

it('carries WebSocket, and more than fits into any buffer', async () => {
  await using rig = await Rig.start();
  const sockets = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(sockets, 'listening');
  sockets.on('connection', (socket) => socket.on('message', (message) => socket.send(message)));
  const { port, ca } = await terminating(rig, (sockets.address() as net.AddressInfo).port, {
    upstream: 'plain',
  });
  const client = new WebSocket(`wss://127.0.0.1:${port}/`, {
    agent: new https.Agent({ ca, servername: 'server.test' }),
  });
  await once(client, 'open');
  const sent = Buffer.alloc(20 * 1024 * 1024, 'abcdefghijk');

  client.send(sent);
  const [message] = (await once(client, 'message')) as [Buffer];

  expect(message.equals(sent)).toBe(true);
  expect((await rig.api('GET', '/connections')).json).toMatchObject([{ protocol: 'websocket' }]);
  client.terminate();
  sockets.close();
});

it('takes a ClientHello in single bytes', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  const slicer = await rig.api('POST', '/proxies', {
    name: 'slicer',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${port}`,
    toxics: [{ type: 'slicer', stream: 'upstream', attributes: { average_size: 1, delay: 100 } }],
  });
  const before = Number((slicer.json as { listen: string }).listen.split(':').at(-1));

  expect((await visit(before, { ca })).outcome).toBe('ok');
});

it('closes on what is no TLS, and on clients that leave before or during the handshake', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port } = await terminating(rig, server.port);
  const plain = await rig.connect(port);
  plain.write('GET / HTTP/1.1\r\n\r\n');
  await plain.ending;
  const silent = await rig.connect(port);
  silent.socket.end();
  await silent.ending;
  const rude = await rig.connect(port);
  rude.write(Buffer.from('160301', 'hex'));
  rude.socket.resetAndDestroy();

  await expect.poll(() => rig.eventsOf('close').length).toBe(3);
  expect(rig.eventsOf('close').map(({ by }) => by)).toEqual(['client', 'client', 'client']);
  expect(rig.eventsOf('close', 2)).toMatchObject([{ end: 'fin' }]);
  expect(rig.eventsOf('close', 3)).toMatchObject([{ end: 'reset' }]);
  expect(rig.eventsOf('tls-handshake')).toMatchObject([
    { connection: 1, outcome: 'failed', lastStage: 'none' },
  ]);
  expect(rig.eventsOf('upstream-open')).toEqual([]);
});

it('ends clients in mid-handshake when the proxy is disabled', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const { port, ca } = await terminating(rig, server.port);
  const silent = await rig.connect(port);
  const { socket } = await connect(port, ca);
  await ask(socket, 'x');

  const ended = once(socket, 'end');

  await rig.api('PATCH', '/proxies/p', { enabled: false });

  expect((await silent.ending).how).toBe('end');
  await ended;
  expect(rig.eventsOf('close')).toMatchObject([{ end: 'stopped' }, { end: 'stopped' }]);
});

it('closes the client when the server cannot be reached or speaks no TLS', async () => {
  await using rig = await Rig.start();
  const plainPort = await rig.serve((socket) => socket.end('220 no TLS here\r\n'));
  const { port, ca } = await terminating(rig, plainPort);

  expect((await visit(port, { ca })).outcome).toBe('closed');
  await rig.api('PATCH', '/proxies/p', { upstream: '127.0.0.1:1', listen: `127.0.0.1:${port}` });
  expect((await visit(port, { ca })).outcome).toBe('closed');

  expect(rig.eventsOf('upstream-refused').map(({ code }) => code)).toEqual([
    expect.stringMatching(/^ERR_SSL_/),
    'ECONNREFUSED',
  ]);
});

it('takes TLS off from the next connection on, and lets it pass again when told so', async () => {
  await using rig = await Rig.start();
  await using server: TlsServer = await startTlsServer();
  const port = await rig.proxy(server.port);
  const presented = async (): Promise<string> => {
    const { socket } = await connect(port, authority.certPem, { rejectUnauthorized: false });
    const certificate = new X509Certificate(socket.getPeerCertificate().raw);
    socket.destroy();
    return certificate.issuer;
  };

  expect(await presented()).toBe('CN=Proxy tests');
  await change(rig, true);
  expect(await presented()).toBe('CN=Shaketable fault proxy');
  await change(rig, false);
  expect(await presented()).toBe('CN=Proxy tests');
  expect(Object.keys((await rig.api('GET', '/proxies/p')).json as object)).not.toContain('tls');
});

it('gives its settings back, keeps what a change leaves out, and refuses what means nothing', async () => {
  await using rig = await Rig.start();
  await terminating(rig, 1, { certificate: 'expired', upstream_ca: null });
  const initial = {
    certificate: 'expired',
    host: '',
    versions: ['TLSv1.2', 'TLSv1.3'],
    tickets: 'accepted',
    alpn: ['http/1.1'],
    upstream: 'tls',
    upstream_verify: true,
    upstream_ca: '',
    upstream_server_name: '',
  };

  expect((await change(rig, { tickets: 'refused' })).json).toMatchObject({
    tls: { ...initial, tickets: 'refused' },
  });
  for (const wrong of [
    { certificate: 'rotten' },
    { versions: ['TLSv1.1', 'TLSv1.3'] },
    { versions: [] },
    { versions: ['SSLv3'] },
    { alpn: [''] },
    { host: 'not a host' },
    { upstream_ca: 'no PEM' },
    { upstream_server_name: '127.0.0.1' },
    { certficate: 'expired' },
    { only: { from_bytes: 5 } },
    { only: { after_ms: 5 } },
    'yes',
  ]) {
    const { status, text } = await rig.api('PATCH', '/proxies/p', { tls: wrong });
    expect([status, text]).toEqual([400, expect.stringMatching(/invalid attribute/)]);
  }
  expect((await rig.api('GET', '/proxies/p')).json).toMatchObject({ tls: { certificate: 'expired' } });
});
