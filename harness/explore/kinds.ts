/**
 * What a schedule can be drawn from: each kind with how its strength is drawn, how long it holds, the fault that it is, and the words
 * for it. A new one needs a line here, and no other.
 */
import type { Random } from 'shaketable-proxy/random';
import type { Fault } from '../faults/fault.ts';
import { refuseConnections } from '../faults/refuse-connections.ts';
import { type BuiltInToxic, toxic } from '../faults/toxic.ts';
import { unresolvableName } from '../faults/unresolvable-name.ts';
import type { JsonObject } from '../journal/entry.ts';
import { clockJump, crash } from './storm.ts';

/** What can be seen on a link, and so what can be done to it: each layer has what stands before it. */
export type Layer = 'tcp' | 'tls' | 'http' | 'http2' | 'websocket' | 'mysql';

/** One kind of fault to draw. */
export interface DrawableKind {
  /** What a link has to show for it; none for a kind that is on no link. */
  readonly layer?: Layer;
  /** The shortest and the longest time that it holds, lab milliseconds. */
  readonly holdsMs: readonly [number, number];
  /** Draws how it is. */
  draw(random: Random): JsonObject;
  /** The fault. */
  make(params: JsonObject): Fault;
  /** The words for it, as part of a sentence: `a reset`. */
  words(params: JsonObject): string;
}

/** A whole number from `least` to `most`, small ones as often as large ones. */
function magnitude(random: Random, least: number, most: number): number {
  return Math.round(least * (most / least) ** random.next());
}

function oneOf<T>(random: Random, choices: readonly [T, ...T[]]): T {
  return choices[Math.floor(random.next() * choices.length)] ?? choices[0];
}

/** A toxic whose attributes and direction are the parameters. */
const toxicOf =
  (type: BuiltInToxic['type'], fixed: object = {}) =>
  ({ stream, ...attributes }: JsonObject): Fault =>
    toxic({
      type,
      attributes: { ...fixed, ...attributes },
      ...(stream === undefined ? {} : { stream }),
    } as BuiltInToxic);

const none = (): JsonObject => ({});
const direction = (random: Random): JsonObject => ({
  stream: oneOf(random, ['upstream', 'downstream', 'both']),
});
const towards = ({ stream = 'downstream' }: JsonObject): string =>
  ({ upstream: 'of requests', downstream: 'of answers', both: 'both ways' })[String(stream)] ?? '';

