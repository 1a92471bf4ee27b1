import { once } from 'node:events';
import http from 'node:http';
import net from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startPage } from '../../../harness/page/index.ts';
import type { Update } from '../../../harness/page/messages.ts';
import { hostileName, type PageRig, startRig, token } from './rig.ts';

let rig: PageRig;

beforeAll(async () => {
  rig = await startRig();
});

afterAll(() => rig[Symbol.asyncDispose]());

/** The status of a request with exactly these headers. */
async function statusOf(
  path: string,
  headers: http.OutgoingHttpHeaders,
  method = 'GET',
  body = '',
): Promise<number> {
  const [host, port] = rig.host.split(':');
  const request = http.request({ host, port, path, method, headers, setHost: headers.Host === undefined });
  request.end(body);
  const [response] = (await once(request, 'response')) as [http.IncomingMessage];
  response.destroy();
  return response.statusCode ?? 0;
}

const own = { Authorization: `Bearer ${token}` };
const json = { 'Content-Type': 'application/json' };
const everything = [`/?token=${token}`, '/live', '/catalogue'];

describe('a page’s server refuses', () => {
  it.each(everything)('a name that was rebound to this machine: %s', async (path) => {
    expect(await statusOf(path, { ...own, Host: 'evil.example' })).toBe(403);
  });

  it.each(everything)('another site, whatever it has got hold of: %s', async (path) => {
    expect(await statusOf(path, { ...own, Origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf(path, { ...own, 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'cors' })).toBe(
      403,
    );
  });

  it.each([
    '/',
    '/?token=wrong-token-of-the-page',
    '/live',
    '/catalogue',
    `/live?token=${token}`,
    `/catalogue?token=${token}`,
  ])('whoever has no token where it belongs: %s', async (path) => {
    expect(await statusOf(path, {})).toBe(401);
  });

  it('a form of another site, and a simple request without a preflight', async () => {
    const act = { link: 'api', enabled: false };
    const post = (headers: http.OutgoingHttpHeaders, body = JSON.stringify(act)) =>
      statusOf('/act/switch-link', headers, 'POST', body);
    const form = { 'Content-Type': 'application/x-www-form-urlencoded', Origin: 'http://evil.example' };

    expect(await post(form, 'link=api&enabled=false')).toBe(403);
    expect(await post({ ...form, Origin: 'null' })).toBe(403);
    expect(await post({ 'Content-Type': 'text/plain' })).toBe(401);
    expect(await post({ ...own, 'Content-Type': 'text/plain' })).toBe(415);
    expect(await statusOf('/act/switch-link', { ...own, ...json })).toBe(405);
    expect(rig.proxies.proxy('api').enabled).toBe(true);
  });

  it('a preflight, so that no other site learns whether it might', async () => {
    const preflight = { Origin: 'http://evil.example', 'Access-Control-Request-Method': 'POST' };
    expect(await statusOf('/act/switch-link', preflight, 'OPTIONS')).toBe(403);
  });

  it('a WebSocket, which no same-origin policy holds back', async () => {
    const upgrade = {
      Connection: 'Upgrade',
      Upgrade: 'websocket',
      'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    expect(await statusOf('/live', { ...upgrade, Origin: 'http://evil.example' })).toBe(403);
    expect(await statusOf('/live', upgrade)).toBe(401);
  });

  it('a body that is too long, and goes on', async () => {
    expect(await statusOf('/act/add-toxic', { ...own, ...json }, 'POST', 'x'.repeat(1_100_000))).toBe(413);
    expect(await statusOf('/catalogue', own)).toBe(200);
  });

  it('what is no act and no JSON, in words', async () => {
    expect(await (await rig.act('no-such', {})).json()).toEqual({ error: 'There is no no-such.' });
    expect(await (await rig.act('__proto__', {})).json()).toEqual({ error: 'There is no __proto__.' });
    expect((await rig.ask('/act/pause', { method: 'POST', body: '{', headers: json })).status).toBe(400);
    expect(await (await rig.act('pause', { link: 'api' })).json()).toEqual({
      error: 'connection: it is missing',
    });
  });

  it('a toxic that the proxy does not know, in the proxy’s words', async () => {
    const refused = await rig.act('add-toxic', {
      link: 'api',
      toxic: { type: 'latency', attributes: { latency: 'x' } },
    });
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: expect.stringContaining('.attributes.latency of type int64'),
    });
    expect((await rig.act('add-toxic', { link: 'none', toxic: { type: 'latency' } })).status).toBe(404);
  });

  it('a token that could be guessed', async () => {
    await expect(startPage({ proxies: rig.proxies, title: 'x', token: 'short' })).rejects.toMatchObject({
      code: 'LAB_BAD_INPUT',
    });
    await expect(
      startPage({ proxies: rig.proxies, title: 'x', token: `${token}/../` }),
    ).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
  });

  it('a port that is taken, with what to do', async () => {
    const port = Number(rig.host.split(':')[1]);
    await expect(startPage({ proxies: rig.proxies, title: 'x', port })).rejects.toMatchObject({
      code: 'LAB_PORT_TAKEN',
    });
  });
});

describe('a page’s server', () => {
  it('lets nobody frame, keep or read its answers elsewhere, and names no other origin', async () => {
    const { headers } = await fetch(rig.url);

    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'content-security-policy': "frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
    });
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('listens on loopback alone', async () => {
    const port = Number(rig.host.split(':')[1]);
    const other = net.connect({ host: '127.0.0.2', port });
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  it('holds, releases and ends one connection, and leaves the others alone', async () => {
    const [first, second] = [await rig.dial('api'), await rig.dial('api')];
    const numbers = rig.proxies.proxy('api').connections.map(({ connection }) => connection);
    const [one = 0] = numbers;

    expect((await rig.act('pause', { link: 'api', connection: one })).status).toBe(200);
    let got = '';
    first.on('data', (bytes) => {
      got += bytes;
    });
    first.write('held');
    second.write('passes');
    await once(second, 'data');
    expect(got).toBe('');

    const passed = once(first, 'data');
    expect((await rig.act('release', { link: 'api', connection: one })).status).toBe(200);
    await passed;
    expect(got).toBe('held');

    const ended = once(first, 'error');
    expect((await rig.act('end', { link: 'api', connection: one, how: 'reset' })).status).toBe(200);
    expect(((await ended)[0] as NodeJS.ErrnoException).code).toBe('ECONNRESET');
    await expect.poll(() => rig.proxies.proxy('api').toxics).toEqual([]);
    expect((await rig.act('end', { link: 'api', connection: one, how: 'reset' })).status).toBe(404);
    second.write('still here');
    await once(second, 'data');
  });

  it('tells what it is like at once, and then what changed', async () => {
    const response = await rig.ask('/live?link=api&ended=no');
    const updates = linesOf(response);
    const first = (await updates.next()).value as Update;
    expect(first.links?.rows.map(({ name }) => name)).toEqual(['api', hostileName]);

    await rig.act('add-toxic', { link: 'api', toxic: { type: 'latency', attributes: { latency: 7 } } });
    for await (const update of updates) {
      if (!update.links) continue;
      expect(update.links.rows[0]?.toxics).toMatchObject([
        { name: 'latency_downstream', attributes: { latency: 7 } },
      ]);
      break;
    }
    await rig.act('lift-all', {});
  });

  it('closes while pages are open', async () => {
    const other = await startRig();
    const response = await other.ask('/live');
    await other[Symbol.asyncDispose]();
    await expect(response.text()).rejects.toThrow();
  });
});

async function* linesOf(response: Response): AsyncGenerator<Update, void> {
  let rest = '';
  for await (const text of (response.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const texts = (rest + text).split('\n');
    rest = texts.pop() ?? '';
    for (const line of texts) yield JSON.parse(line) as Update;
  }
}
