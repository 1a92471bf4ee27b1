/**
 * The name of a run, which is also that of its directory: when it started (UTC, to the second), its seed, and its part of a whole.
 */
import type { Shard } from './run-result.ts';

/** `2026-03-02T09-30-00-seed-7`, or `…-seed-7-shard-1-of-3`: parts that start together must not share a directory. */
export function runId(startedMs: number, seed: number, shard?: Pick<Shard, 'index' | 'of'>): string {
  const start = new Date(startedMs).toISOString().slice(0, 19).replaceAll(':', '-');
  return `${start}-seed-${seed}${shard === undefined ? '' : `-shard-${shard.index}-of-${shard.of}`}`;
}
