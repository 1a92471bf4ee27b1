/** The yardstick itself: what counts as the same, as different, and as worth a second look. */
import { expect, it } from 'vitest';
import { normalise } from './bench/api.ts';
import { type Facts, judged, ms, type Observed, toFact } from './bench/facts.ts';
import { surprisesOf } from './judge.ts';

const facts = (observed: Readonly<Record<string, Observed>>): Facts =>
  Object.fromEntries(Object.entries(observed).map(([name, value]) => [name, toFact(value)]));

it('takes a time as it should be when it is not early and little late', () => {
  const shown = [197, 198, 200, 279, 281, Number.POSITIVE_INFINITY].map(
    (measured) => ms(200, measured).shown,
  );

  expect(shown).toEqual(['197 ms', '200 ms', '200 ms', '200 ms', '281 ms', 'never']);
});

it('finds what differs without being listed, and what is missing', () => {
  const surprises = surprisesOf(
    'ours',
    facts({ end: 'FIN', bytes: 5, more: true }),
    facts({ end: 'RST', bytes: 5 }),
    [],
  );

  expect(surprises.map(({ text }) => text)).toEqual([
    'ours, end: RST instead of FIN',
    'ours, more: undefined instead of true',
  ]);
});

it('finds a listed difference that is gone', () => {
  const same = facts({ end: 'FIN' });

  expect(surprisesOf('ours', same, facts({ end: 'RST' }), ['end'])).toEqual([]);
  expect(surprisesOf('ours', same, same, ['end'])).toMatchObject([{ text: 'ours, end: no longer differs' }]);
});

it('looks again where only times or chance differ', () => {
  const late = surprisesOf('ours', facts({ at: ms(200, 200) }), facts({ at: ms(200, 400) }), []);
  const unlikely = surprisesOf('ours', facts({ half: judged(true) }), facts({ half: judged(false) }), []);
  const wrong = surprisesOf('ours', facts({ end: 'FIN' }), facts({ end: 'RST' }), []);

  expect([late, unlikely, wrong].map(([surprise]) => surprise?.timed)).toEqual([true, true, false]);
});

it('names ports, and cuts off what depends on the version of Go or the resolver', () => {
  const names = new Map([[40_123, 'P']]);

  expect(normalise('listen tcp 127.0.0.1:40123: bind, 127.0.0.1:50000, 127.0.0.1:1', names)).toBe(
    'listen tcp 127.0.0.1:P: bind, 127.0.0.1:*, 127.0.0.1:1',
  );
  expect(normalise('{"error":"bad request body: json: \\"x\\" is wrong","status":400}', names)).toBe(
    '{"error":"bad request body: …","status":400}',
  );
  expect(normalise('{"error":"bad request body: EOF","status":400}', names)).toContain('EOF');
  expect(normalise('lookup none.invalid on 192.0.2.1:53: no such host', names)).toBe(
    'lookup none.invalid: no such host',
  );
});
