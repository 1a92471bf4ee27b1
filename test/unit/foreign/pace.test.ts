/** What the probe of a clock shows. */
import { expect, it } from 'vitest';
import { isScaled } from '../../../harness/foreign/faketime.ts';

it.each([
  [{ ownMs: 4_010, realMs: 205 }, true, 'as it should be'],
  [{ ownMs: 9_655, realMs: 522 }, true, 'late on a busy machine, by both clocks'],
  [{ ownMs: 4_003, realMs: 4_010 }, false, 'neither clock nor wait'],
  [{ ownMs: 80_000, realMs: 4_010 }, false, 'the clock but not the wait'],
  [{ ownMs: 201, realMs: 205 }, false, 'the wait but not the clock'],
])('takes a wait of 4 s that took %j for scaled: %s, %s', (wait, scaled) => {
  expect(isScaled(wait)).toBe(scaled);
});
