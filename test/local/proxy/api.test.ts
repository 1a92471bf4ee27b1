/** Toxiproxy's API as its clients depend on it; numbers in brackets are those of the conformance checklist. */
import net from 'node:net';
import { Toxiproxy } from 'toxiproxy-node-client';
import { expect, it } from 'vitest';
import { Rig } from './rig.ts';

const proxyBody = { name: 'a', listen: '127.0.0.1:0', upstream: '127.0.0.1:1' };

it('answers version, an empty list and unknown paths as Toxiproxy does [1-7, 11]', async () => {
  await using rig = await Rig.start();

  const version = await rig.api('GET', '/version');
  expect(version.status).toBe(200);
  expect(version.headers.get('content-type')).toBe('application/json;charset=utf-8');
  expect(version.text).toMatch(/^\{"version": ".+"\}\n$/);

  const list = await rig.api('GET', '/proxies');
  expect([list.status, list.text, list.headers.get('content-type')]).toEqual([200, '{}', 'application/json']);
  const [first, second] = [list, version].map(({ headers }) => headers.get('x-toxiproxy-request-id'));
  expect(first).toMatch(/^[0-9a-v]{20}$/);
  expect(second).not.toBe(first);

  const missing = await rig.api('GET', '/nope');
  expect([missing.status, missing.text]).toEqual([404, '404 page not found\n']);
  for (const path of ['/proxies/', '/version/', '/metrics'])
    expect((await rig.api('GET', path)).status).toBe(404);
  const unclean = await rig.api('GET', '//version');
  expect([unclean.status, unclean.headers.get('location')]).toEqual([301, '/version']);
});

it.each([
  ['PUT', '/proxies'],
  ['DELETE', '/proxies'],
  ['GET', '/reset'],
  ['GET', '/populate'],
  ['POST', '/version'],
  ['HEAD', '/proxies'],
])('answers %s %s with 405 and nothing else [5]', async (method, path) => {
  await using rig = await Rig.start();
  const { status, text, headers } = await rig.api(method, path);

  expect([status, text, headers.get('allow')]).toEqual([405, '', null]);
});

it('turns browsers away [8, 9]', async () => {
  await using rig = await Rig.start();
  const as = (agent: string, path: string) => rig.api('GET', path, undefined, { 'user-agent': agent });

  const blocked = await as('Mozilla/5.0 (X11)', '/proxies');
  expect([blocked.status, blocked.text]).toEqual([403, 'User agent not allowed\n']);
  expect((await as('mozilla/5', '/proxies')).status).toBe(200);
  expect((await as('Mozilla/5.0', '/nope')).status).toBe(404);
});

it('creates a proxy that accepts at once [12, 13, 19, 23-26, 28]', async () => {
  await using rig = await Rig.start();
  const created = await rig.api(
    'POST',
    '/proxies',
    '{"NAME":"x","name":"b","Listen":"localhost:0","upstream":"nonsense","enabled":null,"extra":1} trailing',
  );

  expect(created.status).toBe(201);
  expect(created.text).toMatch(
    /^\{"name":"b","listen":"127\.0\.0\.1:[1-9]\d*","upstream":"nonsense","enabled":true,"Logger":\{\},"toxics":\[\]\}$/,
  );
  const port = Number((created.json as { listen: string }).listen.split(':')[1]);
  expect((await rig.connect(port)).socket.connecting).toBe(false);
});

it('listens on every interface when told nothing else [21, 22]', async () => {
  await using rig = await Rig.start();
  const none = await rig.api('POST', '/proxies', { name: 'none', upstream: 'x:1' });
  const zeros = await rig.api('POST', '/proxies', { name: 'zeros', listen: '0.0.0.0:0', upstream: 'x:1' });

  for (const { json } of [none, zeros])
    expect((json as { listen: string }).listen).toMatch(/^(\[::\]|0\.0\.0\.0):\d+$/);
});

