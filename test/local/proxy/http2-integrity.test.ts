/** Streams that are reset leave the others whole: their fields, which HPACK's tables hold, their bytes and their trailers. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it, onTestFinished } from 'vitest';
import { Rig } from './rig.ts';

const requests = 300;
const atOnce = 20;

/** Answers with what was sent, and with fields that tell of the request. */
async function startEcho(settings: http2.Settings): Promise<number> {
  const server = http2.createServer({ settings });
  const sessions = new Set<http2.ServerHttp2Session>();
  server.on('session', (session) => sessions.add(session.on('error', () => {})));
  server.on('stream', async (stream, { 'x-id': id }) => {
    stream.on('error', () => {});
    const body = await buffer(stream).catch(() => undefined);
    if (body === undefined || stream.destroyed) return;
    const fields = {
      'x-id': id,
      [`x-field-${Number(id) % 37}`]: 'v'.repeat(Number(id) % 90),
      'x-sum': sumOf(body),
    };
    stream.respond({ ':status': 200, ...fields }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': `of ${id}` }));
    stream.end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const session of sessions) session.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const sumOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** `reset`, `whole`, or what is wrong. */
async function exchange(session: http2.ClientHttp2Session, id: number): Promise<string> {
  const body = randomBytes((id * 977) % 40_000);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/${id % 50}?q=${id}`,
    'x-id': `${id}`,
    [`x-own-${id % 41}`]: 'w'.repeat(id % 120),
  });
  let head: http2.IncomingHttpHeaders = {};
  let trailers: http2.IncomingHttpHeaders = {};
  stream.on('response', (fields) => {
    head = fields;
  });
  stream.on('trailers', (fields) => {
    trailers = fields;
  });
  stream.end(body);
  const answer = await buffer(stream).catch(() => undefined);
  if (answer === undefined) return 'reset';
  const got = [head['x-id'], head[`x-field-${id % 37}`], head['x-sum'], trailers['x-trailer'], sumOf(answer)];
  const wanted = [`${id}`, 'v'.repeat(id % 90), sumOf(body), `of ${id}`, sumOf(body)];
  return JSON.stringify(got) === JSON.stringify(wanted) ? 'whole' : `${id}: ${got}`;
}

const slicer = (stream: string, size: number) => ({
  type: 'slicer',
  stream,
  attributes: { average_size: size, size_variation: Math.floor(size / 2) },
});
const reset = (at: string) => ({
  type: 'http2_reset',
  name: at,
  attributes: { at, code: 2, after_bytes: 3_000, share: 0.15 },
});

it.each([
  { what: 'requests and answers', headerTableSize: 4_096, toxics: [reset('request'), reset('answer')] },
  {
    what: 'both, with a table that evicts',
    headerTableSize: 200,
    toxics: [reset('answer'), reset('request')],
  },
  {
    what: 'heads and bodies in small pieces',
    headerTableSize: 4_096,
    toxics: [slicer('downstream', 3_000), slicer('upstream', 1_000), reset('headers'), reset('body')],
  },
])('$what are reset', async ({ headerTableSize, toxics }) => {
  await using rig = await Rig.start({ seed: 3 });
  const port = await rig.proxy(await startEcho({ headerTableSize }), toxics);
  const session = http2.connect(`http://127.0.0.1:${port}`, { settings: { headerTableSize } });
  onTestFinished(() => session.destroy());
  const errors: unknown[] = [];
  session.on('error', (error) => errors.push(error));
  const outcomes: string[] = [];
  let next = 0;
  const ask = async (): Promise<void> => {
    while (next < requests) outcomes.push(await exchange(session, next++));
  };
  await Promise.all(Array.from({ length: atOnce }, ask));

  expect(errors).toEqual([]);
  expect(new Set(outcomes)).toEqual(new Set(['whole', 'reset']));
  const struck = rig.eventsOf('strike').filter(({ toxicType }) => toxicType === 'http2_reset');
  expect(outcomes.filter((outcome) => outcome === 'reset')).toHaveLength(struck.length);
  expect(struck.length).toBeGreaterThan(requests / 20);
});
