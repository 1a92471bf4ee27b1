/** What Toxiproxy's API does in its corners; numbers in brackets are those of the conformance checklist. */
import dns from 'node:dns/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { Rig } from './rig.ts';

const proxyBody = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

it('tells browsers by the first letters of their name alone, where there is something to refuse [8, 9]', async () => {
  await using rig = await Rig.start();
  const status = async (agent: string, method: string, path: string): Promise<number> =>
    (await rig.api(method, path, undefined, { 'user-agent': agent })).status;

  expect(await status('Wget/2.1', 'GET', '/proxies')).toBe(200);
  expect(await status('', 'GET', '/proxies')).toBe(200);
  expect(await status('Mozilla/5.0', 'GET', '/version')).toBe(403);
  expect(await status('Mozilla/5.0', 'GET', '/connections')).toBe(403);
  expect(await status('Mozilla/5.0', 'PUT', '/proxies')).toBe(405);
});

it.each([
  '/connections',
  '/events',
])('answers 405 to other methods at %s, like the paths it stands beside', async (path) => {
  await using rig = await Rig.start();
  const { status, text } = await rig.api('POST', path);

  expect([status, text]).toEqual([405, '']);
});

it.each(['a/b', '.', '..'])('creates a proxy named %s that nobody can address [30]', async (name) => {
  await using rig = await Rig.start();

  expect((await rig.api('POST', '/proxies', { ...proxyBody, name })).status).toBe(201);
  expect((await rig.api('GET', `/proxies/${encodeURIComponent(name)}`)).status).not.toBe(200);
  expect(Object.keys((await rig.api('GET', '/proxies')).json as object)).toEqual([name]);
});

it.each([
  ['GET', 'toxics'],
  ['POST', 'toxics'],
  ['GET', 'toxics/t'],
  ['PATCH', 'toxics/t'],
  ['POST', 'toxics/t'],
  ['DELETE', 'toxics/t'],
])('says of %s /proxies/none/%s that there is no such proxy, whatever the body [32]', async (method, path) => {
  await using rig = await Rig.start();
  const body = method === 'GET' || method === 'DELETE' ? undefined : 'garbage';
  const answer = await rig.api(method, `/proxies/none/${path}`, body);

  expect([answer.status, answer.json]).toEqual([404, { error: 'proxy not found', status: 404 }]);
});

it('restarts for 0.0.0.0 although it listens everywhere already, where Toxiproxy is followed [39]', async () => {
  await using rig = await Rig.start({ compatibility: 'toxiproxy' });
  const echo = await rig.serveEcho();
  const created = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '0.0.0.0:0',
    upstream: `127.0.0.1:${echo}`,
  });
  const port = Number((created.json as { listen: string }).listen.split(':').at(-1));
  const client = await rig.connect(port);
  client.write('x');
  await client.receive(1);

  const updated = await rig.api('POST', '/proxies/p', { listen: `0.0.0.0:${port}` });

  expect(updated.json).toMatchObject({ enabled: true });
  expect((await client.ending).how).toBe('end');
  await rig.connect(port);
});

it('can be enabled again once the port is free that an update gave it [40]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  await rig.proxy(echo, [{ type: 'noop' }]);
  const other = await rig.proxy(echo, [], 'other');
  expect((await rig.api('POST', '/proxies/p', { listen: `127.0.0.1:${other}` })).status).toBe(500);

  await rig.api('DELETE', '/proxies/other');
  const enabled = await rig.api('POST', '/proxies/p', { enabled: true });

  expect(enabled.json).toMatchObject({
    enabled: true,
    listen: `127.0.0.1:${other}`,
    toxics: [{ name: 'noop_downstream' }],
  });
});

it('keeps connections when an update cannot be resolved [41]', async () => {
  await using rig = await Rig.start();
  const client = await rig.connect(await rig.proxy(await rig.serveEcho()));

  const answer = await rig.api('PATCH', '/proxies/p', { listen: 'no.such.host.invalid:1' });

  expect(answer.status).toBe(500);
  expect(answer.text).toContain('lookup no.such.host.invalid');
  client.write('x');
  await client.receive(1);
});

it('takes an empty upstream in an update [43]', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1);

  const answer = await rig.api('POST', '/proxies/p', { upstream: '' });

  expect([answer.status, answer.json]).toMatchObject([200, { upstream: '', enabled: true }]);
});