it.each([
  ['', 400, 'bad request body: EOF'],
  ['{', 400, 'bad request body: unexpected EOF'],
  ['garbage', 400, "bad request body: invalid character 'g' looking for beginning of value"],
  ['[]', 400, 'bad request body: json: cannot unmarshal array into Go value of type toxiproxy.Proxy'],
  [
    '{"name":1}',
    400,
    'bad request body: json: cannot unmarshal number into Go struct field Proxy.name of type string',
  ],
  ['{}', 400, 'missing required field: name'],
  ['null', 400, 'missing required field: name'],
  ['{"name":""}', 400, 'missing required field: name'],
  ['{"name":"a"}', 400, 'missing required field: upstream'],
  [
    '{"name":"a","upstream":"x:1","listen":"127.0.0.1"}',
    500,
    'listen tcp: address 127.0.0.1: missing port in address',
  ],
  ['{"name":"a","upstream":"x:1","listen":":99999"}', 500, 'listen tcp: address 99999: invalid port'],
  [
    '{"name":"a","upstream":"x:1","listen":"1:2:3"}',
    500,
    'listen tcp: address 1:2:3: too many colons in address',
  ],
  [
    '{"name":"a","upstream":"x:1","listen":"8.8.8.8:0"}',
    500,
    'listen tcp 8.8.8.8:0: bind: cannot assign requested address',
  ],
])('refuses to create from %s [10, 14-16, 27]', async (body, status, message) => {
  await using rig = await Rig.start();
  const answer = await rig.api('POST', '/proxies', body);

  expect(answer.status).toBe(status);
  expect(answer.text).toBe(`${JSON.stringify({ error: message, status })}\n`);
  expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect((await rig.api('GET', '/proxies')).text).toBe('{}');
});

it('refuses a name twice, and a port that is taken [17, 18]', async () => {
  await using rig = await Rig.start();
  const port = await rig.serveEcho();
  await rig.api('POST', '/proxies', proxyBody);

  const twice = await rig.api('POST', '/proxies', { ...proxyBody, listen: `127.0.0.1:${port}` });
  expect([twice.status, twice.json]).toEqual([409, { error: 'proxy already exists', status: 409 }]);

  const taken = await rig.api('POST', '/proxies', { ...proxyBody, name: 'b', listen: `127.0.0.1:${port}` });
  expect(taken.json).toEqual({
    error: `listen tcp 127.0.0.1:${port}: bind: address already in use`,
    status: 500,
  });
  expect((await rig.api('GET', '/proxies/b')).status).toBe(404);
});

it('keeps a disabled proxy as it was written [20]', async () => {
  await using rig = await Rig.start();
  const { json } = await rig.api('POST', '/proxies', { ...proxyBody, listen: 'localhost:0', enabled: false });

  expect(json).toMatchObject({ listen: 'localhost:0', enabled: false });
});

it('finds names by their percent-encoding and lists them sorted [29-32]', async () => {
  await using rig = await Rig.start();
  for (const name of ['10', '9', 'grüner Tee', 'b'])
    await rig.api('POST', '/proxies', { ...proxyBody, name });

  expect((await rig.api('GET', `/proxies/${encodeURIComponent('grüner Tee')}`)).status).toBe(200);
  const { text } = await rig.api('GET', '/proxies');
  expect([...text.matchAll(/"name":"([^"]*)"/g)].map(([, name]) => name)).toEqual([
    '10',
    '9',
    'b',
    'grüner Tee',
  ]);
  for (const method of ['GET', 'PATCH', 'POST', 'DELETE']) {
    const body = method === 'PATCH' || method === 'POST' ? 'garbage' : undefined;
    const answer = await rig.api(method, '/proxies/none', body);
    expect([answer.status, answer.json]).toEqual([404, { error: 'proxy not found', status: 404 }]);
  }
});

it('disables and enables on the same port, ending connections [33-35]', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  const client = await rig.connect(port);
  client.write('x');
  await client.receive(1);
  await rig.api('PATCH', '/proxies/p', {});
  await rig.api('POST', '/proxies/p', 'null');
  client.write('y');
  await client.receive(2);

  const disabled = await rig.api('POST', '/proxies/p', { enabled: false });
  expect(disabled.json).toMatchObject({ enabled: false, listen: `127.0.0.1:${port}` });
  expect((await client.ending).how).toBe('end');
  await expect(rig.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });

  await rig.api('PATCH', '/proxies/p', { enabled: true });
  const again = await rig.connect(port);
  again.write('z');
  await again.receive(1);
  expect(rig.eventsOf('close', 1)).toMatchObject([{ end: 'stopped', by: 'api' }]);
});

