/** Protocols told from the first bytes, however these are split. */
import { expect, it } from 'vitest';
import { systemClock } from '../../../../proxy/core/clock.ts';
import type { Stream } from '../../../../proxy/core/events.ts';
import { type ConnectionTap, tapConnection } from '../../../../proxy/protocols/protocol-tap.ts';
import type { TapPoint } from '../../../../proxy/protocols/tls-tap.ts';

type Said = readonly [Stream, string];

const point = (): TapPoint => ({ onArrival: undefined, onDelivery: undefined, onEndDelivery: undefined });

/** What a tap tells of bytes that come in pieces of `size`, and the points that it was put on. */
function tapped(said: readonly Said[], size = Number.POSITIVE_INFINITY) {
  const points = { upstream: point(), downstream: point() };
  const tap: ConnectionTap = tapConnection(points, systemClock(), () => {});
  for (const [stream, text] of said) {
    for (let from = 0; from < text.length; from += Math.min(size, text.length)) {
      points[stream].onArrival?.(Buffer.from(text.slice(from, from + size), 'latin1'));
    }
  }
  return { tap, points };
}

const upgrade = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n\r\n';
const greeting = '\x4a\0\0\0\x0a8.4.0\0';

it.each<[string, string | undefined, Said[]]>([
  ['a request', 'http', [['upstream', 'GET / HTTP/1.1\r\nHost: a\r\n\r\n']]],
  ['an upgrade', 'websocket', [['upstream', upgrade]]],
  ['a greeting', 'mysql', [['downstream', greeting]]],
  ['the preface of HTTP/2', 'http2', [['upstream', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']]],
  ['the beginning of it', undefined, [['upstream', 'PRI * HTTP']]],
  ['SETTINGS of HTTP/2', 'http2', [['downstream', '\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64']]],
  [
    'a refusal in place of the greeting',
    'mysql',
    [['downstream', '\x17\0\0\0\xff\x10\x04Too many connections']],
  ],
  ['a ClientHello', 'tls', [['upstream', '\x16\x03\x01\x00\x02\x01\x00']]],
  ['another greeting', 'unknown', [['downstream', '220 mail ESMTP\r\n']]],
  ['bytes', 'unknown', [['upstream', '\x00\x01\x02\x03']]],
  ['nothing', undefined, []],
  ['half a method', undefined, [['upstream', 'GE']]],
  ['a method that is none', 'unknown', [['upstream', 'GETTING ON']]],
  [
    'a head that is answered before its end',
    'http',
    [
      ['upstream', 'POST / HTTP/1.1\r\nHost: a\r\n'],
      ['downstream', 'HTTP/1.1 400 Bad Request\r\n\r\n'],
    ],
  ],
  [
    'half a method that is answered',
    'unknown',
    [
      ['upstream', 'GE'],
      ['downstream', 'what?'],
    ],
  ],
  [
    'half a greeting that is answered',
    'unknown',
    [
      ['downstream', '\x4a'],
      ['upstream', 'x'],
    ],
  ],
  ['a head without end', 'http', [['upstream', `GET / HTTP/1.1\r\nX-A: ${'x'.repeat(10_000)}`]]],
])('takes %s for %s', (_what, protocol, said) => {
  for (const size of [1, 3, Number.POSITIVE_INFINITY]) expect(tapped(said, size).tap.protocol).toBe(protocol);
});

it('takes itself off once it knows, and leaves TLS to the tap for that', () => {
  const { points: plain } = tapped([['upstream', upgrade]]);
  const { points: secure } = tapped([['upstream', '\x16']]);

  expect([plain.upstream, plain.downstream]).toEqual([point(), point()]);
  expect(secure.upstream.onDelivery).toBeTypeOf('function');
});