it('populates what is the same without touching it, and ends the connections of what is not [45, 47-49]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const port = await rig.proxy(echo, [{ type: 'noop' }]);
  const entry = { name: 'p', listen: `127.0.0.1:${port}`, upstream: `127.0.0.1:${echo}` };
  const client = await rig.connect(port);

  const other = { name: 'q', listen: '127.0.0.1:0', upstream: `127.0.0.1:${echo}` };
  const same = await rig.api('POST', '/populate', [{ ...entry, enabled: false, toxics: [] }, other]);
  expect([same.status, same.json]).toMatchObject([
    201,
    { proxies: [{ name: 'p', enabled: true, toxics: [{ name: 'noop_downstream' }] }, { name: 'q' }] },
  ]);
  client.write('x');
  await client.receive(1);

  const changed = await rig.api('POST', '/populate', [{ ...entry, upstream: 'localhost:1' }]);
  expect(changed.json).toMatchObject({ proxies: [{ toxics: [] }] });
  expect((await client.ending).how).toBe('end');
});

it('gives both of two entries of one name back, the first stopped', async () => {
  await using rig = await Rig.start();

  const { status, json } = await rig.api('POST', '/populate', [proxyBody, proxyBody]);

  expect([status, json]).toMatchObject([
    201,
    {
      proxies: [
        { name: 'a', enabled: false },
        { name: 'a', enabled: true },
      ],
    },
  ]);
});

it('leaves a proxy stopped that populating could not replace', async () => {
  await using rig = await Rig.start();
  const taken = await rig.serveEcho();
  await rig.api('POST', '/proxies', proxyBody);

  const answer = await rig.api('POST', '/populate', [{ ...proxyBody, listen: `127.0.0.1:${taken}` }]);

  expect([answer.status, answer.json]).toMatchObject([500, { status: 500, proxies: null }]);
  expect((await rig.api('GET', '/proxies/a')).json).toMatchObject({ enabled: false });
});

it.each([
  ['name', [proxyBody, { upstream: 'x:1' }]],
  ['upstream', [proxyBody, { name: 'b' }]],
])('creates nothing when the second entry has no %s [46]', async (field, body) => {
  await using rig = await Rig.start();
  const { status, json } = await rig.api('POST', '/populate', body);

  expect([status, json]).toEqual([
    400,
    { error: `missing required field: ${field} at proxy 2`, status: 400, proxies: null },
  ]);
  expect((await rig.api('GET', '/proxies')).text).toBe('{}');
});

it.each([
  ['POST', '/proxies', (toxics: unknown) => ({ ...proxyBody, toxics })],
  [
    'POST',
    '/populate',
    (toxics: unknown) => [
      { ...proxyBody, name: 'first' },
      { ...proxyBody, toxics },
    ],
  ],
])('creates nothing when a toxic in %s %s is wrong', async (method, path, body) => {
  await using rig = await Rig.start();
  const good = { type: 'latency' };

  for (const [bad, status] of [
    [{ type: 'nope' }, 400],
    [{ type: 'noop', stream: 'down' }, 400],
    [{ type: 'bandwidth', attributes: { rate: -1 } }, 400],
    [{ type: 'noop', only: { nht: 1 } }, 400],
    [{ type: 'noop', name: 'latency_downstream' }, 409],
    ['latency', 400],
  ] as const) {
    const answer = await rig.api(method, path, body([good, bad]));
    expect([answer.status, bad]).toEqual([status, bad]);
  }
  expect((await rig.api(method, path, body('latency'))).status).toBe(400);

  expect((await rig.api('GET', '/proxies')).text).toBe('{}');
});

it('starts what it can at a reset, and says which it cannot [54]', async () => {
  await using rig = await Rig.start();
  const taken = await rig.serveEcho();
  const body = { ...proxyBody, listen: `127.0.0.1:${taken}`, enabled: false, toxics: [{ type: 'noop' }] };
  await rig.api('POST', '/proxies', body);

  const { status, json } = await rig.api('POST', '/reset');

  expect([status, json]).toEqual([
    500,
    { error: `listen tcp 127.0.0.1:${taken}: bind: address already in use`, status: 500 },
  ]);
  expect((await rig.api('GET', '/proxies/a')).json).toMatchObject({
    enabled: false,
    toxics: [{ type: 'noop' }],
  });
});

