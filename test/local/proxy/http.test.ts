/** The toxics that read HTTP, over real sockets with the clients that their page names (docs/proxy/http.md). */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import { expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { manualClock } from '../../support/manual-clock.ts';
import { serveHttp, viaCurl, viaPython, viaUndici } from './http-peers.ts';
import { isThere } from './programs.ts';
import { Rig, staysOpen } from './rig.ts';

const noCurl = !isThere('curl');
const noPython = !isThere('python3');

async function setUp(rig: Rig, type: string, attributes: object = {}, more: object = {}) {
  const { port: upstream, asked } = await serveHttp(rig);
  return { port: await rig.proxy(upstream, [{ type, attributes, ...more }]), asked };
}

interface Sight {
  readonly type: string;
  readonly attributes?: object;
  readonly path?: string;
  /** What undici gets. */
  readonly undici: string;
  /** How curl exits, and what it has printed by then. */
  readonly curl: { readonly exit: unknown; readonly out?: string };
  /** What Python's http.client gets. */
  readonly python: string;
}

const body = (fault: string, more: object = {}) => ({ type: 'http_body', attributes: { fault, ...more } });
const headers = (fault: string, more: object = {}) => ({
  type: 'http_headers',
  attributes: { fault, ...more },
});

const sights: readonly Sight[] = [
  {
    type: 'http_status',
    attributes: { status: 429, body: 'slow down' },
    undici: '429 slow down',
    curl: { exit: 0, out: 'slow down' },
    python: '429 slow down',
  },
  {
    ...body('truncate', { after_bytes: 6 }),
    undici: '200 UND_ERR_SOCKET',
    curl: { exit: 18, out: 'answer' },
    python: 'IncompleteRead',
  },
  {
    ...body('truncate', { after_bytes: 6, action: 'reset' }),
    undici: '200 ECONNRESET',
    curl: { exit: 56 },
    python: 'ConnectionResetError',
  },
  {
    ...body('wrong_length', { by: 5 }),
    undici: '200 UND_ERR_SOCKET',
    curl: { exit: 18, out: 'answer to /' },
    python: 'IncompleteRead',
  },
  {
    ...body('wrong_length', { by: -5 }),
    undici: '200 answer',
    curl: { exit: 0, out: 'answer' },
    python: '200 answer',
  },
  {
    ...body('missing_last_chunk'),
    path: '/chunked',
    undici: '200 UND_ERR_SOCKET',
    curl: { exit: 18, out: 'answer to /chunked' },
    python: 'IncompleteRead',
  },
  {
    ...body('malformed_chunk', { after_bytes: 5 }),
    path: '/chunked',
    undici: '200 Response does not match the HTTP/1.1 protocol (Invalid character in chunk size)',
    curl: { exit: 56 },
    python: 'IncompleteRead',
  },
  {
    ...headers('flood'),
    undici: 'UND_ERR_HEADERS_OVERFLOW',
    curl: { exit: 0, out: 'answer to /' },
    python: 'HTTPException',
  },
  {
    ...headers('flood', { count: 1, bytes: 200_000 }),
    undici: 'UND_ERR_HEADERS_OVERFLOW',
    curl: { exit: expect.toBeOneOf([27, 100]) },
    python: 'LineTooLong',
  },
  {
    ...headers('malformed_field'),
    undici: 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
    curl: { exit: 8 },
    python: '200 answer to /',
  },
  {
    ...headers('malformed_status'),
    undici: 'Response does not match the HTTP/1.1 protocol (Invalid status code)',
    curl: { exit: 1 },
    python: 'BadStatusLine',
  },
  {
    type: 'http_lose_answer',
    undici: 'ECONNRESET',
    curl: { exit: 56 },
    python: 'ConnectionResetError',
  },
  {
    type: 'http_lose_answer',
    attributes: { action: 'close' },
    undici: 'UND_ERR_SOCKET',
    curl: { exit: 52 },
    python: 'RemoteDisconnected',
  },
];

it.each(sights)('$type $attributes is seen by undici as $undici', async ({
  type,
  attributes,
  path,
  undici,
}) => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, type, attributes);

  expect(await viaUndici(port, [path ?? '/'])).toEqual([undici]);
  expect(rig.eventsOf('strike')).toMatchObject([{ toxicType: type }]);
});

