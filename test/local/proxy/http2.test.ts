/** What clients of HTTP/2 make of its faults, in clear and through a proxy that takes TLS off: node:http2, undici, curl. */
import { once } from 'node:events';
import http2 from 'node:http2';
import { promisify } from 'node:util';
import { Agent, fetch } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { bodyBytes, startHttp2, startHttp2InTls } from './http2-rig.ts';
import { isThere, runProgram } from './programs.ts';

/** A connection of node:http2 and what it was told. */
function connect(port: number) {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  onTestFinished(() => session.destroy());
  const errors: (string | undefined)[] = [];
  const goAways: { code: number; last: number | undefined; debug: string }[] = [];
  session.on('error', ({ code }: NodeJS.ErrnoException) => errors.push(code));
  session.on('goaway', (code, last, debug) => goAways.push({ code, last, debug: String(debug ?? '') }));
  return { session, goAways, errors };
}

/** What came of a request. */
interface Outcome {
  readonly status: number | undefined;
  readonly own: string | undefined;
  readonly bytes: number;
  /** `ok`, or the code of the reset or error. */
  readonly end: string;
}

async function ask(session: http2.ClientHttp2Session, path: string, body?: Buffer): Promise<Outcome> {
  const stream = session.request({
    ':path': path,
    ':method': body ? 'POST' : 'GET',
    'x-token': 'of the client',
  });
  let head: http2.IncomingHttpHeaders & { ':status'?: number | undefined } = {};
  let bytes = 0;
  let error: string | undefined;
  stream.on('response', (headers) => {
    head = headers;
  });
  stream.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  stream.on('error', (cause: NodeJS.ErrnoException) => {
    error = `${cause.code} ${cause.message}`;
  });
  stream.end(body);
  await new Promise((resolve) => stream.once('close', resolve));
  return {
    status: head[':status'],
    own: head['x-own'] as string | undefined,
    bytes,
    end: error ?? `code ${stream.rstCode}`,
  };
}

const served: Outcome = { status: 200, own: 'of the server', bytes: bodyBytes, end: 'code 0' };

const refused = { status: undefined, own: undefined, bytes: 0 };
const streamError = (name: string): string =>
  `ERR_HTTP2_STREAM_ERROR Stream closed with error code NGHTTP2_${name}`;

it.each([
  { at: 'request', second: refused, asked: ['/first', '/third'] },
  { at: 'answer', second: refused, asked: ['/first', '/second', '/third'] },
  { at: 'headers', second: { ...served, bytes: 0 }, asked: ['/first', '/second', '/third'] },
  { at: 'body', second: { ...served, bytes: 1_000 }, asked: ['/first', '/second', '/third'] },
])('http2_reset ends one stream at its $at, and the others go on', async ({ at, second, asked: paths }) => {
  const attributes = { at, code: 2, after_bytes: 1_000, path: '/second' };
  const { port, asked, rig } = await startHttp2([{ type: 'http2_reset', attributes }]);
  const { session } = connect(port);

  expect(await ask(session, '/first')).toEqual(served);
  expect(await ask(session, '/second')).toEqual({ ...second, end: streamError('INTERNAL_ERROR') });
  expect(await ask(session, '/third')).toEqual(served);
  expect(asked.map(({ path }) => path)).toEqual(paths);
  expect(rig.eventsOf('strike').map(({ reason }) => reason)).toEqual([
    `RST_STREAM INTERNAL_ERROR, stream 3, ${at}`,
  ]);
});

it('http2_reset tells a server that is not done', async () => {
  const { port, asked } = await startHttp2(
    [{ type: 'http2_reset', attributes: { at: 'body', after_bytes: 10 } }],
    {
      bodyBytes: 10_000_000,
    },
  );
  const { session } = connect(port);

  expect(await ask(session, '/long')).toEqual({ ...served, bytes: 10, end: streamError('REFUSED_STREAM') });
  await expect.poll(() => asked[0]?.closedWith).toBe(http2.constants.NGHTTP2_CANCEL);
});

it('http2_reset gives back the window of an upload that does not arrive', async () => {
  const { port } = await startHttp2([{ type: 'http2_reset', attributes: { path: '/refused' } }]);
  const { session } = connect(port);
  const large = Buffer.alloc(60_000, 'u');
  for (let upload = 0; upload < 5; upload += 1) await ask(session, '/refused', large);

  expect(await ask(session, '/taken', large)).toEqual(served);
});

const streamEnd = (code: number): Outcome => ({ ...refused, end: `code ${code}` });

