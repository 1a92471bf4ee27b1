/** Toxics that read HTTP. */
import { down, type Message, type Sample, up } from './sample.ts';

const get = (path: string): Message => up(`GET ${path} HTTP/1.1\r\nHost: server.example\r\n\r\n`);
const post = (path: string, body: string): Message =>
  up(`POST ${path} HTTP/1.1\r\nHost: server.example\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
const ok = (body: string): Message =>
  down(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
const chunked = (...chunks: string[]): Message =>
  down(
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${chunks
      .map((chunk) => `${chunk.length.toString(16)};n=1\r\n${chunk}\r\n`)
      .join('')}0\r\nEtag: "1"\r\n\r\n`,
  );

/** One request after the other, each answered before the next. */
const conversation: readonly Message[] = [
  get('/fleet?limit=2'),
  ok('first answer, of some length'),
  post('/report', 'GET /not-a-request HTTP/1.1\r\n\r\n'),
  down('HTTP/1.1 100 Continue\r\n\r\n'),
  chunked('first chunk ', 'and a second one'),
  up('HEAD /fleet HTTP/1.1\r\n\r\n'),
  down('HTTP/1.1 200 OK\r\nContent-Length: 28\r\n\r\n'),
  get('/fleet'),
  down('HTTP/1.1 204 No Content\r\n\r\n'),
  get('/last'),
  ok('HTTP/1.1 200 OK\r\n\r\n'),
];

/** Requests that do not wait for answers. */
const pipelined: readonly Message[] = [
  up(
    Buffer.concat(
      [get('/1'), post('/2', 'two'), get('/3'), post('/4', 'four'), get('/5')].map(({ bytes }) => bytes),
    ),
  ),
  down(Buffer.concat([ok('one'), chunked('th', 'ree'), ok('five')].map(({ bytes }) => bytes))),
];

const sample = (type: string, attributes: object, more: Partial<Sample> = {}): Sample => ({
  type: `http_${type}`,
  attributes,
  harmless: { ...attributes, path: '/nowhere*' },
  loses: true,
  dialogue: conversation,
  ...more,
});

const body = (fault: string, attributes: object = {}): Sample => sample('body', { fault, ...attributes });

/** An answer has its date, which is another one in slow motion. */
const dated = { scales: false };

export const samples: readonly Sample[] = [
  sample('status', { status: 503, body: 'down', retry_after: 'date+30', path: '/report' }),
  sample('status', { at_once: true, method: 'post', close: true }),
  sample('status', { method: 'POST' }, { dialogue: pipelined }),
  sample('status', { first: 2, share: 0.9, status: 204, fields: 'X-Lab: 1' }),
  sample('rate_limit', { requests: 2, window: 60_000 }, { harmless: { requests: 100 }, ...dated }),
  sample('rate_limit', { requests: 1, status: 503, close: true, path: '/fl*', retry_after: '' }, dated),
  sample('rate_limit', { requests: 2, at_once: true }, { dialogue: pipelined, ...dated }),
  sample('delay', { delay: 40 }, { loses: false }),
  sample('delay', { delay: 40, where: 'body', after_bytes: 5 }, { loses: false, harmless: { delay: 0 } }),
  sample('delay', { delay: 40, where: 'body', every: 2 }, { loses: false, dialogue: pipelined }),
  body('truncate', { after_bytes: 7, nth: 2 }),
  body('truncate', { action: 'reset' }),
  body('truncate', { after_bytes: 1, action: 'hang' }),
  body('wrong_length', { by: 10 }),
  body('wrong_length', { by: -10, action: 'hang' }),
  body('missing_last_chunk'),
  body('malformed_chunk', { after_bytes: 12 }),
  sample('headers', { count: 3, bytes: 50 }, { harmless: { count: 0 } }),
  sample('headers', { fault: 'malformed_field' }),
  sample('headers', { fault: 'malformed_status' }),
  sample(
    'headers',
    { fault: 'set', fields: 'Content-Type: text/lab\nServer: lab' },
    { harmless: { fault: 'set' } },
  ),
  sample('headers', { fault: 'add', fields: 'Retry-After: 5', status: '20*' }),
  sample('headers', { fault: 'remove', fields: 'Content-Length', path: '/fleet?*' }),
  sample('close', { nth: 2 }),
  sample('close', { after: 50, path: '/last' }),
  sample('close', { requests: 3 }, { harmless: { requests: 6 } }),
  sample('close', { requests: 2, announce: true }, { harmless: { requests: 6, announce: true } }),
  sample('close', { requests: 2, action: 'reset' }, { dialogue: pipelined }),
  sample('close', { after: 50, announce: true, action: 'reset', requests: 5 }),
  sample('duplicate', { first: 2 }),
  sample('duplicate', { delay: 20 }),
  sample('lose_answer', { method: 'POST' }),
  sample('lose_answer', { action: 'hang', path: '*fl*t*' }),
];