it.skipIf(noCurl).each(sights)('$type $attributes is seen by curl', async (sight) => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, sight.type, sight.attributes);

  expect(await viaCurl(port, [sight.path ?? '/'])).toMatchObject(sight.curl);
});

it.skipIf(noPython).each(sights)('$type $attributes is seen by Python as $python', async (sight) => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, sight.type, sight.attributes);

  expect(await viaPython(port, [sight.path ?? '/'])).toEqual([sight.python]);
});

it('http_status answers the first requests only, and the server does not see them', async () => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_status', { first: 2, retry_after: 'soon' });

  expect(await viaUndici(port, ['/1', '/2', '/3'])).toEqual(['503 ', '503 ', '200 answer to /3']);
  expect(asked).toEqual(['GET /3']);
  expect(rig.eventsOf('strike').map(({ stream, offset, delivered }) => [stream, offset, delivered])).toEqual([
    ['upstream', 0, false],
    ['upstream', expect.any(Number), false],
  ]);
});

it.each([
  ['120', '120'],
  ['-1', '-1'],
  ['99999999999', '99999999999'],
  ['soon', 'soon'],
  ['Fri, 31 Dec 1999 23:59:59 GMT', 'Fri, 31 Dec 1999 23:59:59 GMT'],
])('http_status says Retry-After: %s as it is told', async (retry_after, said) => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_status', { retry_after });
  const answer = await fetch(`http://127.0.0.1:${port}/`);

  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, said]);
});

it('http_status gives Retry-After as a date some seconds ahead', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_status', { retry_after: 'date+120' });
  const { headers: fields } = await fetch(`http://127.0.0.1:${port}/`);
  const [retryAt, now] = ['retry-after', 'date'].map((name) => Date.parse(fields.get(name) ?? ''));

  expect((retryAt ?? 0) - (now ?? 0)).toBe(120_000);
});

it('http_headers moves the clock of a server, and takes its keep-alive away', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_headers', {
    fault: 'set',
    fields: 'Date: date+3600',
    status: '200',
  });
  await rig.addToxic({
    name: 'no-hint',
    type: 'http_headers',
    attributes: { fault: 'remove', fields: 'Keep-Alive' },
  });
  const { headers: fields } = await fetch(`http://127.0.0.1:${port}/`);

  expect(Date.parse(fields.get('date') ?? '')).toBeGreaterThan(Date.now() + 1_800_000);
  expect([fields.get('keep-alive'), fields.get('connection')]).toEqual([null, 'keep-alive']);
});

it('http_rate_limit counts over all connections, and lets requests through again in its next window', async () => {
  const clock = manualClock();
  await using rig = await Rig.start({ clock });
  const { port, asked } = await setUp(rig, 'http_rate_limit', {
    requests: 2,
    window: 5_000,
    body: 'slow down',
  });
  const askOnce = async (path: string) => (await viaUndici(port, [path])).at(0);

  expect([await askOnce('/1'), await askOnce('/2'), await askOnce('/3')]).toEqual([
    '200 answer to /1',
    '200 answer to /2',
    '429 slow down',
  ]);
  const refused = await fetch(`http://127.0.0.1:${port}/`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5']);
  await clock.advance(5_000);

  expect(await askOnce('/4')).toBe('200 answer to /4');
  expect(asked).toEqual(['GET /1', 'GET /2', 'GET /4']);
});

it.skipIf(noPython)(
  'http_close loses the request of Python behind the Nth of a connection, and counts on each',
  async () => {
    await using rig = await Rig.start();
    const { port, asked } = await setUp(rig, 'http_close', { requests: 2 });

    expect(await viaPython(port, ['/1', '/2', '/3', '/4', '/5'])).toEqual([
      '200 answer to /1',
      '200 answer to /2',
      'RemoteDisconnected',
      '200 answer to /4',
      '200 answer to /5',
    ]);
    expect(asked).not.toContain('GET /3');
    expect(rig.eventsOf('strike').map(({ connection }) => connection)).toEqual([1, 2]);
  },
);

it.each([
  ['undici', viaUndici],
  ...(noPython ? [] : [['http.client', viaPython] as const]),
] as const)('http_close loses nothing for %s when the Nth answer announces it', async (_client, ask) => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_close', { requests: 2, announce: true });
  const paths = ['/1', '/2', '/3', '/4'];

  expect(await ask(port, paths)).toEqual(paths.map((path) => `200 answer to ${path}`));
  expect(asked).toEqual(paths.map((path) => `GET ${path}`));
  expect(rig.eventsOf('strike').map(({ connection }) => connection)).toEqual([1, 2]);
});

