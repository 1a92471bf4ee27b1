import { expect, it } from 'vitest';
import { HttpDialogue, type HttpResponsePart } from '../../../../proxy/protocols/http-dialogue.ts';
import { looksLikeHttp } from '../../../../proxy/protocols/http-head.ts';
import { type HttpPart, httpSectionLimitBytes } from '../../../../proxy/protocols/http-reader.ts';
import fc from '../../../support/fast-check.ts';
import { cuts, pieces, requests, responses, type WireMessage } from './http-messages.ts';

/** What one direction is made of: parts, and the messages with their content and their place in the stream. */
function summary(parts: readonly HttpPart<object>[]) {
  let at = 0;
  const messages: { from: number; to: number; content: string }[] = [];
  for (const { kind, bytes, ends } of parts) {
    if (kind === 'head') messages.push({ from: at, to: -1, content: '' });
    at += bytes.length;
    const last = messages.at(-1);
    if (!last) continue;
    if (kind === 'data') last.content += bytes.toString('latin1');
    if (ends) last.to = at;
  }
  return messages;
}

function expected(messages: readonly WireMessage[]) {
  let at = 0;
  return messages.map(({ bytes, content }) => {
    const from = at;
    at += bytes.length;
    return { from, to: at, content: Buffer.from(content).toString('latin1') };
  });
}

const join = (parts: readonly { readonly bytes: Buffer }[]): Buffer =>
  Buffer.concat(parts.map(({ bytes }) => bytes));

const fresh = (): HttpDialogue => new HttpDialogue({ joinedLate: false });
const ask = (dialogue: HttpDialogue, text: string) => [...dialogue.readRequests(Buffer.from(text, 'latin1'))];
const answer = (dialogue: HttpDialogue, text: string) => [
  ...dialogue.readResponses(Buffer.from(text, 'latin1')),
];
const kinds = (parts: readonly HttpPart<object>[]) =>
  parts.map(({ kind, ends }) => (ends ? `${kind}.` : kind));

it('finds the same messages in requests however they are split', () => {
  fc.assert(
    fc.property(fc.array(requests, { minLength: 1, maxLength: 5 }), cuts, (messages, lengths) => {
      const dialogue = fresh();
      const stream = join(messages);
      const parts = pieces(stream, lengths).flatMap((piece) => [...dialogue.readRequests(piece)]);

      expect(join(parts)).toEqual(stream);
      expect(summary(parts)).toEqual(expected(messages));
      expect(dialogue.waiting).toBe(messages.length);
    }),
  );
});

it('finds the same messages in responses however they are split', () => {
  fc.assert(
    fc.property(fc.array(responses, { minLength: 1, maxLength: 5 }), cuts, (messages, lengths) => {
      const dialogue = fresh();
      ask(dialogue, 'GET / HTTP/1.1\r\n\r\n'.repeat(5));
      const stream = join(messages);
      const parts = pieces(stream, lengths).flatMap((piece) => [...dialogue.readResponses(piece)]);

      expect(join(parts)).toEqual(stream);
      expect(summary(parts)).toEqual(expected(messages));
    }),
  );
});

