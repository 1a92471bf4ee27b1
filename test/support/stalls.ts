/**
 * How long this process was not let run. An upper bound on a time that was measured in it grows by that, so that a busy machine is no
 * reason to fail, and what waits by its own fault still is.
 */

const tickMs = 5;

let stalledMs = 0;
let tickedAt = performance.now();

function tick(): void {
  const now = performance.now();
  stalledMs += Math.max(0, now - tickedAt - tickMs);
  tickedAt = now;
}

setInterval(tick, tickMs).unref();

/** Begins to look; what it returns says for how many real milliseconds this process has stood still since. */
export function watchStalls(): () => number {
  tick();
  const before = stalledMs;
  return () => {
    tick();
    return stalledMs - before;
  };
}
