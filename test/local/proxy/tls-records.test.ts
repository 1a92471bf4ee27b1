/** Damaged, truncated and refused TLS, as node:tls, curl and Python see it through a proxy that only reads records. */
import type tls from 'node:tls';
import { expect, it } from 'vitest';
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
const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nthe body';

/** Answers what it gets with a body that only the end of the connection ends. */
const startAnswering = (): Promise<TlsServer> =>
  startTlsServer({}, (socket) => socket.once('data', () => socket.end(answer)));

/** OpenSSL names a record that does not decrypt differently in AES-GCM of TLS 1.2. */
const undecipherable = /^ERR_SSL_(CIPHER_OPERATION_FAILED|DECRYPTION_FAILED_OR_BAD_RECORD_MAC)$/;

it.each(versions)('tls_corrupt makes the receiver of a %s record end by bad_record_mac', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const options: tls.ConnectionOptions = { maxVersion: version };
  const down = await rig.proxy(server.port, [{ type: 'tls_corrupt' }], 'down');
  const up = await rig.proxy(server.port, [{ type: 'tls_corrupt', stream: 'upstream' }], 'up');

  expect((await visit(down, options)).outcome).toMatch(undecipherable);
  await expect.poll(() => server.errors).toEqual(['ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC']);
  expect((await visit(up, options)).outcome).toBe('ERR_SSL_SSL/TLS_ALERT_BAD_RECORD_MAC');
  expect(server.errors.at(-1)).toMatch(undecipherable);

  expect(rig.eventsOf('strike')).toMatchObject([
    { proxy: 'down', stream: 'downstream', reason: 'flip record 1 of application_data' },
    { proxy: 'up', stream: 'upstream', reason: 'flip record 1 of application_data' },
  ]);
});

it.each(['duplicate', 'drop'])('tls_corrupt with %s is noticed by the next record', async (how) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port, [{ type: 'tls_corrupt', attributes: { how } }]);

  expect((await visit(port, { maxVersion: 'TLSv1.3' })).outcome).toMatch(undecipherable);
});

it('tls_corrupt breaks handshakes too', async () => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port, [
    { type: 'tls_corrupt', attributes: { kind: 'handshake', record: 2 }, only: { strikes: 1 } },
  ]);

  expect((await visit(port)).outcome).toMatch(/^ERR_SSL_/);
  expect((await visit(port)).outcome).toBe('ok');
  expect(server.completed).toHaveLength(1);
});

it.skipIf(!hasCurl)('tls_corrupt makes curl fail with 56, and in the handshake with 35', async () => {
  await using rig = await Rig.start();
  await using server = await startAnswering();
  await using file = await fileOf(authority.certPem);
  const data = await rig.proxy(server.port, [{ type: 'tls_corrupt', stream: 'upstream' }], 'data');
  const handshake = await rig.proxy(
    server.port,
    [{ type: 'tls_corrupt', attributes: { kind: 'handshake', record: 2 } }],
    'handshake',
  );

  expect(await curl(data, file.name)).toMatchObject({ exit: 56, stderr: /alert bad record mac/ });
  expect(await curl(handshake, file.name)).toMatchObject({ exit: 35 });
});

it.each(versions)('tls_truncate cuts a %s answer short without a word to node:tls', async (version) => {
  await using rig = await Rig.start();
  await using server = await startAnswering();
  const port = await rig.proxy(server.port, [{ type: 'tls_truncate' }]);

  expect((await visit(port, { maxVersion: version })).outcome).toBe('ok');

  await expect.poll(() => rig.eventsOf('close').length).toBe(1);
  expect(rig.eventsOf('strike')).toMatchObject([
    { reason: 'FIN without close_notify', stream: 'downstream', delivered: false },
  ]);
});

it.skipIf(!hasPython).each(versions)('tls_truncate is an unexpected EOF to Python in %s', async (version) => {
  await using rig = await Rig.start();
  await using server = await startAnswering();
  await using file = await fileOf(authority.certPem);
  const healthy = await rig.proxy(server.port, [], 'healthy');
  const truncated = await rig.proxy(server.port, [{ type: 'tls_truncate' }], 'truncated');
  const read = ['s.sendall(b"x")', 'got = b""', 'while part := s.recv(100): got += part', 'print(len(got))'];
  const limit = `context.maximum_version = ssl.TLSVersion.${version.replace('.', '_')}`;
  const visitBy = (port: number) => python(port, file.name, read.join('\n'), limit);

  expect(await visitBy(healthy)).toMatchObject({ exit: 0, stdout: `${answer.length}\n` });
  expect(await visitBy(truncated)).toMatchObject({ exit: 1, stderr: /SSLEOFError/ });
});

it.skipIf(!hasCurl)('tls_truncate after a record leaves curl without an answer', async () => {
  await using rig = await Rig.start();
  await using server = await startAnswering();
  await using file = await fileOf(authority.certPem);
  const port = await rig.proxy(server.port, [{ type: 'tls_truncate', attributes: { records: 1 } }]);

  expect(await curl(port, file.name, '--tlsv1.3')).toMatchObject({ exit: 52, stdout: '' });
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'closed after record 1', delivered: true }]);
});

it.each([
  [40, 'ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'],
  [70, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  [80, 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'],
  [112, 'ERR_SSL_TLSV1_UNRECOGNIZED_NAME'],
])('tls_alert %s is %s to node:tls, and the server sees no handshake', async (description, code) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const toxic = { type: 'tls_alert', attributes: { description }, only: { strikes: 1 } };
  const port = await rig.proxy(server.port, [toxic]);

  expect((await visit(port)).outcome).toBe(code);
  expect((await visit(port)).outcome).toBe('ok');

  expect(server.completed).toHaveLength(1);
  expect(rig.eventsOf('tls-handshake', 1)).toMatchObject([{ outcome: 'failed', lastStage: 'client_hello' }]);
  expect(rig.eventsOf('strike')).toMatchObject([{ connection: 1, stream: 'upstream', delivered: false }]);
});

it.skipIf(!hasCurl)('tls_alert is 35 to curl, and a warning no trouble', async () => {
  await using rig = await Rig.start();
  await using server = await startAnswering();
  await using file = await fileOf(authority.certPem);
  const fatal = await rig.proxy(server.port, [{ type: 'tls_alert' }], 'fatal');
  const warning = await rig.proxy(
    server.port,
    [{ type: 'tls_alert', attributes: { description: 112, level: 'warning' } }],
    'warning',
  );

  expect(await curl(fatal, file.name)).toMatchObject({ exit: 35, stderr: /alert handshake failure/ });
  expect(await curl(warning, file.name)).toMatchObject({ exit: 0, stdout: 'the body' });
});

it.each(versions)('tls_cut at certificate strikes a resumed %s handshake', async (version) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer();
  const port = await rig.proxy(server.port);
  const { session } = await visit(port, { maxVersion: version });
  await rig.addToxic({ type: 'tls_cut', attributes: { stage: 'certificate' } });
  if (!session) throw new Error('Expected a session');

  const { outcome } = await visit(port, { maxVersion: version, session });

  expect(['ECONNRESET', 'closed']).toContain(outcome);
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'reset at certificate', stream: 'downstream' }]);
  await expect
    .poll(() => rig.eventsOf('tls-handshake', 2))
    .toMatchObject([{ outcome: 'failed', resumed: true, version }]);
});