/** Every kind by its name. */
export const drawableKinds = {
  reset: {
    layer: 'tcp',
    holdsMs: [1, 3_000],
    draw: none,
    make: toxicOf('reset_peer'),
    words: () => 'a reset',
  },
  refused: {
    layer: 'tcp',
    holdsMs: [200, 60_000],
    draw: none,
    make: () => refuseConnections(),
    words: () => 'a closed port',
  },
  silence: {
    layer: 'tcp',
    holdsMs: [100, 60_000],
    draw: direction,
    make: toxicOf('blackhole'),
    words: (params) => `silence ${towards(params)}`,
  },
  'never-accepted': {
    layer: 'tcp',
    holdsMs: [200, 15_000],
    draw: none,
    make: toxicOf('silence_accept'),
    words: () => 'connections that are never answered',
  },
  latency: {
    layer: 'tcp',
    holdsMs: [200, 20_000],
    draw: (random) => ({
      latency: magnitude(random, 10, 8_000),
      jitter: oneOf(random, [0, 0, magnitude(random, 5, 500)]),
      ...direction(random),
    }),
    make: toxicOf('latency'),
    words: (params) => `${params.latency} ms of latency ${towards(params)}`,
  },
  'slow-reader': {
    layer: 'tcp',
    holdsMs: [500, 20_000],
    draw: (random) => ({ stream: oneOf(random, ['upstream', 'downstream']) }),
    make: toxicOf('stall'),
    words: ({ stream }) => `a ${stream === 'upstream' ? 'server' : 'client'} that does not read`,
  },
  'lost-answer': {
    layer: 'tcp',
    holdsMs: [200, 20_000],
    draw: (random) => ({ bytes: magnitude(random, 1, 300), pass: random.next() < 0.5 }),
    make: toxicOf('reset_after'),
    words: () => 'a reset in the place of an answer',
  },
  'half-open': {
    layer: 'tcp',
    holdsMs: [1, 10_000],
    draw: (random) => ({ answer: oneOf(random, ['silence', 'reset']) }),
    make: toxicOf('half_open', { gone: 'server', gone_by: 'close' }),
    words: () => 'a server that is gone without a word',
  },
  'cut-handshake': {
    layer: 'tls',
    holdsMs: [1, 10_000],
    draw: (random) => ({
      stage: oneOf(random, ['client_hello', 'server_hello', 'finished']),
      action: oneOf(random, ['reset', 'close', 'stall']),
    }),
    make: toxicOf('tls_cut'),
    words: ({ action }) => `a handshake that is cut (${action})`,
  },
  'http-status': {
    layer: 'http',
    holdsMs: [500, 20_000],
    draw: (random) => ({ status: oneOf(random, [401, 401, 429, 500, 503]) }),
    make: toxicOf('http_status'),
    words: ({ status }) => `answers with ${status}`,
  },
  'http-lost-answer': {
    layer: 'http',
    holdsMs: [500, 20_000],
    draw: (random) => ({ action: oneOf(random, ['reset', 'close', 'hang']) }),
    make: toxicOf('http_lose_answer'),
    words: ({ action }) => `an answer that is lost (${action})`,
  },
  'http-delay': {
    layer: 'http',
    holdsMs: [100, 20_000],
    draw: (random) => ({ delay: magnitude(random, 50, 15_000) }),
    make: toxicOf('http_delay'),
    words: ({ delay }) => `answers that take ${delay} ms`,
  },
  'http2-reset': {
    layer: 'http2',
    holdsMs: [200, 20_000],
    draw: (random) => ({
      at: oneOf(random, ['request', 'request', 'answer', 'headers', 'body']),
      // INTERNAL_ERROR, REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM (RFC 9113, section 7).
      code: oneOf(random, [2, 7, 8, 11]),
      share: oneOf(random, [0.5, 1]),
    }),
    make: toxicOf('http2_reset'),
    words: ({ at, code }) => `streams that are reset at the ${at} (code ${code})`,
  },
  'http2-goaway': {
    layer: 'http2',
    holdsMs: [1, 10_000],
    draw: (random) => ({
      code: oneOf(random, [0, 0, 2, 11]),
      last_stream: oneOf(random, ['this', 'previous', 'zero']),
      ending: oneOf(random, ['drain', 'close', 'reset', 'hold']),
    }),
    make: toxicOf('http2_goaway'),
    words: ({ code, ending }) => `a server that goes away (code ${code}, ${ending})`,
  },
  'http2-stall': {
    layer: 'http2',
    holdsMs: [500, 20_000],
    draw: (random) => ({
      window: oneOf(random, [0, magnitude(random, 1, 10_000)]),
      stream: oneOf(random, ['upstream', 'downstream']),
    }),
    make: toxicOf('http2_stall'),
    words: ({ window }) => `a window of ${window} bytes that is not refilled`,
  },
  'http2-late-ping': {
    layer: 'http2',
    holdsMs: [500, 20_000],
    draw: (random) => ({ delay: oneOf(random, [0, magnitude(random, 100, 15_000)]) }),
    make: toxicOf('http2_late_ack', { of: 'ping' }),
    words: ({ delay }) =>
      delay === 0 ? 'a PING without an answer' : `answers to PING that take ${delay} ms`,
  },
  'websocket-close': {
    layer: 'websocket',
    holdsMs: [200, 10_000],
    draw: (random) => ({
      code: oneOf(random, [1000, 1001, 1011, 1012, 4001]),
      ending: oneOf(random, ['handshake', 'fin', 'reset', 'hold']),
    }),
    make: toxicOf('websocket_close'),
    words: ({ code, ending }) => `a close frame ${code} (${ending})`,
  },
  'mysql-error': {
    layer: 'mysql',
    holdsMs: [200, 10_000],
    // Most come to statements that change rows: an error before the first of them is another thing than one in their midst.
    draw: (random) => ({
      code: oneOf(random, [1205, 1213, 1290, 1317]),
      statement: oneOf(random, ['insert*', 'update*', 'commit*', '*']),
    }),
    make: toxicOf('mysql_error'),
    words: ({ code, statement }) =>
      `the error ${code} for ${statement === '*' ? 'statements' : String(statement).replace('*', ' statements')}`,
  },
  'mysql-stall': {
    layer: 'mysql',
    holdsMs: [100, 15_000],
    draw: none,
    make: toxicOf('mysql_stall'),
    words: () => 'a database that does not answer',
  },
  crash: {
    holdsMs: [50, 10_000],
    draw: none,
    make: () => crash(),
    words: () => 'a crash of the subject',
  },
  'clock-jump': {
    holdsMs: [1_000, 60_000],
    draw: (random) => ({ byMs: oneOf(random, [-1, 1]) * magnitude(random, 500, 3_600_000) }),
    make: ({ byMs }) => clockJump({ byMs: Number(byMs) }),
    words: ({ byMs }) => `a clock that jumps by ${byMs} ms`,
  },
  'no-name': {
    holdsMs: [100, 20_000],
    draw: (random) => ({ code: oneOf(random, ['ENOTFOUND', 'EAI_AGAIN']) }),
    make: ({ host, code }) => unresolvableName(String(host), code === 'EAI_AGAIN' ? code : 'ENOTFOUND'),
    words: () => 'a name that does not resolve',
  },
} as const satisfies Readonly<Record<string, DrawableKind>>;

/** The name of a kind. */
export type KindName = keyof typeof drawableKinds;

/** The kinds by name, for names that come from outside. */
export const kindNamed = (name: string): DrawableKind | undefined =>
  Object.hasOwn(drawableKinds, name) ? drawableKinds[name as KindName] : undefined;

/** What a link of a layer has beneath it. */
const below: Readonly<Record<Layer, readonly Layer[]>> = {
  tcp: ['tcp'],
  tls: ['tcp', 'tls'],
  http: ['tcp', 'http'],
  http2: ['tcp', 'http2'],
  websocket: ['tcp', 'websocket'],
  mysql: ['tcp', 'mysql'],
};

/** The kinds that can strike a link on which `layer` can be seen. */
export function kindsOn(layer: Layer): KindName[] {
  return (Object.keys(drawableKinds) as KindName[]).filter((name) => {
    const { layer: needed }: DrawableKind = drawableKinds[name];
    return needed !== undefined && below[layer].includes(needed);
  });
}
