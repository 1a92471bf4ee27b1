/** Relatives of the ten breakages: what else stands between an agent and its server. */
import { networkInterfaces } from 'node:os';
import { createServer as createTls, type TlsOptions } from 'node:tls';
import { expect, it } from 'vitest';
import type { Diagnosis } from '../../../harness/diagnose/diagnose.ts';
import { issueFlawed } from '../../../proxy/certificates/index.ts';
import { authority, diagnosisOf, serveHttp, serveHttps, serveTcp, wellAnswer } from './servers.ts';

const ca = async (): Promise<string> => (await authority()).certPem;

/** The step that ended the walk, with cause and remedy in one text. */
function ended({ outcome, step, steps }: Diagnosis): {
  outcome: string;
  step: string | undefined;
  said: string;
} {
  const last = steps.find(({ id }) => id === step);
  const said = last && 'cause' in last ? `${last.cause} → ${last.remedy}` : '';
  return { outcome, step, said };
}

const remarksOf = (diagnosis: Diagnosis): string[] =>
  diagnosis.steps.flatMap((step) => ('remarks' in step ? (step.remarks ?? []) : []));

it.each(['TLSv1', 'TLSv1.1'] as const)('names a server that speaks %s and nothing newer', async (version) => {
  const old: TlsOptions = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
  await using server = await serveHttps(wellAnswer, old);

  const diagnosis = await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() });

  expect(ended(diagnosis)).toEqual({
    outcome: 'broken',
    step: 'tls',
    said: expect.stringContaining(`speaks ${version} and nothing newer → Have it speak TLS 1.2`),
  });
});

it('names plain HTTP on the port of HTTPS', async () => {
  await using server = await serveHttp();

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}` }))).toMatchObject({
    step: 'tls',
    said: expect.stringContaining('does not speak TLS'),
  });
});

it('names TLS on the port of plain HTTP', async () => {
  await using server = await serveHttps();

  const diagnosis = await diagnosisOf({ url: `http://127.0.0.1:${server.port}` });

  expect(ended(diagnosis)).toMatchObject({ step: 'health', said: expect.stringContaining('https://') });
  expect(diagnosis.steps[2]).toMatchObject({ id: 'tls', outcome: 'skipped' });
});

it('names a chain without its intermediate certificate', async () => {
  const { chainPem, keyPem } = await issueFlawed(await authority(), 'incomplete_chain', ['127.0.0.1']);
  await using server = await serveHttps(wellAnswer, { cert: chainPem, key: keyPem });

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toMatchObject(
    {
      step: 'tls',
      said: expect.stringContaining('send the whole chain'),
    },
  );
});

it('names everything that is wrong with a certificate', async () => {
  const now = Date.now();
  const { chainPem, keyPem } = await (await authority()).issue({
    hosts: ['old.invalid'],
    notBefore: now - 5_000_000,
    notAfter: now - 3_000_000,
    selfSigned: true,
  });
  await using server = await serveHttps(wellAnswer, { cert: chainPem, key: keyPem });

  const { said } = ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }));

  expect(said).toContain('expired 50 minutes ago');
  expect(said).toContain('is for old.invalid, not for 127.0.0.1');
});

it('names a server that takes connections and shakes no hands', async () => {
  await using server = await serveTcp(() => {});

  expect(
    ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}` }, { timeoutMs: 1_000 })),
  ).toMatchObject({
    step: 'tls',
    said: expect.stringContaining('no handshake within 1 s'),
  });
});

it('names a connection that is cut during the handshake', async () => {
  await using server = await serveTcp((socket) => socket.once('data', () => socket.destroy()));

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}` }))).toMatchObject({
    step: 'tls',
    said: expect.stringContaining('cut during the handshake'),
  });
});

it('names a server that asks for a certificate of the client', async () => {
  await using server = await serveHttps(wellAnswer, { requestCert: true, rejectUnauthorized: true });

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toMatchObject(
    {
      outcome: 'broken',
      step: 'health',
    },
  );
});

const withoutIpv6 = !Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
);
if (withoutIpv6) console.log('skipped: this machine has no IPv6 loopback');

it.skipIf(withoutIpv6)('tells of an address of the name that takes no connections', async () => {
  await using server = await serveHttps(wellAnswer, {}, '::1');

  const diagnosis = await diagnosisOf(
    { url: `https://localhost:${server.port}`, ca: await ca() },
    {
      lookup: async () => [
        // One of the many addresses of loopback: on this port of 127.0.0.1 another test may listen.
        { address: '127.77.0.1', family: 4 },
        { address: '::1', family: 6 },
      ],
    },
  );

  expect(diagnosis).toMatchObject({ outcome: 'works' });
  expect(remarksOf(diagnosis)).toEqual([
    `127.77.0.1:${server.port} of the same name refuses connections: clients that try it first are slow or fail`,
  ]);
});

it.skipIf(withoutIpv6)('takes a URL with an IPv6 address', async () => {
  await using server = await serveHttps(wellAnswer, {}, '::1');

  expect(await diagnosisOf({ url: `https://[::1]:${server.port}`, ca: await ca() })).toMatchObject({
    outcome: 'works',
  });
});