it.each([
  { attributes: {}, last: 3, second: served },
  {
    attributes: { last_stream: 'previous' },
    last: 1,
    second: { ...refused, end: streamError('REFUSED_STREAM') },
  },
  {
    attributes: { last_stream: 'zero' },
    last: 0,
    second: { ...refused, end: streamError('REFUSED_STREAM') },
  },
  { attributes: { last_stream: 'maximum' }, last: 2 ** 31 - 1, second: served },
])('http2_goaway $attributes, then FIN', async ({ attributes, last, second }) => {
  const toxic = { type: 'http2_goaway', attributes: { path: '/second', debug: 'restart', ...attributes } };
  const { port, asked, rig } = await startHttp2([toxic]);
  const { session, goAways } = connect(port);

  expect(await ask(session, '/first')).toEqual(served);
  expect(await ask(session, '/second')).toEqual(second);
  expect(goAways).toEqual([{ code: 0, last, debug: 'restart' }]);
  expect(asked.map(({ path }) => path)).toEqual(second === served ? ['/first', '/second'] : ['/first']);
  await expect.poll(() => rig.eventsOf('close')).toMatchObject([{ end: 'fin', by: 'toxic' }]);
});

it('http2_goaway with ENHANCE_YOUR_CALM is an error of the session for node:http2', async () => {
  const { port } = await startHttp2([
    { type: 'http2_goaway', attributes: { code: 11, nth: 2, last_stream: 'previous' } },
  ]);
  const { session, goAways, errors } = connect(port);

  expect(await ask(session, '/first')).toEqual(served);
  expect(await ask(session, '/second')).toEqual({
    ...refused,
    end: 'ERR_HTTP2_SESSION_ERROR Session closed with error code 11',
  });
  expect(goAways).toEqual([{ code: 11, last: 1, debug: '' }]);
  await expect.poll(() => errors).toEqual(['ERR_HTTP2_SESSION_ERROR']);
});

it.each(['close', 'reset'])('http2_goaway ending=%s ends what is under way', async (ending) => {
  const { port } = await startHttp2([{ type: 'http2_goaway', attributes: { ending } }]);
  const { session, goAways } = connect(port);
  const outcome = await ask(session, '/first');

  expect([streamEnd(0), streamEnd(8)]).toContainEqual(outcome);
  expect(goAways).toMatchObject([{ code: 0, last: 1 }]);
});

it('http2_stall lets so many bytes of each answer through, and everything else', async () => {
  const { port, rig } = await startHttp2([{ type: 'http2_stall', attributes: { window: 500 } }]);
  const { session } = connect(port);
  await once(session, 'remoteSettings');
  const stream = session.request({ ':path': '/stalled' });
  let bytes = 0;
  stream
    .on('error', () => {})
    .on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
  const [head] = (await once(stream, 'response')) as [http2.IncomingHttpHeaders];
  await expect.poll(() => bytes).toBe(500);
  await promisify(session.ping.bind(session))();

  expect(Number(head[':status'])).toBe(200);
  expect(bytes).toBe(500);
  expect(rig.eventsOf('strike').map(({ reason }) => reason)).toEqual(['a window of 500 bytes']);
});

it('http2_stall upstream is a server that does not read, for an upload', async () => {
  const { port } = await startHttp2([
    { type: 'http2_stall', stream: 'upstream', attributes: { window: 1_000 } },
  ]);
  const { session } = connect(port);
  await once(session, 'remoteSettings');
  const stream = session.request({ ':path': '/upload', ':method': 'POST' });
  stream.on('error', () => {}).end(Buffer.alloc(5_000));
  await expect.poll(() => stream.state.localWindowSize).toBeDefined();
  await promisify(session.ping.bind(session))();

  expect(stream.writableLength).toBeGreaterThan(0);
  expect(await ask(session, '/other')).toEqual(served);
});

