/**
 * Whether a failure that does not come every time still comes. On real sockets no two runs are the same: one that failed once may have
 * failed by chance, and one that passed once as well.
 */

/** How often it came. */
export interface Rate {
  readonly failed: number;
  readonly plays: number;
}

/** So many failures are no chance. */
const enough = 2;
/** A failure that comes as often as the whole’s is missed with a smaller probability than this. */
const missed = 0.05;

/** After so many passes it no longer fails: something that fails at this rate passes so often with a probability below 5 %. */
export function patienceFor({ failed, plays }: Rate): number {
  if (failed >= plays) return 1;
  return Math.ceil(Math.log(missed) / Math.log(1 - failed / plays));
}

/** Plays until it has failed twice, or passed so often as to be believed. */
export async function stillFails(fails: () => Promise<boolean>, patience: number): Promise<boolean> {
  for (let failed = 0, passed = 0; ; ) {
    if (await fails()) failed += 1;
    else passed += 1;
    if (passed >= patience) return false;
    if (failed >= enough) return true;
  }
}

/** Plays so many times; where that was neither never nor always, so many more. */
export async function rateOf(
  fails: () => Promise<boolean>,
  { times, moreTimes }: { readonly times: number; readonly moreTimes: number },
): Promise<Rate> {
  let rate: Rate = { failed: 0, plays: 0 };
  const play = async (): Promise<void> => {
    const failed = await fails();
    rate = { failed: rate.failed + (failed ? 1 : 0), plays: rate.plays + 1 };
  };
  while (rate.plays < times) await play();
  if (rate.failed === 0 || rate.failed === rate.plays) return rate;
  while (rate.plays < times + moreTimes) await play();
  return rate;
}