it('http_status reads an upload to its end before it answers', async () => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_status', { method: 'put', path: '/up*d?x=1', body: 'no' });
  const upload = { method: 'PUT', body: Buffer.alloc(3_000_000) };

  expect(await viaUndici(port, ['/upload?x=1', '/upload?x=1'], upload)).toEqual(['503 no', '503 no']);
  expect(await viaUndici(port, ['/upload?x=1'])).toEqual(['200 answer to /upload?x=1']);
  expect(asked).toEqual(['GET /upload?x=1']);
});

it.skipIf(noCurl)(
  'http_status asks a client that expects it to go on, unless it answers at once',
  async () => {
    await using rig = await Rig.start();
    const { port } = await setUp(rig, 'http_status');
    const upload = ['-H', 'Expect: 100-continue', '-d', 'x'.repeat(5_000), '-w', ' %{size_upload}'];
    expect(await viaCurl(port, ['/'], ...upload)).toEqual({ exit: 0, out: ' 5000' });

    await rig.api('PATCH', '/proxies/p/toxics/http_status_downstream', { attributes: { at_once: true } });
    expect(await viaCurl(port, ['/'], ...upload)).toEqual({ exit: 0, out: ' 0' });
  },
);

it('http_status keeps the order of pipelined answers', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_status', { path: '/2', status: 500 });
  const client = await rig.connect(port);
  client.write('GET /1 HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n');

  await expect.poll(() => client.text).toContain('/3');
  expect(client.text.match(/HTTP\/1.1 \d+|answer to \/./g)).toEqual([
    'HTTP/1.1 200',
    'answer to /1',
    'HTTP/1.1 500',
    'HTTP/1.1 200',
    'answer to /3',
  ]);
});

it('http_status closes a connection after an answer that says so', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_status', { close: true, body: 'bye' });
  const client = await rig.connect(port);
  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

  expect((await client.ending).how).toBe('end');
  expect(client.text).toMatch(/^HTTP\/1.1 503 [\s\S]*\r\nConnection: close\r\n\r\nbye$/);
});

it('http_status takes hold of a connection that was open before it', async () => {
  await using rig = await Rig.start();
  const { port: upstream } = await serveHttp(rig);
  const port = await rig.proxy(upstream);
  const client = await rig.connect(port);
  const ask = (): void => client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  ask();
  await expect.poll(() => client.text).toContain('answer');
  await rig.addToxic({ type: 'http_status' });
  ask();

  await expect.poll(() => client.text).toContain('503');
});

it.each([
  ['before', [1, 0]],
  ['after', [0, 1]],
])('counts in step with a http_status that was added %s it', async (_, order) => {
  await using rig = await Rig.start();
  const { port: upstream, asked } = await serveHttp(rig);
  const kinds = [
    { type: 'http_duplicate', attributes: { path: '/twice' } },
    { type: 'http_status', attributes: { path: '/no' } },
  ];
  const port = await rig.proxy(
    upstream,
    order.map((index) => kinds[index] ?? {}),
  );

  expect(await viaUndici(port, ['/no', '/a', '/no', '/twice', '/b'])).toEqual([
    '503 ',
    '200 answer to /a',
    '503 ',
    '200 answer to /twice',
    '200 answer to /b',
  ]);
  expect(asked).toEqual(['GET /a', 'GET /twice', 'GET /b']);
  const twice = rig.eventsOf('strike').filter(({ toxicType }) => toxicType === 'http_duplicate');
  expect(twice.length).toBe(1);
  expect(rig.eventsOf('open').length).toBe(2);
});

it('http_delay holds an answer back, and spares other requests', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_delay', { delay: 800, path: '/slow' });
  const timed = async (path: string): Promise<number> => {
    const from = performance.now();
    await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
    return performance.now() - from;
  };

  expect(await timed('/fast')).toBeLessThan(800);
  expect(await timed('/slow')).toBeGreaterThanOrEqual(799);
});

it.each([
  ['head', 'UND_ERR_HEADERS_TIMEOUT'],
  ['body', '200 UND_ERR_BODY_TIMEOUT'],
])('http_delay in the %s runs into another time-out of undici', async (where, error) => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_delay', { delay: 4_000, where, after_bytes: 3 });

  expect(await viaUndici(port, ['/'])).toEqual([error]);
});