it('http2_stall is a body that does not come for undici, which gives up after its time-out', async () => {
  const { url } = await startHttp2InTls({ type: 'http2_stall' });
  const agent = new Agent({ allowH2: true, bodyTimeout: 300, connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.destroy());
  const answer = await fetch(`${url}/stalled`, { dispatcher: agent });

  expect(answer.status).toBe(200);
  await expect(answer.text()).rejects.toMatchObject({ cause: { code: 'UND_ERR_BODY_TIMEOUT' } });
});

it('http2_late_ack holds the answer of a PING back, while requests are served', async () => {
  const { port, rig } = await startHttp2([{ type: 'http2_late_ack' }]);
  const { session } = connect(port);
  await once(session, 'remoteSettings');
  const answered: (Error | null)[] = [];
  session.ping((error) => answered.push(error));

  expect(await ask(session, '/served')).toEqual(served);
  expect(rig.eventsOf('strike').map(({ reason }) => reason)).toEqual(['ACK of ping withheld']);
  expect(answered).toEqual([]);
});

it('http2_late_ack has undici take a new connection behind a request that timed out', async () => {
  const { url, rig } = await startHttp2InTls({ type: 'http2_late_ack' });
  await rig.addToxic({ type: 'http2_stall', attributes: { window: 0 } });
  const agent = new Agent({ allowH2: true, bodyTimeout: 300, connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.destroy());
  const get = async (path: string) => (await fetch(`${url}${path}`, { dispatcher: agent })).text();

  await expect(get('/timed-out')).rejects.toMatchObject({ cause: { code: 'UND_ERR_BODY_TIMEOUT' } });
  // It asks by PING whether the server is still there, and gives it a second.
  await expect.poll(() => rig.eventsOf('close').length, { timeout: 10_000 }).toBe(1);
  await expect(get('/timed-out')).rejects.toThrow();
  expect(rig.eventsOf('open')).toHaveLength(2);
});

const goAway = (attributes: object) => ({ type: 'http2_goaway', attributes: { nth: 2, ...attributes } });
const reset = (at: string) => ({ type: 'http2_reset', attributes: { nth: 2, at, after_bytes: 100 } });
const twice = ['/first', '/second', '/second', '/third'];
const inOrder = ['/first', '/second', '/third'];
const terminated = 'terminated: ERR_HTTP2_STREAM_ERROR';

it.each([
  { what: 'a refused stream', toxic: reset('request'), second: 'ok', paths: inOrder },
  {
    what: 'a stream that is called refused behind the work',
    toxic: reset('answer'),
    second: 'ok',
    paths: twice,
  },
  { what: 'a stream reset behind its head', toxic: reset('headers'), second: terminated, paths: inOrder },
  { what: 'a stream reset in its body', toxic: reset('body'), second: terminated, paths: inOrder },
  { what: 'a graceful GOAWAY', toxic: goAway({}), second: 'ok', paths: inOrder },
  {
    what: 'a GOAWAY below its stream',
    toxic: goAway({ last_stream: 'previous' }),
    second: 'ok',
    paths: inOrder,
  },
  {
    what: 'a GOAWAY behind its answer',
    toxic: goAway({ when: 'answer', code: 11 }),
    second: 'ok',
    paths: inOrder,
  },
])('undici meets $what inside TLS', async ({ toxic, second, paths }) => {
  const { url, asked } = await startHttp2InTls(toxic);
  const agent = new Agent({ allowH2: true, connect: { rejectUnauthorized: false } });
  onTestFinished(() => agent.destroy());
  const outcomes: string[] = [];
  for (const path of inOrder) {
    const answer = await fetch(`${url}${path}`, { dispatcher: agent });
    const outcome = await answer.text().then(
      (text) => (text.length === bodyBytes ? 'ok' : `${text.length} bytes`),
      ({ message, cause }: Error) => `${message}: ${(cause as NodeJS.ErrnoException).code}`,
    );
    outcomes.push(outcome);
  }

  expect(outcomes).toEqual(['ok', second, 'ok']);
  expect(asked.map(({ path }) => path)).toEqual(paths);
});

const done = `200 ${bodyBytes} 0`;

it.skipIf(!isThere('curl')).each([
  { toxic: reset('request'), second: done, paths: inOrder },
  { toxic: reset('answer'), second: done, paths: twice },
  { toxic: reset('headers'), second: '200 0 56', paths: inOrder },
  { toxic: reset('body'), second: '200 100 56', paths: inOrder },
  { toxic: goAway({}), second: done, paths: inOrder },
  { toxic: goAway({ last_stream: 'previous' }), second: '000 0 16', paths: ['/first', '/third'] },
  { toxic: goAway({ last_stream: 'previous', code: 11 }), second: '000 0 16', paths: ['/first', '/third'] },
])('curl meets $toxic.type $toxic.attributes inside TLS', async ({ toxic, second, paths }) => {
  const { url, asked } = await startHttp2InTls(toxic);
  const format = ['-w', '%{http_code} %{size_download} %{exitcode}\\n'];
  const targets = inOrder.flatMap((path) => ['-o', '/dev/null', `${url}${path}`]);
  const { stdout } = await runProgram('curl', ['-sk', '--http2', ...format, ...targets]);

  expect(stdout.trim().split('\n')).toEqual([done, second, done]);
  expect(asked.map(({ path }) => path)).toEqual(paths);
});

it.skipIf(!isThere('curl'))(
  'http2_stall is a body that does not come for curl, up to its --max-time',
  async () => {
    const { url } = await startHttp2InTls({ type: 'http2_stall', attributes: { window: 500 } });
    const { code, stdout } = await runProgram('curl', [
      ...['-sk', '--http2', '--max-time', '1', '-o', '/dev/null', '-w', '%{http_code} %{size_download}'],
      `${url}/stalled`,
    ]);

    expect([stdout, code]).toEqual(['200 500', 28]);
  },
);