it.each([
  ['404', 404, {}, 'nothing here', 'health', 'give it with --health'],
  [
    'a redirect',
    302,
    { location: 'https://login.invalid/' },
    '',
    'health',
    'sends to https://login.invalid/',
  ],
  [
    'a page for people',
    200,
    { 'content-type': 'text/html' },
    '<html>Welcome</html>',
    'health',
    'a portal, a proxy',
  ],
  ['a page without its type', 200, {}, '<!doctype html><p>Welcome', 'health', 'a portal, a proxy'],
  ['401', 401, {}, '', 'health', 'needs no token'],
  ['502', 502, {}, '<html>Bad gateway</html>', 'health', 'does not reach it'],
  ['a status of failure in JSON', 200, {}, '{"status":"DOWN"}', 'health', 'says of itself: status “DOWN”'],
  [
    'a database that is down',
    200,
    {},
    '{"status":"degraded","database":{"ok":false}}',
    'health',
    'its database does not answer',
  ],
])('names a health page that is %s', async (_what, status, headers, body, step, said) => {
  await using server = await serveHttps((_request, response) => {
    response.writeHead(status, headers as Record<string, string>).end(body);
  });

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toEqual({
    outcome: 'broken',
    step,
    said: expect.stringContaining(said),
  });
});

it('takes any page that is named for health', async () => {
  await using server = await serveHttps((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
  });

  const asked = { url: `https://127.0.0.1:${server.port}`, ca: await ca(), health: '/' };
  expect(await diagnosisOf(asked)).toMatchObject({ outcome: 'works' });
});

it.each([
  ['answers too late', () => {}],
  ['never ends its answer', (response: { write(text: string): void }) => response.write('{"status":')],
])('names a server that %s', async (_what, serve) => {
  await using server = await serveHttps((_request, response) => void serve(response));

  expect(
    ended(
      await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }, { timeoutMs: 1_500 }),
    ),
  ).toMatchObject({ step: 'health', said: expect.stringContaining('is not answered within 1.5 s') });
});

it('reads the beginning of an answer without an end', async () => {
  await using server = await serveHttps((_request, response) => {
    const more = (): void => void (response.writable && response.write('x'.repeat(65_536), more));
    more();
  });

  expect(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() })).toMatchObject({
    outcome: 'works',
  });
});

it('names what speaks TLS and no HTTP', async () => {
  const { chainPem, keyPem } = await (await authority()).issue({ hosts: ['127.0.0.1'] });
  const inner = createTls({ cert: chainPem, key: keyPem }, (socket) =>
    socket.on('error', () => {}).end('220 mail.invalid ESMTP\r\n'),
  );
  await using server = await serveTcp((socket) => inner.emit('connection', socket));

  expect(ended(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toMatchObject(
    {
      step: 'health',
      said: expect.stringContaining('not HTTP'),
    },
  );
});

it('tells of a step that took long', async () => {
  await using server = await serveHttps(
    (_request, response) => void setTimeout(() => response.end('{}'), 1_100),
  );

  expect(remarksOf(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toEqual([
    expect.stringContaining('Slow'),
  ]);
});

it('tells of a clock that differs', async () => {
  await using server = await serveHttps((_request, response) => {
    response.setHeader('date', new Date(Date.now() - 600_000).toUTCString()).end('{}');
  });

  expect(remarksOf(await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca() }))).toEqual([
    expect.stringMatching(/clock of the server is (9|10) minutes behind/),
  ]);
});

it('cannot tell where the API is another one, and says which option names it', async () => {
  await using server = await serveHttps((request, response) => {
    response.writeHead(request.url === '/health' ? 200 : 404).end('{"error":"Not found"}');
  });
  const asked = { url: `https://127.0.0.1:${server.port}`, ca: await ca(), token: 'a-token-of-another-api' };

  expect(ended(await diagnosisOf(asked))).toMatchObject({
    outcome: 'unknown',
    step: 'token',
    said: expect.stringContaining('--token-path'),
  });
});

it('walks another API whose pages are named', async () => {
  const lastSeen = Math.floor(Date.now() / 1_000);
  await using server = await serveHttps((request, response) => {
    if (request.url === '/api/healthz') return void response.end('OK');
    if (request.headers['x-api-key'] !== 'a-key-of-another-api') return void response.writeHead(401).end();
    response.end(
      JSON.stringify(request.url === '/api/nodes/n%2F1' ? { last_seen: lastSeen, online: true } : {}),
    );
  });

  const diagnosis = await diagnosisOf({
    url: `https://127.0.0.1:${server.port}/api/`,
    ca: await ca(),
    health: '/healthz',
    token: 'a-key-of-another-api',
    tokenHeader: 'X-Api-Key',
    tokenPath: '/me',
    agent: 'n/1',
    agentPath: '/nodes/{agent}',
  });

  expect(diagnosis).toMatchObject({ outcome: 'works' });
  expect(diagnosis.steps.at(-2)).toMatchObject({ detail: 'n/1 is online' });
});

it('sends no token where the certificate is not trusted', async () => {
  const seen: unknown[] = [];
  await using server = await serveHttps((request, response) => {
    seen.push(request.headers);
    response.end('{}');
  });

  await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, token: 'a-token-for-nobody-else' });

  expect(seen).toEqual([]);
});

it('never prints the token that a server sends back, in whatever spelling', async () => {
  const token = 'abc+12345/secret=token-9';
  await using server = await serveHttps((request, response) => {
    if (request.url === '/health') return void response.end('{}');
    const spelt = [
      token,
      encodeURIComponent(token),
      Buffer.from(token).toString('base64'),
      Buffer.from(`x:${token}`).toString('base64'),
    ];
    response.writeHead(401).end(JSON.stringify({ error: `not known: ${spelt.join(' ')} \u001b[2J` }));
  });

  const text = JSON.stringify(
    await diagnosisOf({ url: `https://127.0.0.1:${server.port}`, ca: await ca(), token }),
  );

  expect(text).toContain('[token]');
  expect(text).not.toContain(token);
  expect(text).not.toContain(encodeURIComponent(token));
  expect(text).not.toContain(Buffer.from(token).toString('base64').slice(0, 20));
  expect(text).not.toContain('\u001b');
});
