/** Servers that ask clients for a certificate, and refuse them late: behind the proxy, and the proxy itself. */
import tls from 'node:tls';
import { expect, it } from 'vitest';
import { createAuthority } from '../../../proxy/certificates/index.ts';
import { Rig } from './rig.ts';
import { startTlsServer } from './tls-rig.ts';

const ours = await createAuthority({ name: 'Clients', now: Date.now() });
const others = await createAuthority({ name: 'Other clients', now: Date.now() });
const own = await ours.issue({ hosts: ['client.test'] });
const foreign = await others.issue({ hosts: ['client.test'] });
const certificates = {
  none: {},
  own: { key: own.keyPem, cert: own.chainPem },
  foreign: { key: foreign.keyPem, cert: foreign.chainPem },
};
const versions = ['TLSv1.2', 'TLSv1.3'] as const;

/** What a client meets that sends as soon as it may: events by name, errors by code. */
async function meet(port: number, options: tls.ConnectionOptions): Promise<string[]> {
  const met: string[] = [];
  const socket = tls.connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...options });
  socket.once('secureConnect', () => {
    met.push('secure');
    socket.write('hello');
  });
  socket.once('data', () => {
    met.push('data');
    socket.end();
  });
  socket.on('error', ({ code = '' }: NodeJS.ErrnoException) => met.push(code));
  await new Promise((resolve) => socket.once('close', resolve));
  return met;
}

const late = {
  'TLSv1.2': ['ERR_SSL_SSL/TLS_ALERT_HANDSHAKE_FAILURE'],
  'TLSv1.3': ['secure', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
};

it.each(
  versions.flatMap(
    (version) =>
      [
        { version, certificate: 'none', met: late[version], outcome: 'failed' },
        { version, certificate: 'own', met: ['secure', 'data'], outcome: 'complete' },
      ] as const,
  ),
)('tells of $version that passes, with the certificate $certificate, that it $outcome', async ({
  version,
  certificate,
  met,
  outcome,
}) => {
  await using rig = await Rig.start();
  await using server = await startTlsServer({
    requestCert: true,
    // The certificates of tests are for servers, which Node would hold against a client.
    rejectUnauthorized: certificate === 'none',
  });
  const port = await rig.proxy(server.port);

  expect(await meet(port, { maxVersion: version, ...certificates[certificate] })).toEqual(met);

  await expect.poll(() => rig.eventsOf('tls-handshake')).toMatchObject([{ version, outcome }]);
});

it.each(
  versions.flatMap(
    (version) =>
      [
        {
          version,
          certificate: 'none',
          client_ca: '',
          met: late[version],
          strikes: ['client certificate: none'],
        },
        { version, certificate: 'own', client_ca: ours.certPem, met: ['secure', 'data'], strikes: [] },
        { version, certificate: 'foreign', client_ca: '', met: ['secure', 'data'], strikes: [] },
        {
          version,
          certificate: 'foreign',
          client_ca: ours.certPem,
          met: version === 'TLSv1.3' ? ['secure'] : expect.not.arrayContaining(['secure']),
          strikes: ['client certificate: of another authority'],
        },
      ] as const,
  ),
)('asks by $version for a certificate, and judges $certificate', async ({
  version,
  certificate,
  client_ca,
  met,
  strikes,
}) => {
  await using rig = await Rig.start();
  const settings = {
    upstream: 'plain',
    client_certificate: 'required',
    ...(client_ca === '' ? {} : { client_ca }),
  };
  const { json } = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${await rig.serveEcho()}`,
    tls: settings,
  });
  const port = Number((json as { listen: string }).listen.split(':').at(-1));

  expect(await meet(port, { maxVersion: version, ...certificates[certificate] })).toEqual(met);

  await expect.poll(() => rig.eventsOf('close').length).toBe(1);
  expect(rig.eventsOf('strike').map(({ reason }) => reason)).toEqual(strikes);
  const outcome = strikes.length > 0 ? 'failed' : 'complete';
  expect(rig.eventsOf('tls-handshake')).toMatchObject([{ outcome, lastStage: 'finished' }]);
  expect(rig.eventsOf('close')[0]?.by).toBe(strikes.length > 0 ? 'toxic' : 'client');
  expect(rig.eventsOf('upstream-open').length).toBe(strikes.length > 0 ? 0 : 1);
});

it('asks those connections alone that are selected, as often as strikes are left', async () => {
  await using rig = await Rig.start();
  const { json } = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${await rig.serveEcho()}`,
    tls: { upstream: 'plain', client_certificate: 'required', only: { strikes: 2 } },
  });
  const port = Number((json as { listen: string }).listen.split(':').at(-1));
  const last = [];
  for (let visit = 0; visit < 4; visit += 1) last.push((await meet(port, { maxVersion: 'TLSv1.3' })).at(-1));

  expect(last).toEqual([late['TLSv1.3'][1], late['TLSv1.3'][1], 'data', 'data']);
});

it('takes a client without a certificate where it only asks', async () => {
  await using rig = await Rig.start();
  const { json, status } = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${await rig.serveEcho()}`,
    tls: { upstream: 'plain', client_certificate: 'requested' },
  });
  expect(status).toBe(201);
  expect(await meet(Number((json as { listen: string }).listen.split(':').at(-1)), {})).toEqual([
    'secure',
    'data',
  ]);
});

it.each([
  [{ client_certificate: 'maybe' }, 'none, requested, required'],
  [{ client_ca: 'no certificate' }, 'tls.client_ca'],
])('refuses the setting %j', async (settings, error) => {
  await using rig = await Rig.start();
  const proxy = { name: 'p', upstream: 'x:1', tls: settings };

  expect((await rig.api('POST', '/proxies', proxy)).json).toMatchObject({
    status: 400,
    error: expect.stringContaining(error),
  });
});