it('moves to another upstream and port, keeping toxics [36-38, 42]', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho(), [{ type: 'noop' }]);
  const client = await rig.connect(port);
  client.write('x');
  await client.receive(1);
  await rig.api('POST', '/proxies/p', { listen: `localhost:${port}`, name: 'other' });
  client.write('x');
  await client.receive(2);

  const shout = await rig.serve((socket) =>
    socket.on('data', (bytes) => socket.write(String(bytes).toUpperCase())),
  );
  const moved = await rig.api('POST', '/proxies/p', {
    upstream: `127.0.0.1:${shout}`,
    listen: '127.0.0.1:0',
  });
  const { listen, toxics, name } = moved.json as { listen: string; toxics: unknown[]; name: string };
  expect([name, toxics.length]).toEqual(['p', 1]);
  await client.ending;
  await expect(rig.connect(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  const fresh = await rig.connect(Number(listen.split(':')[1]));
  fresh.write('abc');
  await fresh.receive(3);
  expect(fresh.text).toBe('ABC');
});

it('is left disabled by an update to a taken port and untouched by one that does not resolve [40, 41]', async () => {
  await using rig = await Rig.start();
  const taken = await rig.serveEcho();
  const port = await rig.proxy(taken);
  const unresolved = await rig.api('POST', '/proxies/p', { listen: 'bad' });
  expect(unresolved.json).toEqual({ error: 'address bad: missing port in address', status: 500 });
  await rig.connect(port);

  const answer = await rig.api('POST', '/proxies/p', { listen: `127.0.0.1:${taken}` });

  expect(answer.status).toBe(500);
  expect((await rig.api('GET', '/proxies/p')).json).toMatchObject({
    enabled: false,
    listen: `127.0.0.1:${taken}`,
  });
});

it('deletes a proxy and frees its port [44]', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  const client = await rig.connect(port);

  const deleted = await rig.api('DELETE', '/proxies/p');
  expect([deleted.status, deleted.text, deleted.headers.get('content-type')]).toEqual([204, '', null]);
  await client.ending;
  expect((await rig.api('DELETE', '/proxies/p')).status).toBe(404);
  const reuse = await rig.api('POST', '/proxies', { ...proxyBody, listen: `127.0.0.1:${port}` });
  expect(reuse.status).toBe(201);
});

