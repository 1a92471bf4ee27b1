/**
 * Units that only draw numbers: what the worker's own tests and `shaketable doctor --on` play. Nothing but the seed decides about
 * the result.
 */
import { seededRandom } from 'shaketable-proxy/random';
import type { JsonObject } from '../../journal/fields.ts';
import type { UnitPlayer } from '../slot/serve-units.ts';
import { digestOf } from '../unit.ts';

/** Adds up `draws` numbers from `seed`; one in `failOneIn` fails. */
export function createDrawPlayer(): UnitPlayer {
  return {
    async play({ seed, draws, failOneIn }: JsonObject) {
      const random = seededRandom(Number(seed));
      let sum = 0;
      for (let left = Number(draws); left > 0; left -= 1) sum += random.next();
      const value = { seed: Number(seed), sum, fails: random.next() < 1 / Number(failOneIn) };
      return { digest: digestOf(value), value, files: [] };
    },
    [Symbol.asyncDispose]: async () => {},
  };
}
