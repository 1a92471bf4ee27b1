/**
 * What makes moments of two processes comparable: their clocks begin at the wall clock's time of their start, and somebody
 * may set that between the two. The system's monotonic clock, which `process.hrtime` reads, is the same one in both.
 */
import type { Clock } from 'shaketable-proxy/clock';

/** How far `clock` is ahead of the system's monotonic clock, ms; the same at any time. */
export function monotonicOffset(clock: Clock): number {
  return clock.now() - Number(process.hrtime.bigint()) / 1e6;
}
