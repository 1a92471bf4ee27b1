/** Clocks of other machines: how far they are off, how sure that is, and what order two moments have. */

import { expect, it } from 'vitest';
import { offsetFrom, orderOf, toOurs } from '../../../harness/scale/clocks/offset.ts';
import fc from '../../support/fast-check.ts';

/** A round in which the answer was written after `there` of `there + back` milliseconds, on a clock that is `off`. */
const round = (sentMs: number, there: number, back: number, off: number) => ({
  sentMs,
  receivedMs: sentMs + there + back,
  theirsMs: sentMs + there + off,
});

it('takes the round that took the least time', () => {
  const offset = offsetFrom([round(0, 40, 2, 250), round(100, 1, 1, 250), round(200, 0, 30, 250)]);

  expect(offset).toEqual({ atMs: 101, offsetMs: 250, boundMs: 2 });
  expect(offsetFrom([])).toBeUndefined();
});

it('has the true offset within its bound, however lopsided the way', () => {
  const ms = fc.double({ min: 0, max: 500, noNaN: true });
  const off = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(off, fc.array(fc.tuple(ms, ms), { minLength: 1 }), (truth, ways) => {
      const offset = offsetFrom(ways.map(([there, back], index) => round(index * 1_000, there, back, truth)));
      return offset !== undefined && Math.abs(offset.offsetMs - truth) <= offset.boundMs + 1e-6;
    }),
  );
});

it('never gives two moments of different machines in the wrong order', () => {
  const ms = fc.integer({ min: 0, max: 50 });
  const moment = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(moment, moment, ms, ms, ms, ms, (one, other, a, b, c, d) => {
      // One clock is 250 ms ahead, the other is behind.
      const first = offsetFrom([round(0, a, b, 250)]);
      const second = offsetFrom([round(0, c, d, -250)]);
      if (!first || !second) return false;
      const order = orderOf(toOurs(one + 250, [first]), toOurs(other - 250, [second]));
      return order === 'unknown' || order === (one < other ? 'before' : 'after');
    }),
  );
});

it('follows a clock that drifts, on a straight line', () => {
  const offsets = [
    { atMs: 0, offsetMs: 100, boundMs: 1 },
    { atMs: 1_000, offsetMs: 110, boundMs: 3 },
  ] as const;

  expect(toOurs(605, [...offsets]).ms).toBeCloseTo(500, 0);
  expect(toOurs(605, [...offsets]).boundMs).toBe(3);
  expect(toOurs(2_110, [...offsets])).toEqual({ ms: 2_000, boundMs: 3 });
  expect(toOurs(50, [...offsets])).toEqual({ ms: -50, boundMs: 1 });
});
