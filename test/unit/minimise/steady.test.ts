import { describe, expect, it } from 'vitest';
import { patienceFor, rateOf, stillFails } from '../../../harness/minimise/steady.ts';

/** Plays that come to these, and then to the last of them again and again. */
function plays(...outcomes: boolean[]) {
  let played = 0;
  const play = async (): Promise<boolean> => outcomes[Math.min(played++, outcomes.length - 1)] ?? false;
  return Object.assign(play, { count: () => played });
}

describe('a failure that does not come every time', () => {
  it('is given up after as many passes as it is missed by with less than 5 %', () => {
    expect(patienceFor({ failed: 3, plays: 3 })).toBe(1);
    expect(patienceFor({ failed: 4, plays: 8 })).toBe(5); // 0.5^5 = 3 %
    expect(patienceFor({ failed: 1, plays: 8 })).toBe(23); // 0.875^23 = 4.6 %
  });

  it('is believed when it has come twice', async () => {
    const once = plays(true, false, false, false);
    expect(await stillFails(once, 3)).toBe(false);
    const twice = plays(false, true, false, true);
    expect(await stillFails(twice, 3)).toBe(true);
    expect(twice.count()).toBe(4);
  });

  it('is played more often where it came now and then', async () => {
    const options = { times: 3, moreTimes: 5 };
    expect(await rateOf(plays(true), options)).toEqual({ failed: 3, plays: 3 });
    expect(await rateOf(plays(true, false), options)).toEqual({ failed: 1, plays: 8 });
    expect(await rateOf(plays(false), options)).toEqual({ failed: 0, plays: 3 });
  });
});
