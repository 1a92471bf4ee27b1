/** The share of a sample that was noticed, and what it says about all from which the sample was drawn. */

/** A share in whole per cent, with its 95 % interval. */
export interface Score {
  readonly noticed: number;
  readonly of: number;
  readonly percent: number;
  readonly from: number;
  readonly to: number;
}

/** The two-sided 95 % quantile of the normal distribution. */
const z = 1.96;

/** The score of `noticed` among `of`, by Wilson's interval, which holds for small samples and near 0 and 1, too. */
export function scoreOf(noticed: number, of: number): Score {
  if (of === 0) return { noticed, of, percent: 0, from: 0, to: 100 };
  const share = noticed / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half = (z / (1 + z ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2));
  const percent = (part: number): number => Math.round(100 * Math.min(1, Math.max(0, part)));
  return { noticed, of, percent: percent(share), from: percent(middle - half), to: percent(middle + half) };
}
