/** The normal distribution, for toxics whose draws follow another one or depend on the draw before. */
import type { Random } from '../../core/random.ts';

/** Draws from the normal distribution with mean 0 and deviation 1, by the Box-Muller transform. */
export function drawNormal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return radius * Math.cos(2 * Math.PI * random.next());
}

/** Draws in which each keeps the share `correlation` of the one before; all are normal as `drawNormal` is. */
export function correlatedNormal(random: Random): (correlation: number) => number {
  let previous: number | undefined;
  return (correlation) => {
    const fresh = drawNormal(random);
    const rest = Math.sqrt(1 - correlation ** 2);
    previous = previous === undefined ? fresh : correlation * previous + rest * fresh;
    return previous;
  };
}

/** The share of draws below `z`, to 1e-7: Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26. */
export function shareBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = 0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)));
  const tail = (series * t * Math.exp(-(x ** 2))) / 2;
  return z < 0 ? tail : 1 - tail;
}