it('populates: creates, leaves alone, replaces [45-52]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const entry = (name: string, more = {}) => ({
    name,
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${echo}`,
    ...more,
  });

  const created = await rig.api('POST', '/populate', [
    entry('b'),
    entry('a', { toxics: [{ type: 'noop' }] }),
  ]);
  expect(created.status).toBe(201);
  const [b, a] = (created.json as { proxies: { name: string; listen: string; toxics: unknown[] }[] }).proxies;
  expect([b?.name, a?.name, a?.toxics.length]).toEqual(['b', 'a', 1]);

  const same = await rig.api('POST', '/populate', [entry('a', { listen: a?.listen, enabled: false })]);
  expect(same.json).toMatchObject({
    proxies: [{ name: 'a', enabled: true, toxics: [{ name: 'noop_downstream' }] }],
  });
  const other = await rig.api('POST', '/populate', [entry('a', { listen: a?.listen, upstream: 'x:1' })]);
  expect(other.json).toMatchObject({ proxies: [{ name: 'a', upstream: 'x:1', toxics: [] }] });

  const incomplete = await rig.api('POST', '/populate', [entry('c'), { name: 'd' }]);
  expect([incomplete.status, incomplete.text]).toEqual([
    400,
    '{"error":"missing required field: upstream at proxy 2","status":400,"proxies":null}',
  ]);
  expect((await rig.api('GET', '/proxies/c')).status).toBe(404);
  const halfway = await rig.api('POST', '/populate', [
    entry('e'),
    entry('f', { listen: b?.listen }),
    entry('g'),
  ]);
  expect([halfway.status, halfway.headers.get('content-type')]).toEqual([500, 'application/json']);
  expect(halfway.json).toMatchObject({ proxies: [{ name: 'e' }] });
  expect((await rig.api('GET', '/proxies/g')).status).toBe(404);
  expect((await rig.api('POST', '/populate', '[]')).text).toBe('{"proxies":null}');
  expect((await rig.api('POST', '/populate', '{}')).text).toMatch(
    /^\{"error":"bad request body: .*"proxies":null\}$/,
  );
});

it('resets: starts what is disabled, removes toxics, keeps connections [53, 54]', async () => {
  await using rig = await Rig.start();
  const echo = await rig.serveEcho();
  const port = await rig.proxy(echo, [{ type: 'noop' }]);
  await rig.proxy(echo, [], 'off');
  await rig.api('POST', '/proxies/off', { enabled: false });
  const client = await rig.connect(port);

  const { status, text } = await rig.api('POST', '/reset', 'ignored');

  expect([status, text]).toEqual([204, '']);
  expect((await rig.api('GET', '/proxies')).json).toMatchObject({
    p: { toxics: [] },
    off: { enabled: true },
  });
  client.write('x');
  await client.receive(1);
});

it('gives toxics their defaults, and answers 200 [55, 56, 59, 60, 62]', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1);
  const added = await rig.addToxic({ type: 'latency', attributes: { latency: 100 } });
  expect(added.status).toBe(200);
  expect(added.text).toBe(
    '{"attributes":{"latency":100,"jitter":0},"name":"latency_downstream","type":"latency","stream":"downstream","toxicity":1}',
  );
  const defaults = {
    bandwidth: { rate: 0 },
    slow_close: { delay: 0 },
    timeout: { timeout: 0 },
    reset_peer: { timeout: 0 },
    limit_data: { bytes: 0 },
    noop: {},
  };
  for (const [type, attributes] of Object.entries(defaults)) {
    expect((await rig.addToxic({ type, name: '', attributes: null })).json).toMatchObject({ attributes });
  }
  const slicer = await rig.addToxic({ type: 'slicer', stream: 'UPSTREAM', attributes: { average_size: 5 } });
  expect(slicer.json).toMatchObject({
    name: 'slicer_UPSTREAM',
    stream: 'UPSTREAM',
    attributes: { average_size: 5, size_variation: 0, delay: 0 },
  });
});

it.each([
  ['{"type":"Latency"}', 400, 'invalid toxic type'],
  ['{}', 400, 'invalid toxic type'],
  ['{"type":"nope","stream":"down"}', 400, 'stream was invalid, can be either upstream or downstream'],
  ['{"type":"latency","stream":""}', 400, 'stream was invalid, can be either upstream or downstream'],
  ['{"type":"noop","name":"taken","stream":"upstream"}', 409, 'toxic already exists'],
  [
    '{"type":"bandwidth","attributes":{"rate":-1}}',
    400,
    'invalid attribute rate: expected at least 0, got -1',
  ],
  [
    '{"type":"slicer","attributes":{"average_size":-1}}',
    400,
    'invalid attribute average_size: expected at least 0, got -1',
  ],
  [
    '{"type":"slicer","attributes":{"average_size":1,"size_variation":2}}',
    400,
    'invalid attribute size_variation: expected at most average_size (1), got 2',
  ],
  [
    '{"type":"tls_cut","attributes":{"stage":"hello"}}',
    400,
    'invalid attribute stage: expected one of client_hello, server_hello, certificate, finished, got "hello"',
  ],
  [
    '{"type":"mysql_error","attributes":{"statment":"UPDATE *"}}',
    400,
    'unknown attribute statment: mysql_error has code, sqlstate, message, applied, statement, nth, first, every, share',
  ],
  ['{"type":"stall","attributes":{"after":5}}', 400, 'unknown attribute after: stall has none'],
  [
    '{"type":"noop","only":{"nht":[1]}}',
    400,
    'invalid attribute only: expected nth, connections, clients, first, above, every, share, strikes, from_bytes, after_ms, for_ms or since, got nht',
  ],
])('refuses the toxic %s [57, 58, 61, 119]', async (body, status, message) => {
  await using rig = await Rig.start();
  await rig.proxy(1, [{ type: 'latency', name: 'taken' }]);
  const answer = await rig.api('POST', '/proxies/p/toxics', body);

  expect([answer.status, answer.json]).toEqual([status, { error: message, status }]);
  expect((await rig.api('GET', '/proxies/p/toxics')).json).toHaveLength(1);
});

it('ignores attributes that a type of Toxiproxy does not have, as it does', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1);
  const answer = await rig.addToxic({ type: 'latency', attributes: { latncy: 5, Latency: 7 } });

  expect([answer.status, answer.json]).toMatchObject([200, { attributes: { latency: 7, jitter: 0 } }]);
});

it('refuses an unknown attribute in a change, which changes nothing then', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1, [{ type: 'cut', attributes: { bytes: 5 } }]);
  const answer = await rig.api('PATCH', '/proxies/p/toxics/cut_downstream', {
    attributes: { bytes: 6, actoin: 'close' },
  });

  expect(answer.status).toBe(400);
  expect((await rig.api('GET', '/proxies/p/toxics')).json).toMatchObject([{ attributes: { bytes: 5 } }]);
});

it.each([
  '1.5',
  '"100"',
  '100.0',
  '1e3',
  'true',
  '9223372036854775808',
])('takes no %s for an integer [63]', async (literal) => {
  await using rig = await Rig.start();
  await rig.proxy(1);
  const { status, json } = await rig.api(
    'POST',
    '/proxies/p/toxics',
    `{"type":"latency","attributes":{"latency":${literal}}}`,
  );

  expect(status).toBe(400);
  expect((json as { error: string }).error).toMatch(/^bad request body: json: cannot unmarshal /);
});

it('updates, lists and deletes toxics [64, 66-69]', async () => {
  await using rig = await Rig.start();
  await rig.proxy(1, [
    { type: 'latency', attributes: { latency: 10, jitter: 5 }, toxicity: 0.123456789 },
    { type: 'noop', stream: 'upstream' },
  ]);
  const path = '/proxies/p/toxics/latency_downstream';

  const updated = await rig.api('PATCH', path, {
    attributes: { latency: 20 },
    name: 'x',
    type: 'noop',
    stream: 'upstream',
  });
  expect(updated.json).toEqual({
    attributes: { latency: 20, jitter: 5 },
    name: 'latency_downstream',
    type: 'latency',
    stream: 'downstream',
    toxicity: 0.12345679,
  });
  const posted = await rig.api('POST', path, { toxicity: 5 });
  expect(posted.json).toMatchObject({ attributes: { latency: 20 }, toxicity: 5 });
  const names = ((await rig.api('GET', '/proxies/p/toxics')).json as { name: string }[]).map(
    ({ name }) => name,
  );
  expect(names).toEqual(['noop_upstream', 'latency_downstream']);
  expect((await rig.api('DELETE', path)).status).toBe(204);
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const gone = await rig.api(method, path, method === 'PATCH' ? 'garbage' : undefined);
    expect([gone.status, gone.json]).toEqual([404, { error: 'toxic not found', status: 404 }]);
  }
});

it('is driven by toxiproxy-node-client', async () => {
  await using rig = await Rig.start();
  const client = new Toxiproxy(rig.server.url);
  const echo = await rig.serveEcho();

  const proxy = await client.createProxy({ name: 'n', listen: 'localhost:0', upstream: `127.0.0.1:${echo}` });
  const toxic = await proxy.addToxic({
    name: 'slow',
    type: 'latency',
    stream: 'downstream',
    toxicity: 1,
    attributes: { latency: 5, jitter: 0 },
  });
  await toxic.update({ attributes: { latency: 8, jitter: 1 }, toxicity: 1 } as unknown as Parameters<
    typeof toxic.update
  >[0]);
  expect((await proxy.getToxic('slow')).attributes).toEqual({ latency: 8, jitter: 1 });
  await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
  expect((await client.get('n')).enabled).toBe(false);
  expect(Object.keys(await client.getAll())).toEqual(['n']);
  await client.reset();
  expect((await client.get('n')).enabled).toBe(true);
  expect(await client.getVersion()).toContain('version');
  await client.populate([{ name: 'm', listen: 'localhost:0', upstream: 'x:1', enabled: true }] as Parameters<
    typeof client.populate
  >[0]);
  await (await client.get('m')).remove();
  expect(Object.keys(await client.getAll())).toEqual(['n']);
});

it('lists open connections', async () => {
  await using rig = await Rig.start();
  const port = await rig.proxy(await rig.serveEcho());
  const client = await rig.connect(port);
  client.write('abc');
  await client.receive(3);

  const { json } = await rig.api('GET', '/connections');

  expect(json).toMatchObject([
    {
      proxy: 'p',
      connection: 1,
      state: 'open',
      clientPort: client.socket.localPort,
      bytesUp: 3,
      bytesDown: 3,
    },
  ]);
  expect(rig.server.listConnections()).toHaveLength(1);
});

it('ends everything when closed, twice if need be', async () => {
  const rig = await Rig.start();
  await using _ = rig;
  const port = await rig.proxy(await rig.serveEcho());
  const client = await rig.connect(port);

  await Promise.all([rig.server.close(), rig.server.close()]);

  await client.ending;
  const refused = net.connect(port, '127.0.0.1');
  await expect(new Promise((_resolve, reject) => refused.once('error', reject))).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});