it.skipIf(noCurl)('http_body that leaves the client waiting runs into its time-out', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_body', { after_bytes: 6, action: 'hang' });

  expect(await viaCurl(port, ['/'], '-m', '0.5')).toEqual({ exit: 28, out: 'answer' });
});

it.skipIf(noPython)('http_close breaks the next request of a client that does not look', async () => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_close', { nth: 1 });

  expect(await viaPython(port, ['/1', '/2', '/3'])).toEqual([
    '200 answer to /1',
    'RemoteDisconnected',
    '200 answer to /3',
  ]);
  expect(asked).toEqual(['GET /1', 'GET /3']);
});

it('http_close closes an idle connection, and not one on which the next request came in time', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_close', { after: 250 });
  const client = await rig.connect(port);
  let asked = 0;
  for (const path of ['/1', '/2', '/3']) {
    asked = performance.now();
    client.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    await expect.poll(() => client.text).toContain(path);
  }

  expect((await client.ending).how).toBe('end');
  expect(performance.now() - asked).toBeGreaterThanOrEqual(249);
  expect(client.text).not.toContain('Connection: close');
  expect(rig.eventsOf('strike').length).toBe(1);
});

it('http_duplicate makes undici drop a connection that is idle', async () => {
  await using rig = await Rig.start();
  const { port } = await setUp(rig, 'http_duplicate', { first: 1 });

  expect(await viaUndici(port, ['/1', '/2'])).toEqual(['200 answer to /1', '200 answer to /2']);
  expect(rig.eventsOf('open').length).toBe(2);
});

it('http_duplicate that comes late is taken for the answer to the next request', async () => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_duplicate', { every: 2, delay: 200 });
  const twice = ['200 answer to /1', '200 answer to /1'];
  const paths = ['/other', '/1', '/2'];

  expect((await viaUndici(port, paths)).slice(1)).toEqual(twice);
  expect(asked).toEqual(['GET /other', 'GET /1', 'GET /2']);
  if (!noPython) expect(await viaPython(port, ['/1', '/2'])).toEqual(twice);
});

it('http_lose_answer loses what the server has done', async () => {
  await using rig = await Rig.start();
  const { port, asked } = await setUp(rig, 'http_lose_answer', { method: 'POST' });
  const report = { method: 'POST', body: 'online' };

  expect(await viaUndici(port, ['/report'], report)).toEqual(['ECONNRESET']);
  expect(asked).toEqual(['POST /report online']);
  expect(rig.eventsOf('strike')).toMatchObject([{ reason: 'answer 200 lost', delivered: false, offset: 0 }]);
});

it('changes no byte of what it does not pick', async () => {
  await using rig = await Rig.start();
  const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => (index * index) % 251));
  const server = http.createServer((message, response) => {
    response.write(content.subarray(0, 1_000_000));
    message.pipe(response);
  });
  const upstream = await rig.serve((socket) => server.emit('connection', socket));
  const types = ['status', 'delay', 'body', 'headers', 'close', 'duplicate', 'lose_answer'];
  const toxics = types.map((type) => ({ type: `http_${type}`, attributes: { path: '/other' } }));
  const port = await rig.proxy(upstream, toxics);
  const answer = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: content.subarray(1_000_000),
  });
  const hash = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

  expect(hash(Buffer.from(await answer.arrayBuffer()))).toBe(hash(content));
  expect(rig.eventsOf('strike')).toEqual([]);
});

it('delays the answer to an upgrade alone, or loses it', async () => {
  await using rig = await Rig.start();
  const sockets = new WebSocketServer({ noServer: true });
  const server = http.createServer().on('upgrade', (message, socket, head) => {
    sockets.handleUpgrade(message, socket, head, (peer) => peer.on('message', (data) => peer.send(data)));
  });
  const upstream = await rig.serve((socket) => server.emit('connection', socket));
  const port = await rig.proxy(upstream, [
    { type: 'http_delay', attributes: { delay: 300, path: '/slow' } },
    { type: 'http_lose_answer', attributes: { path: '/lost' } },
  ]);
  const started = performance.now();
  const client = new WebSocket(`ws://127.0.0.1:${port}/slow`);
  await once(client, 'open');
  const openAfter = performance.now() - started;
  client.send('hello');
  const [message] = await once(client, 'message');
  client.terminate();
  const lost = new WebSocket(`ws://127.0.0.1:${port}/lost`);
  const [error] = await once(lost, 'error');

  expect(openAfter).toBeGreaterThanOrEqual(300);
  expect(String(message)).toBe('hello');
  expect(error).toMatchObject({ code: 'ECONNRESET' });
  expect(rig.eventsOf('strike').map(({ toxicType }) => toxicType)).toEqual([
    'http_delay',
    'http_lose_answer',
  ]);
});