it('changes no byte of anything, and never throws', () => {
  const scrap = fc.oneof(
    requests.map(({ bytes }) => bytes),
    responses.map(({ bytes }) => bytes),
    fc.uint8Array({ maxLength: 50 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('\r\n', 'GET ', 'HTTP/1.1 ', '0\r\n\r\n', 'ffffffffffffffff\r\n', 'Content-Length: 5\r\n')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(scrap, { maxLength: 6 }), cuts, fc.boolean(), (scraps, lengths, joinedLate) => {
      const dialogue = new HttpDialogue({ joinedLate });
      const stream = Buffer.concat(scraps);
      const up: Buffer[] = [];
      const down: Buffer[] = [];
      for (const piece of pieces(stream, lengths)) {
        up.push(join([...dialogue.readRequests(piece)]));
        down.push(join([...dialogue.readResponses(piece)]));
      }
      up.push(dialogue.takeRequestRest());
      down.push(join([...dialogue.endResponses()]));

      expect(Buffer.concat(up)).toEqual(stream);
      expect(Buffer.concat(down)).toEqual(stream);
    }),
    { numRuns: 300 },
  );
});

it('tells the parts of chunked coding, its lines whole', () => {
  const dialogue = fresh();
  ask(dialogue, 'GET / HTTP/1.1\r\n\r\n');
  const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n';
  const parts = [...`${head}3;a="b"\r\nabc\r\n0\r\nEtag: 1\r\n\r\n`].flatMap((byte) =>
    answer(dialogue, byte),
  );

  expect(parts.map(({ kind, bytes }) => `${kind} ${JSON.stringify(bytes.toString())}`)).toEqual([
    `head ${JSON.stringify(head)}`,
    'size "3;a=\\"b\\"\\r\\n"',
    'data "a"',
    'data "b"',
    'data "c"',
    'crlf "\\r\\n"',
    'last "0\\r\\nEtag: 1\\r\\n\\r\\n"',
  ]);
  expect(parts.map(({ ends }) => ends)).toEqual([false, false, false, false, false, false, true]);
});

it.each([
  ['HEAD', '200 OK\r\nContent-Length: 5', ['head.']],
  ['GET', '204 No Content\r\nContent-Length: 5', ['head.']],
  ['GET', '304 Not Modified\r\nTransfer-Encoding: chunked', ['head.']],
  ['GET', '200 OK\r\nContent-Length: 0', ['head.']],
  ['GET', '200 OK\r\nContent-Length: 5, 5', ['head', 'data.']],
  ['GET', '200 OK\r\nContent-Length: 5\r\nContent-Length: 5', ['head', 'data.']],
  ['GET', '200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked', ['head', 'opaque']],
  ['GET', '200 OK\r\nContent-Length: 5\r\nContent-Length: 6', ['opaque']],
  ['GET', '200 OK\r\nContent-Length: -5', ['opaque']],
  ['GET', '200 OK', ['head', 'data']],
  ['GET', '200 OK\r\nTransfer-Encoding: gzip', ['head', 'data']],
  ['GET', '200 OK\r\nTransfer-Encoding: identity\r\nContent-Length: 5', ['head', 'data.']],
  ['GET', '101 Switching Protocols\r\nUpgrade: websocket', ['head', 'opaque']],
  ['CONNECT', '200 OK\r\nContent-Length: 5', ['head', 'opaque']],
])('knows the length of an answer to %s with %s', (method, head, parts) => {
  const dialogue = fresh();
  ask(dialogue, `${method} * HTTP/1.1\r\n\r\n`);
  const found = answer(dialogue, `HTTP/1.1 ${head}\r\n\r\n`);
  if (!parts.at(-1)?.endsWith('head.')) found.push(...answer(dialogue, 'hello\r\n'));

  expect(kinds(found).slice(0, parts.length)).toEqual(parts);
});

it('ends an answer without a length at FIN, and one with a length too early', () => {
  const whole = fresh();
  ask(whole, 'GET / HTTP/1.1\r\n\r\n');
  answer(whole, 'HTTP/1.0 200 OK\r\n\r\nhello');
  expect(kinds([...whole.endResponses()])).toEqual(['data.']);
  expect(whole.waiting).toBe(0);

  const cut = fresh();
  ask(cut, 'GET / HTTP/1.1\r\n\r\n');
  answer(cut, 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello');
  expect(kinds([...cut.endResponses()])).toEqual(['opaque.']);
});

it('pairs pipelined answers with their requests, interim ones before the final one', () => {
  const dialogue = fresh();
  ask(dialogue, 'PUT /1 HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n');
  const interim = answer(dialogue, 'HTTP/1.1 100 Continue\r\n\r\n');
  ask(dialogue, 'abGET /2 HTTP/1.1\r\n\r\nHEAD /3 HTTP/1.1\r\n\r\n');
  const parts: HttpResponsePart[] = answer(
    dialogue,
    'HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n',
  );

  expect([...interim, ...parts].map(({ request, head }) => [request?.target, head?.status])).toEqual([
    ['/1', 100],
    ['/1', 201],
    ['/1', undefined],
    ['/2', 204],
    ['/3', 200],
  ]);
  expect(dialogue.waiting).toBe(0);
});

it('tells an answer that nobody asked for', () => {
  const dialogue = fresh();
  const [timeout] = answer(dialogue, 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n');

  expect([timeout?.head?.status, timeout?.request]).toEqual([408, undefined]);
});

it('lets a tunnel pass, and reads on when CONNECT was refused', () => {
  const dialogue = fresh();
  const connect = 'CONNECT host:443 HTTP/1.1\r\nHost: host\r\n\r\n';
  ask(dialogue, connect);
  answer(dialogue, 'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
  expect(kinds(ask(dialogue, connect))).toEqual(['head']);
  answer(dialogue, 'HTTP/1.1 200 OK\r\n\r\n');

  expect(kinds(ask(dialogue, 'GET / HTTP/1.1\r\n\r\n'))).toEqual(['opaque']);
  expect(kinds(answer(dialogue, 'HTTP/1.1 200 OK\r\n\r\n'))).toEqual(['opaque']);
});

it('gives up on a head that is too long, and keeps its bytes', () => {
  const dialogue = fresh();
  const long = `GET / HTTP/1.1\r\nX: ${'x'.repeat(httpSectionLimitBytes)}`;
  const parts = pieces(Buffer.from(long), [1_000]).flatMap((piece) => [...dialogue.readRequests(piece)]);

  expect(new Set(kinds(parts))).toEqual(new Set(['opaque']));
  expect(join(parts).toString()).toBe(long);
});

it('gives up on a chunk size that is none', () => {
  const dialogue = fresh();
  const head = 'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n';

  expect(kinds(ask(dialogue, `${head}1\r\na\r\nxyz\r\nGET / HTTP/1.1\r\n\r\n`))).toEqual([
    'head',
    'size',
    'data',
    'crlf',
    'opaque',
  ]);
  expect(kinds(ask(dialogue, 'GET / HTTP/1.1\r\n\r\n'))).toEqual(['opaque']);
});

it('comes in late at the next request', () => {
  const dialogue = new HttpDialogue({ joinedLate: true });
  expect(kinds(ask(dialogue, 'rest of a body\r\n\r\n'))).toEqual(['opaque']);
  expect(kinds(answer(dialogue, 'rest of an answer'))).toEqual(['opaque']);

  expect(kinds(ask(dialogue, 'GET /a HTTP/1.1\r\n\r\n'))).toEqual(['head.']);
  const [head] = answer(dialogue, 'HTTP/1.1 204 No Content\r\n\r\n');
  expect(head?.request?.target).toBe('/a');
});

it('follows a thousand requests without an answer and no more', () => {
  const dialogue = fresh();
  ask(dialogue, 'GET / HTTP/1.1\r\n\r\n'.repeat(1_001));

  expect(kinds(ask(dialogue, 'GET / HTTP/1.1\r\n\r\n'))).toEqual(['opaque']);
});

it.each([
  ['GET / HTTP/1.1\r\nHost: a\r\n', true],
  ['POST /a/b?c', true],
  ['OPTIONS * HTTP/1.1\r\n', true],
  ['CONNECT host.example:443 HTTP/1.1\r\n', true],
  ['GET http://host/ HTTP/1.0\n', true],
  ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', false],
  ['GET / HTTP/2.0\r\n', false],
  ['PURGE-ALL /a HTTP/1.1\r\n', true],
  ['PURGE-ALL /a', false],
  ['Q /\x93\xf1', false],
  ['GET key\r\n', false],
  ['SSH-2.0-OpenSSH_9.2\r\n', false],
  ['\x16\x03\x01\x02\x00\x01', false],
  ['', false],
])('tells by the first bytes %j whether they are HTTP: %s', (bytes, is) => {
  expect(looksLikeHttp(Buffer.from(bytes, 'latin1'))).toBe(is);
});
