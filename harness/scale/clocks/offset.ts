/**
 * How far another machine's wall clock is from ours, and how sure that is: of several questions the one that was answered soonest tells
 * the most, since the answer was written somewhere between question and answer.
 *
 *   ours     sent ─────────────────────── received
 *                 ╲                     ╱                offset = theirs − middle of (sent, received)
 *   theirs         ──────► clock ──────                  bound  = half of the time between, and 1 ms for the reading
 */

/** One question: when it was sent and answered by our clock, and what theirs read meanwhile. Milliseconds. */
export interface Round {
  readonly sentMs: number;
  readonly receivedMs: number;
  readonly theirsMs: number;
}

/** Theirs is ours plus `offsetMs`, give or take `boundMs`, as it was at `atMs` of ours. */
export interface Offset {
  readonly atMs: number;
  readonly offsetMs: number;
  readonly boundMs: number;
}

/** A wall clock is read in whole milliseconds, once in each process. */
const resolutionMs = 1;

/** Undefined for no round at all. */
export function offsetFrom(rounds: readonly Round[]): Offset | undefined {
  const best = rounds.toSorted((a, b) => lengthOf(a) - lengthOf(b))[0];
  if (!best) return undefined;
  const atMs = (best.sentMs + best.receivedMs) / 2;
  return { atMs, offsetMs: best.theirsMs - atMs, boundMs: lengthOf(best) / 2 + resolutionMs };
}

const lengthOf = ({ sentMs, receivedMs }: Round): number => receivedMs - sentMs;

/** A moment by our clock, give or take. */
export interface BoundedTime {
  readonly ms: number;
  readonly boundMs: number;
}

/**
 * A moment of theirs by our clock. Between two measurements the offset goes on a straight line, and is no surer than the less sure of
 * both; beyond them it is that of the nearest. `offsets` are in order of time, one at least.
 */
export function toOurs(theirsMs: number, offsets: readonly [Offset, ...Offset[]]): BoundedTime {
  const [first] = offsets;
  const ours = theirsMs - first.offsetMs;
  const after = offsets.findIndex(({ atMs }) => atMs >= ours);
  const right = offsets[after === -1 ? offsets.length - 1 : after] ?? first;
  const left = offsets[after - 1] ?? right;
  if (after <= 0 || left === right) return { ms: theirsMs - right.offsetMs, boundMs: right.boundMs };
  const share = (ours - left.atMs) / (right.atMs - left.atMs);
  const offsetMs = left.offsetMs + share * (right.offsetMs - left.offsetMs);
  return { ms: theirsMs - offsetMs, boundMs: Math.max(left.boundMs, right.boundMs) };
}

/** Which of two moments was first; *unknown* where they are closer than what is known of them. */
export function orderOf(one: BoundedTime, other: BoundedTime): 'before' | 'after' | 'unknown' {
  const apart = other.ms - one.ms;
  if (Math.abs(apart) <= one.boundMs + other.boundMs) return 'unknown';
  return apart > 0 ? 'before' : 'after';
}