it('changes nothing by an update of which a part is wrong; Toxiproxy keeps the good part [65]', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1, [{ type: 'latency', attributes: { latency: 10 } }]);

  const answer = await rig.api('PATCH', '/proxies/p/toxics/latency_downstream', {
    attributes: { latency: 20, jitter: 'x' },
    toxicity: 0.5,
  });

  expect(answer.status).toBe(400);
  expect((await rig.api('GET', '/proxies/p/toxics/latency_downstream')).json).toMatchObject({
    attributes: { latency: 10, jitter: 0 },
    toxicity: 1,
  });
});

it.each([
  [-1, '-1'],
  [5, '5'],
  [0.1, '0.1'],
  [0.123456789, '0.12345679'],
  [1e-7, '1e-7'],
  [16_777_217, '16777216'],
])('takes %d for a toxicity and writes %s [69]', async (given, written) => {
  await using rig = await Rig.start();
  await rig.proxy(1);

  const { text } = await rig.addToxic({ type: 'noop', toxicity: given });

  expect(text).toContain(`"toxicity":${written}}`);
});

it.each([
  ['Proxy', '/proxies', '{"name":"b","upstream":"x:1","logger":"x"}'],
  ['toxicity', '/proxies/p/toxics', '{"type":"noop","toxicity":1e40}'],
  ['attributes', '/proxies/p/toxics', '{"type":"noop","attributes":[]}'],
])('refuses a wrong %s [10]', async (_what, path, body) => {
  await using rig = await Rig.start();
  await rig.proxy(1);

  const { status, text, headers } = await rig.api('POST', path, body);

  expect([status, headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
  expect(text).toMatch(/^\{"error":"bad request body: json: cannot unmarshal [^\n]*","status":400\}\n$/);
});

it('escapes what HTML would take for its own, and mends what is no Unicode', async () => {
  await using rig = await Rig.start();

  const { text } = await rig.api(
    'POST',
    '/proxies',
    '{"name":"<&>\\u2028\\ud800","upstream":"x:1","enabled":false}',
  );

  expect(text).toContain('"name":"\\u003c\\u0026\\u003e\\u2028\uFFFD"');
});

it('acts on a disabled proxy’s toxics once it is enabled, and keeps them [111]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const body = { name: 'p', listen: '127.0.0.1:0', upstream: `127.0.0.1:${echo}`, enabled: false };
  await rig.api('POST', '/proxies', body);
  await rig.addToxic({ type: 'limit_data', attributes: { bytes: 2 } });

  const { json } = await rig.api('POST', '/proxies/p', { enabled: true });
  const client = await rig.connect(Number((json as { listen: string }).listen.split(':')[1]));
  client.write('abcd');

  expect((await client.ending).how).toBe('end');
  expect(client.text).toBe('ab');
});

it('forgets a proxy that is deleted and enabled at the same time', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  const proxy = rig.server.proxy('p');

  const [removed, updated] = await Promise.allSettled([
    proxy.remove(),
    proxy.update({ listen: `localhost:${port}` }),
  ]);

  expect(removed.status).toBe('fulfilled');
  expect(updated).toMatchObject({ status: 'rejected', reason: { status: 404 } });
  await expect(rig.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

it('ends at once although a name is being looked up, and starts nothing afterwards', async () => {
  const lookup = Promise.withResolvers<void>();
  const real = dns.lookup;
  const asked = vi.spyOn(dns, 'lookup').mockImplementation((async (name: string, options: object) => {
    await lookup.promise;
    return real(name, options);
  }) as typeof dns.lookup);
  onTestFinished(() => asked.mockRestore());
  await using rig = await Rig.start();
  const creating = rig.server.create({ name: 'late', listen: 'localhost:0', upstream: 'x:1' });
  const created = expect(creating).rejects.toMatchObject({ status: 503 });
  await expect.poll(() => asked.mock.calls.length).toBe(1);

  await rig.server.close();
  lookup.resolve();

  await created;
  expect(rig.server.proxies.map(({ name, enabled }) => [name, enabled])).toEqual([['late', false]]);
});