it('acts within TLS that the proxy takes off', async () => {
  await using rig = await Rig.start();
  const { port: upstream, asked } = await serveHttp(rig);
  const { json } = await rig.api('POST', '/proxies', {
    name: 'p',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${upstream}`,
    tls: { upstream: 'plain' },
    toxics: [
      { type: 'http_status', attributes: { path: '/no' } },
      { type: 'http_body', attributes: { path: '/short', after_bytes: 3 } },
      { type: 'http_lose_answer', attributes: { path: '/lost' } },
    ],
  });
  const port = Number((json as { listen: string }).listen.split(':').at(-1));
  const { text: ca } = await rig.api('GET', '/certificates/ca.pem');
  const connect = { ca, servername: 'server.test' };

  expect(await viaUndici(port, ['/no', '/yes', '/short', '/lost'], { connect })).toEqual([
    '503 ',
    '200 answer to /yes',
    '200 UND_ERR_SOCKET',
    'ECONNRESET',
  ]);
  expect(asked).toEqual(['GET /yes', 'GET /short', 'GET /lost']);
});

it('passes TLS, and says in the table of connections and once in the events that it cannot act on it', async () => {
  await using rig = await Rig.start();
  const { port: upstream } = await serveHttp(rig);
  const { json } = await rig.api('POST', '/proxies', {
    name: 'inner',
    listen: '127.0.0.1:0',
    upstream: `127.0.0.1:${upstream}`,
    tls: { upstream: 'plain' },
  });
  const inner = Number((json as { listen: string }).listen.split(':').at(-1));
  const port = await rig.proxy(inner, [{ type: 'http_status', attributes: {} }]);
  const { text: ca } = await rig.api('GET', '/certificates/ca.pem');

  expect(await viaUndici(port, ['/one', '/two'], { connect: { ca, servername: 'server.test' } })).toEqual([
    '200 answer to /one',
    '200 answer to /two',
  ]);
  const skip = { toxic: 'http_status_downstream', toxicType: 'http_status', reason: 'no HTTP/1.x' };
  expect(rig.eventsOf('skip')).toMatchObject([{ proxy: 'p', connection: 1, ...skip }]);
  const { json: connections } = await rig.api('GET', '/connections');
  expect(connections).toContainEqual(
    expect.objectContaining({ proxy: 'p', strikes: [], skips: [expect.objectContaining(skip)] }),
  );
});

it('lets a server speak first that does not speak HTTP', async () => {
  await using rig = await Rig.start();
  const upstream = await rig.serve((socket) => {
    socket.write('220 mail.example\r\n');
    socket.once('data', () => socket.end('221 bye\r\n'));
  });
  const port = await rig.proxy(upstream, [{ type: 'http_status', attributes: {} }]);

  const client = await rig.connect(port);
  await expect.poll(() => client.text).toBe('220 mail.example\r\n');
  client.socket.write('QUIT\r\n');
  await client.ending;

  expect(client.text).toBe('220 mail.example\r\n221 bye\r\n');
});

it.each([
  { type: 'http_lose_answer', attributes: { action: 'hang' } },
  { type: 'http_body', attributes: { fault: 'truncate', after_bytes: 3, action: 'hang' } },
  { type: 'http_body', attributes: { fault: 'wrong_length', by: 10, action: 'hang' } },
])('leaves the client waiting when the server closes its idle connection: $type $attributes', async (toxic) => {
  await using rig = await Rig.start();
  const served = Promise.withResolvers<void>();
  const upstream = await rig.serve((socket) => {
    socket.once('data', () => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanswer');
      served.resolve();
    });
  });
  const client = await rig.connect(await rig.proxy(upstream, [toxic]));

  client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await served.promise;

  expect(await staysOpen(client)).toBe(true);
});
