import { expect, it } from 'vitest';
import type { Matcher } from '../../../harness/journal/matcher.ts';
import { mistakeIn, mistakeInPath } from '../../../harness/journal/never-matches.ts';

/** As a scenario gives it when its types are stripped. */
const mistake = (matcher: object) => mistakeIn(matcher as Matcher);

it.each<[object, string, RegExp]>([
  [{ kind: 'server.lgo' }, 'kind', /no kind server\.lgo; did you mean server\.log\?/],
  [{ kind: 'lab.note' }, 'kind', /no kind lab\.note/],
  [{ event: 'request' }, 'kind', /has to name the kind/],
  [{ kind: { anyOf: ['agent.log', 'agent.lgo'] } }, 'kind', /did you mean agent\.log\?/],
  [{ kind: 'connection.close', bytesup: 1 }, 'bytesup', /did you mean bytesUp\?/],
  [{ kind: 'connection.close', end: 'rest' }, 'end', /never rest; did you mean reset\?/],
  [{ kind: 'connection.close', end: { anyOf: ['fin', 'rst'] } }, 'end', /did you mean reset\?|there is fin/],
  [{ kind: 'connection.close', end: { not: 'rest' } }, 'end', /did you mean reset\?/],
  [{ kind: 'connection.close', connection: '4' }, 'connection', /never "4": the field is a number/],
  [{ kind: 'connection.close', link: { atLeast: 1 } }, 'link', /a range needs a number/],
  [{ kind: 'connection.close', ageMs: { atleast: 1 } }, 'ageMs', /did you mean atLeast\?/],
  [{ kind: 'connection.close', ageMs: {} }, 'ageMs', /a pattern is a value or has one of/],
  [{ kind: 'connection.close', end: { anyOf: [] } }, 'end', /lists no value/],
  [{ kind: 'connection.close', link: { matches: '(' } }, 'link', /[Ii]nvalid regular expression/],
  [{ kind: 'connection.close', source: 'agent' }, 'source', /never agent/],
  [{ kind: 'tls.client-hello', alpn: 'h2' }, 'alpn', /never "h2": the field is a texts/],
  [{ kind: 'database.rows', 'error.cod': 'x' }, 'error.cod', /did you mean error\.code\?/],
  [{ kind: 'process.exit', process: null }, 'process', /never null/],
  [{ kind: 'agent.log', level: 4 }, 'level', /never 4: the field is a text/],
  [{ kind: 'agent.log', attempt: { atleast: 4 } }, 'attempt', /did you mean atLeast\?/],
])('says why %j can match nothing', (matcher, path, why) => {
  expect(mistake(matcher)).toEqual({ path, why: expect.stringMatching(why) });
});

it.each([
  { kind: 'agent.log', attempt: { atLeast: 4 }, 'err.stack': { exists: true } },
  { kind: 'connection.close', '*': { matches: 'x' }, t: { atMost: 5 }, source: 'proxy' },
  { kind: 'database.rows', 'rows.0.online': 1, 'error.code': 'LAB_TIMEOUT' },
  { kind: 'fault.installed', 'params.latencyMs': { atLeast: 1 }, engine: { exists: false } },
  { kind: 'tls.client-hello', alpn: { matches: 'h2' }, 'alpn.0': 'h2' },
  { kind: 'process.exit', code: null, signal: { not: null } },
  { kind: { anyOf: ['connection.open', 'connection.close'] }, ageMs: { atLeast: 1 } },
])('lets %j pass', (matcher) => {
  expect(mistake(matcher)).toBeUndefined();
});

it('knows the fields that a check names by themselves', () => {
  expect(mistakeInPath({ kind: 'connection.close' }, 'byteUp')).toMatch(/did you mean bytesUp\?/);
  expect(mistakeInPath({ kind: 'connection.close' }, 'bytesUp')).toBeUndefined();
  expect(mistakeInPath({ kind: 'process.sample' }, 'timers')).toBeUndefined();
});
