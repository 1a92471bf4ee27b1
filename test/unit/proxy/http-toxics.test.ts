import { describe, expect, it } from 'vitest';
import { matchesPath } from '../../../proxy/toxics/shared/http-requests.ts';
import { ToxicRig } from './toxic-rig.ts';

const get = (path: string): string => `GET ${path} HTTP/1.1\r\n\r\n`;
const post = (path: string, body: string, fields = ''): string =>
  `POST ${path} HTTP/1.1\r\n${fields}Content-Length: ${body.length}\r\n\r\n${body}`;
const ok = (body: string): string => `HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
const chunked = (...chunks: string[]): string =>
  `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks
    .map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
    .join('')}0\r\n\r\n`;

const rigOf = (type: string, attributes: object = {}, more: object = {}): ToxicRig =>
  new ToxicRig({ type: `http_${type}`, attributes, ...more });

const date = 'Date: Tue, 25 Nov 2025 05:26:47 GMT\r\n';
const unavailable = (more = '', body = ''): string =>
  `HTTP/1.1 503 Service Unavailable\r\n${date}Content-Length: ${body.length}\r\n${more}\r\n${body}`;

/** Asks and lets the server answer, one after the other. */
function exchange(rig: ToxicRig, request: string, response: string): void {
  rig.arrive(request, 'upstream');
  rig.arrive(response, 'downstream');
}

it.each([
  ['/a', '/a', true],
  ['/a', '/a?b=c', true],
  ['/a', '/a/b', false],
  ['/A', '/a', false],
  ['/a*', '/a/b', true],
  ['*/b', '/a/b', true],
  ['/*/b/*', '/a/b/c', true],
  ['/*b*b', '/ab', false],
  ['*ab*ba*', '/aba', false],
  ['/a?*', '/a?b=c', true],
  ['/a?b=c', '/a?b=d', false],
  ['/a', 'http://host:80/a', true],
  ['*', '*', true],
])('%s matches %s: %s', (pattern, target, matches) => {
  expect(matchesPath(pattern, target)).toBe(matches);
});

it('http_status answers a request once it was read, and lets the server see nothing of it', () => {
  const rig = rigOf('status', { body: 'down', fields: 'X-Lab: 1\nX-More: 2' });
  const request = post('/', 'content');
  rig.arrive(request.slice(0, -1), 'upstream');
  expect(rig.outcomes).toEqual([]);
  rig.arrive(request.slice(-1), 'upstream');

  expect(rig.output()).toBe(unavailable('X-Lab: 1\r\nX-More: 2\r\n', 'down'));
  expect(rig.output('upstream')).toBe('');
  expect(rig.strikes).toMatchObject([
    { reason: 'answered 503', stream: 'upstream', offset: 0, delivered: false },
  ]);
});

it('http_status answers at once when told to, and swallows the rest of the request', () => {
  const rig = rigOf('status', { at_once: true, first: 1 });
  const request = post('/', 'content');
  rig.arrive(request.slice(0, -3), 'upstream');
  expect(rig.output()).toBe(unavailable());
  rig.arrive(`${request.slice(-3)}${get('/next')}`, 'upstream');

  expect(rig.output('upstream')).toBe(get('/next'));
});

it('http_status tells a client that waits to go on, but not one of HTTP/1.0', () => {
  const request = post('/', 'x', 'Expect: 100-continue\r\n');
  const rig = rigOf('status');
  rig.arrive(request.slice(0, -1), 'upstream');
  expect(rig.output()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  rig.arrive('x', 'upstream');
  expect(rig.output()).toBe(`HTTP/1.1 100 Continue\r\n\r\n${unavailable()}`);

  const old = rigOf('status');
  old.arrive(request.replace('HTTP/1.1', 'HTTP/1.0'), 'upstream');
  expect(old.output()).toBe(unavailable('Connection: close\r\n'));
  expect(old.outcomes.at(-1)?.what).toBe('close fin');
});

it('http_status answers in turn behind answers of the server, even when the client is slow to take them', () => {
  const rig = rigOf('status', { path: '/2' });
  rig.arrive(get('/1') + get('/2') + get('/3'), 'upstream');
  expect(rig.output('upstream')).toBe(get('/1') + get('/3'));
  expect(rig.output()).toBe('');

  rig.block(true);
  rig.arrive(ok('one'));
  expect(rig.output()).toBe('');
  rig.arrive(get('/2'), 'upstream');
  rig.block(false);
  rig.arrive(ok('three'));

  expect(rig.output()).toBe(ok('one') + unavailable() + ok('three') + unavailable());
});

it('http_status has no content for HEAD and for statuses without it', () => {
  const head = rigOf('status', { body: 'down' });
  head.arrive('HEAD / HTTP/1.1\r\n\r\n', 'upstream');
  expect(head.output()).toBe(`HTTP/1.1 503 Service Unavailable\r\n${date}Content-Length: 4\r\n\r\n`);

  const none = rigOf('status', { body: 'down', status: 204 });
  none.arrive(get('/'), 'upstream');
  expect(none.output()).toBe(`HTTP/1.1 204 No Content\r\n${date}\r\n`);
});

it.each([
  ['date+90', 'Tue, 25 Nov 2025 05:28:17 GMT'],
  ['date-47', 'Tue, 25 Nov 2025 05:26:00 GMT'],
  ['-1', '-1'],
  ['soon', 'soon'],
])('http_status writes Retry-After %s as %s', (retry_after, written) => {
  const rig = rigOf('status', { retry_after });
  rig.arrive(get('/'), 'upstream');

  expect(rig.output()).toBe(unavailable(`Retry-After: ${written}\r\n`));
});

it.each([
  { retry_after: '1\r\nX: 2' },
  { fields: 'no field' },
  { fields: 'Näme: value' },
  { status: 100 },
])('http_status refuses %o', (attributes) => {
  expect(() => rigOf('status', attributes)).toThrow('invalid attribute');
});

it('http_status closes with its answer, behind it', () => {
  const rig = rigOf('status', { close: true });
  rig.arrive(get('/') + get('/late'), 'upstream');

  expect(rig.log()).toEqual([`0: ${unavailable('Connection: close\r\n')}`, '0: close fin']);
});

it('http_status answers before it hands the FIN of an impatient server on', () => {
  const rig = rigOf('status');
  const request = post('/', 'content');
  rig.arrive(request.slice(0, -1), 'upstream');
  rig.arriveEnd();
  expect(rig.outcomes).toEqual([]);
  rig.arrive(request.slice(-1), 'upstream');

  expect(rig.log()).toEqual([`0: ${unavailable()}`, '0: <end>']);
});

it('http_status does not keep the FIN of a server that left an earlier request without an answer', () => {
  const rig = rigOf('status', { path: '/2' });
  rig.arrive(get('/1') + get('/2'), 'upstream');
  rig.arriveEnd();

  expect(rig.log()).toEqual([`0: ${get('/1')}`, '0: <end>']);
});

it('http_status closes behind its answer, not behind the interim one', () => {
  const rig = rigOf('status', { close: true });
  rig.block(true);
  rig.arrive(post('/', 'x', 'Expect: 100-continue\r\n').slice(0, -1), 'upstream');
  rig.arrive('x', 'upstream');
  rig.block(false);

  expect(rig.output()).toBe(`HTTP/1.1 100 Continue\r\n\r\n${unavailable('Connection: close\r\n')}`);
  expect(rig.outcomes.at(-1)?.what).toBe('close fin');
});

it('http_status resets a connection when lifted in the middle of a request that it took', () => {
  const rig = rigOf('status');
  rig.arrive(post('/', 'content').slice(0, -1), 'upstream');
  rig.lift();

  expect(rig.log()).toEqual(['0: close reset']);
});

it('http_status answers what it cannot read to the end, and closes', () => {
  const rig = rigOf('status');
  rig.arrive('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n', 'upstream');

  expect(rig.log()).toEqual([`0: ${unavailable()}`, '0: close fin']);
});

it.each([
  'POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc',
  'POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1',
])('http_status answers a request within which its client ends, and closes: %j', (request) => {
  const rig = rigOf('status');
  rig.arrive(request, 'upstream');
  rig.arriveEnd('upstream');

  expect(rig.output()).toBe(unavailable());
  expect(rig.output('upstream')).toBe('');
  expect(rig.log().at(-1)).toBe('0: close fin');
});

it('http_status closes behind its answer to a tunnel, also when that grants it', () => {
  const rig = rigOf('status', { status: 200 });
  rig.arrive('CONNECT a.example:443 HTTP/1.1\r\n\r\n', 'upstream');

  expect(rig.log().at(-1)).toBe('0: close fin');
});

it('http_status resets a client that waits for its answer behind one that cannot be read', () => {
  const rig = rigOf('status', { nth: 2 });
  rig.arrive(get('/1') + get('/2'), 'upstream');
  rig.arrive('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n');

  expect(rig.log().at(-1)).toBe('0: close reset');
  expect(rig.skips).toHaveLength(1);
});

it('http_status resets a client that asks more at once than is followed', () => {
  const rig = rigOf('status', { nth: 2 });
  rig.arrive(get('/').repeat(1_001), 'upstream');

  expect(rig.log().at(-1)).toBe('0: close reset');
  expect(rig.skips).toEqual([expect.stringContaining('more requests at once')]);
});

it('http_status refuses a tunnel, and closes', () => {
  const rig = rigOf('status', { status: 407, method: 'CONNECT' });
  rig.arrive('CONNECT host:443 HTTP/1.1\r\n\r\n', 'upstream');

  expect(rig.output()).toMatch(/^HTTP\/1.1 407 .*\r\nConnection: close\r\n\r\n$/s);
  expect(rig.outcomes.at(-1)?.what).toBe('close fin');
});

it('http_status gives back what it held of a head when lifted', () => {
  const rig = rigOf('status');
  rig.arrive('GET / HT', 'upstream');
  rig.lift();
  rig.arrive('TP/1.1\r\n\r\n', 'upstream');

  expect(rig.output('upstream')).toBe(get('/'));
});

it('http_status begins on a connection that was open at the next request', () => {
  const rig = new ToxicRig({ type: 'http_status' }, { passed: 100 });
  exchange(rig, 'rest of a body', ok('rest of an answer'));
  rig.arrive(get('/'), 'upstream');

  expect(rig.output('upstream')).toBe('rest of a body');
  expect(rig.output()).toBe(ok('rest of an answer') + unavailable());
  expect(rig.strikes).toMatchObject([{ offset: 114 }]);
});

it('http_delay delays the head of the final answer, and not an interim one', async () => {
  const rig = rigOf('delay', { delay: 50 });
  exchange(rig, get('/'), 'HTTP/1.1 100 Continue\r\n\r\n');
  await rig.advance(10);
  rig.arrive(ok('hello'));
  await rig.advance(100);

  expect(rig.outcomes.filter(({ stream }) => stream === 'downstream').map(({ at }) => at)).toEqual([0, 60]);
  expect(rig.output()).toBe(`HTTP/1.1 100 Continue\r\n\r\n${ok('hello')}`);
});

it('http_delay pauses within the body, after so many bytes of content', async () => {
  const rig = rigOf('delay', { delay: 50, where: 'body', after_bytes: 7 });
  exchange(rig, get('/'), chunked('hello', 'world'));
  const before = rig.output();
  await rig.advance(49);
  expect(rig.output()).toBe(before);
  await rig.advance(1);

  expect(before).toBe(chunked('hello', 'world').slice(0, -10));
  expect(rig.output()).toBe(chunked('hello', 'world'));
  expect(rig.strikes).toMatchObject([
    { reason: 'content delayed by 50 ms', offset: before.length, bytes: 3 },
  ]);
});

it('http_delay lets an answer go at once when it is lifted', async () => {
  const rig = rigOf('delay', { delay: 1_000 });
  exchange(rig, get('/'), ok('hello'));
  await rig.advance(5);
  rig.lift();

  expect(rig.output()).toBe(ok('hello'));
});

it.each([
  ['truncate', { after_bytes: 4 }, ok('hello'), ok('hello').slice(0, -1)],
  ['truncate', { after_bytes: 6 }, chunked('hello', 'world'), chunked('hello', 'world').slice(0, -11)],
  ['wrong_length', { by: 10 }, ok('hello'), ok('hello').replace('5', '15')],
  ['wrong_length', { by: -10 }, ok('hello'), ok('hello').replace('5', '0')],
  ['missing_last_chunk', {}, chunked('hello'), chunked('hello').slice(0, -5)],
  ['malformed_chunk', {}, chunked('hello'), chunked('hello').replace('5\r\n', 'zz\r\n')],
  [
    'malformed_chunk',
    { after_bytes: 5 },
    chunked('hello', 'again'),
    chunked('hello', 'again').replace('5\r\nagain', 'zz\r\nagain'),
  ],
])('http_body %s %o', (fault, attributes, sent, received) => {
  const rig = rigOf('body', { fault, ...attributes });
  exchange(rig, get('/'), sent);

  expect(rig.output()).toBe(received);
  expect(rig.outcomes.at(-1)?.what).toBe('close fin');
});

it.each([
  ['truncate', { after_bytes: 5 }, ok('hello')],
  ['truncate', {}, ok('')],
  ['wrong_length', {}, chunked('hello')],
  ['wrong_length', { by: 0 }, ok('hello')],
  ['missing_last_chunk', {}, ok('hello')],
  ['malformed_chunk', {}, ok('hello')],
  ['malformed_chunk', { after_bytes: 5 }, chunked('hello')],
])('http_body %s %o leaves an answer alone that has nothing to break', (fault, attributes, sent) => {
  const rig = rigOf('body', { fault, ...attributes });
  exchange(rig, get('/'), sent);

  expect(rig.output()).toBe(sent);
  expect(rig.strikes).toEqual([]);
});

it('hands an answer of many small chunks on in one when it came in one', () => {
  const rig = rigOf('body', { after_bytes: 1_000 });
  const answer = chunked(...Array.from({ length: 100 }, () => 'ab'));
  exchange(rig, get('/'), answer);

  expect(rig.log()).toEqual([`0: ${get('/')}`, `0: ${answer}`]);
});

it('http_body drops the rest of an answer that hangs, and resets it when lifted', () => {
  const rig = rigOf('body', { after_bytes: 2, action: 'hang' });
  exchange(rig, get('/'), ok('hello').slice(0, -1));
  expect(rig.log().join()).toMatch(/he$/);
  rig.lift();

  expect(rig.outcomes.at(-1)?.what).toBe('close reset');
});

it('http_body is silent behind an answer that hangs, whatever else is asked', async () => {
  const rig = rigOf('body', { fault: 'missing_last_chunk', action: 'hang', first: 1 });
  rig.arrive(get('/1') + get('/2'), 'upstream');
  rig.arrive(chunked('one') + ok('two'));
  rig.arrive(ok('three'));
  await rig.advance(60_000);

  expect(rig.output()).toBe(chunked('one').slice(0, -'0\r\n\r\n'.length));
});

it('http_headers adds its fields behind those of the answer', () => {
  const rig = rigOf('headers', { count: 2, bytes: 3 });
  exchange(rig, get('/'), ok('hello'));

  expect(rig.output()).toBe(ok('hello').replace('\r\n\r\n', '\r\nX-Flood-1: xxx\r\nX-Flood-2: xxx\r\n\r\n'));
});

it('http_headers hands a large flood on in sends of 32 KiB', () => {
  const rig = rigOf('headers', { count: 100, bytes: 1_000 });
  exchange(rig, get('/'), ok('hello'));
  const sizes = rig.outcomes.filter(({ stream }) => stream === 'downstream').map(({ what }) => what.length);

  expect(Math.max(...sizes)).toBe(32 * 1024);
});

it('http_headers refuses a flood of more than 16 MiB', () => {
  expect(() => rigOf('headers', { count: 1_000_000, bytes: 100 })).toThrow('invalid attribute count');
});

it.each([
  ['set', 'retry-after: 9\nX-Lab: a: b', 'X-Old: 1\r\nretry-after: 9\r\nX-Lab: a: b\r\n'],
  ['set', 'Retry-After:date+90', 'X-Old: 1\r\nRetry-After: Tue, 25 Nov 2025 05:28:17 GMT\r\n'],
  ['add', 'Retry-After: 9', 'Retry-After: 1\r\n  , 2\r\nX-Old: 1\r\nRETRY-AFTER : 3\r\nRetry-After: 9\r\n'],
  ['remove', 'X-Old\nretry-after', ''],
])('http_headers can %s %j', (fault, fields, expected) => {
  const head = (lines: string): string => `HTTP/1.1 429 Slow down\r\nContent-Length: 0\r\n${lines}\r\n`;
  const rig = rigOf('headers', { fault, fields });
  exchange(rig, get('/'), head('Retry-After: 1\r\n  , 2\r\nX-Old: 1\r\nRETRY-AFTER : 3\r\n'));

  expect(rig.output()).toBe(head(expected));
  expect(rig.strikes).toHaveLength(1);
});

it('http_headers changes answers of its status alone', () => {
  const rig = rigOf('headers', { fault: 'add', fields: 'X-Lab: 1', status: '4*' });
  exchange(rig, get('/1'), ok('one'));
  exchange(rig, get('/2'), ok('two').replace('200', '404'));

  expect(rig.output()).toBe(
    ok('one') + ok('two').replace('200', '404').replace('\r\n\r\n', '\r\nX-Lab: 1\r\n\r\n'),
  );
});

it('http_headers has not struck where there is nothing to remove', () => {
  const rig = rigOf('headers', { fault: 'remove', fields: 'Retry-After' });
  exchange(rig, get('/'), ok('hello'));

  expect(rig.output()).toBe(ok('hello'));
  expect(rig.strikes).toEqual([]);
});

it.each([
  { fault: 'set', fields: 'no field' },
  { fault: 'add', fields: 'X: 1\n\u0000' },
  { fault: 'remove', fields: 'Date: 1' },
])('http_headers refuses %o', (attributes) => {
  expect(() => rigOf('headers', attributes)).toThrow('invalid attribute fields');
});

it('http_rate_limit lets so many through in each window, and says when the next one begins', async () => {
  const rig = rigOf('rate_limit', { requests: 2, window: 3_000 });
  const ask = (path: string): void => rig.arrive(get(path), 'upstream');
  await rig.advance(500);
  for (const path of ['/1', '/2']) exchange(rig, get(path), ok(path));
  await rig.advance(1_500);
  ask('/refused');
  await rig.advance(1_499);
  ask('/refused');
  expect(rig.output().match(/HTTP.*|Retry-After.*/g)).toEqual([
    'HTTP/1.1 200 OK',
    'HTTP/1.1 200 OK',
    'HTTP/1.1 429 Too Many Requests',
    'Retry-After: 2',
    'HTTP/1.1 429 Too Many Requests',
    'Retry-After: 1',
  ]);
  await rig.advance(1);
  ask('/3');

  expect(rig.output('upstream')).toBe(get('/1') + get('/2') + get('/3'));
  expect(rig.strikes.map(({ reason }) => reason)).toEqual(
    Array(2).fill('answered 429 above 2 requests in 3000 ms'),
  );
});

it('http_rate_limit counts the requests that fit alone, and can leave Retry-After out', () => {
  const rig = rigOf('rate_limit', { requests: 1, method: 'POST', status: 503, retry_after: '' });
  for (const request of [get('/1'), post('/2', 'x'), get('/3')]) exchange(rig, request, ok('fine'));
  rig.arrive(post('/4', 'x'), 'upstream');

  expect(rig.output()).toBe(ok('fine').repeat(3) + unavailable());
});

it('http_close closes behind the answer, unless that announced it', () => {
  const rig = rigOf('close');
  exchange(rig, get('/'), ok('hello'));
  expect(rig.outcomes.at(-1)?.what).toBe('close fin');

  const announced = rigOf('close');
  exchange(announced, get('/'), ok('hello').replace('Content', 'Connection: close\r\nContent'));
  expect(announced.strikes).toEqual([]);
});

it('http_close ends a connection behind its Nth answer, pipelined requests and all', () => {
  const rig = rigOf('close', { requests: 2, action: 'reset' });
  rig.arrive(get('/1') + get('/2') + get('/3'), 'upstream');
  rig.arrive(ok('one') + ok('two') + ok('three'));

  expect(rig.output()).toBe(ok('one') + ok('two'));
  expect(rig.outcomes.at(-1)?.what).toBe('close reset');
  expect(rig.strikes).toMatchObject([{ reason: 'reset after an answer' }]);
});

it('http_close can announce the end in the answer, in the place of what that says of keeping it', async () => {
  const kept = 'Connection: keep-alive\r\nKeep-Alive: timeout=5\r\n';
  const answer = (fields: string): string => `HTTP/1.1 200 OK\r\nContent-Length: 5\r\n${fields}\r\nhello`;
  const rig = rigOf('close', { announce: true, after: 100, path: '/last' });
  exchange(rig, get('/'), answer(kept));
  exchange(rig, get('/last'), answer(kept));
  await rig.advance(100);

  expect(rig.log().slice(1)).toEqual([
    `0: ${answer(kept)}`,
    `0: ${get('/last')}`,
    `0: ${answer('Connection: close\r\n')}`,
    '100: close fin',
  ]);
  expect(rig.strikes).toMatchObject([{ reason: 'closed after an answer that says so and 100 ms' }]);
});

it('http_close does not announce what it may not do', () => {
  const rig = rigOf('close', { announce: true }, { only: { strikes: 0 } });
  exchange(rig, get('/'), ok('hello'));

  expect(rig.output()).toBe(ok('hello'));
});

it('http_close waits for the idle time, and for no request to be under way', async () => {
  const rig = rigOf('close', { after: 100, path: '/last' });
  exchange(rig, get('/last'), ok('1'));
  await rig.advance(99);
  rig.arrive(get('/other'), 'upstream');
  await rig.advance(500);
  rig.arrive(ok('2'));
  await rig.advance(500);
  expect(rig.strikes).toEqual([]);

  exchange(rig, get('/last'), ok('3'));
  await rig.advance(99);
  expect(rig.strikes).toEqual([]);
  await rig.advance(1);
  expect(rig.outcomes.at(-1)).toMatchObject({ at: 1_199, what: 'close fin' });
});

it('http_duplicate repeats an answer, chunks and trailers and all', async () => {
  const rig = rigOf('duplicate', { delay: 30 });
  exchange(rig, get('/'), chunked('hello', 'again'));
  await rig.advance(29);
  expect(rig.output()).toBe(chunked('hello', 'again'));
  await rig.advance(1);

  expect(rig.output()).toBe(chunked('hello', 'again').repeat(2));
});

it('http_duplicate does not repeat an answer of more than 1 MiB, or one without an end', () => {
  const large = ok('x'.repeat(1024 * 1024));
  const rig = rigOf('duplicate');
  exchange(rig, get('/'), large);
  expect(rig.output()).toBe(large);

  const endless = rigOf('duplicate');
  exchange(endless, get('/'), 'HTTP/1.1 200 OK\r\n\r\nhello');
  endless.arriveEnd();
  expect([...rig.strikes, ...endless.strikes]).toEqual([]);
});

it('http_lose_answer resets once the answer is complete, and not before', () => {
  const rig = rigOf('lose_answer', { method: 'POST' });
  exchange(rig, get('/'), ok('passes'));
  exchange(rig, post('/', 'do'), ok('done').slice(0, -1));
  expect(rig.output()).toBe(ok('passes'));
  expect(rig.output('upstream')).toBe(get('/') + post('/', 'do'));
  rig.arrive('e');

  expect(rig.outcomes.at(-1)?.what).toBe('close reset');
  expect(rig.strikes).toMatchObject([{ reason: 'answer 200 lost', offset: ok('passes').length }]);
});

it('http_lose_answer ends as told when the server ends in the middle of its answer', () => {
  const rig = rigOf('lose_answer');
  exchange(rig, get('/'), ok('done').slice(0, -1));
  rig.arriveEnd();

  expect(rig.log().at(-1)).toBe('0: close reset');
});

it('http_lose_answer that hangs loses whole answers, so that the next one arrives', () => {
  const rig = rigOf('lose_answer', { action: 'hang', first: 1 });
  exchange(rig, get('/1'), ok('1'));
  exchange(rig, get('/2'), ok('2'));

  expect(rig.output()).toBe(ok('2'));
});

describe('an answer that ends HTTP on the connection', () => {
  const switches = [
    {
      answer: '101',
      asked: 'GET /chat HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
      head: 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n',
    },
    {
      answer: '200 to CONNECT',
      asked: 'CONNECT a.test:1 HTTP/1.1\r\nHost: a.test:1\r\n\r\n',
      head: 'HTTP/1.1 200 Connection Established\r\n\r\n',
    },
  ];
  const ask = ({ asked, head }: (typeof switches)[number], type: string, attributes: object): ToxicRig => {
    const rig = new ToxicRig({ type, attributes });
    rig.arrive(asked, 'upstream');
    rig.arrive(head);
    return rig;
  };

  it.each(
    switches,
  )('is delayed as any other, and what follows only by what is left of that: $answer', async (to) => {
    const rig = ask(to, 'http_delay', { delay: 700 });
    await rig.advance(100);
    rig.arrive('first');
    await rig.advance(600);
    expect(rig.output()).toBe(`${to.head}first`);
    expect(rig.outcomes.filter(({ stream }) => stream === 'downstream')[0]?.at).toBe(700);

    rig.arrive('second');

    expect(rig.output()).toBe(`${to.head}firstsecond`);
    expect(rig.strikes).toHaveLength(1);
  });

  it.each(switches)('is lost as any other, without waiting for what follows: $answer', (to) => {
    const reset = ask(to, 'http_lose_answer', { action: 'reset' });
    const hanging = ask(to, 'http_lose_answer', { action: 'hang' });
    hanging.arrive('first');

    expect(reset.log().at(-1)).toBe('0: close reset');
    expect(reset.output()).toBe('');
    expect(hanging.output()).toBe('');
    expect([reset.strikes, hanging.strikes]).toMatchObject([[{ delivered: false }], [{ delivered: false }]]);
  });

  it.each(switches)('can have a head that is too much, or unreadable: $answer', (to) => {
    const flood = ask(to, 'http_headers', { fault: 'flood', count: 2, bytes: 1 });
    flood.arrive('first');
    const malformed = ask(to, 'http_headers', { fault: 'malformed_status' });

    expect(flood.output()).toBe(`${to.head.slice(0, -2)}X-Flood-1: x\r\nX-Flood-2: x\r\n\r\nfirst`);
    expect(malformed.output()).toContain(' 2x0 ');
    expect([flood.strikes.length, malformed.strikes.length]).toEqual([1, 1]);
  });

  it.each(switches)('is left alone by toxics of what it has not, a body or an end: $answer', (to) => {
    for (const [type, attributes] of [
      ['http_body', { fault: 'truncate' }],
      ['http_duplicate', {}],
      ['http_close', {}],
    ] as const) {
      const rig = ask(to, type, attributes);
      rig.arrive('first');

      expect(rig.output()).toBe(`${to.head}first`);
      expect(rig.strikes).toEqual([]);
    }
  });

  it('does not count an interim answer as one', async () => {
    const rig = new ToxicRig({ type: 'http_lose_answer', attributes: { action: 'hang' } });
    rig.arrive('GET / HTTP/1.1\r\n\r\n', 'upstream');
    rig.arrive('HTTP/1.1 103 Early Hints\r\n\r\n');

    expect(rig.output()).toBe('HTTP/1.1 103 Early Hints\r\n\r\n');
  });
});
