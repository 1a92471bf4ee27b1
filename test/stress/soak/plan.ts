/** What one exchange does: how much it sends each way, in which pieces and at what pace, and how it ends. */
import type { Random } from '../../../proxy/core/random.ts';

/** One direction of an exchange. */
export interface FlowPlan {
  readonly start: number;
  readonly bytes: number;
  readonly pieceBytes: number;
  /** After each piece. */
  readonly pauseMs: number;
  /** The receiver stops reading for so long after each `readBytes`. */
  readonly readPauseMs: number;
  readonly readBytes: number;
}

/** One connection from its opening to its end. */
export interface ExchangePlan {
  readonly up: FlowPlan;
  readonly down: FlowPlan;
  /** Which end resets after it sent half of its bytes; undefined when both finish. */
  readonly resetBy: 'client' | 'server' | undefined;
}

const kinds = ['bulk', 'bulk', 'chat', 'chat', 'idle', 'empty', 'reset'] as const;

/** Draws a plan: mostly bulk and small messages, some that idle, some empty in one direction, some that are reset. */
export function drawPlan(random: Random): ExchangePlan {
  const kind = kinds[below(random, kinds.length)] ?? 'bulk';
  const flow = (): FlowPlan => {
    const pieceBytes =
      kind === 'bulk' || kind === 'reset' ? between(random, 1_000, 32_000) : below(random, 2_000) + 1;
    const pieces = kind === 'empty' ? 0 : spread(random, kind === 'idle' ? 3 : 150);
    return {
      start: below(random, 1_000_000),
      bytes: pieceBytes * pieces,
      pieceBytes,
      pauseMs: kind === 'idle' ? between(random, 1_000, 6_000) : spread(random, 200) - 1,
      readPauseMs: random.next() < 0.3 ? between(random, 1, 200) : 0,
      readBytes: between(random, 1_000, 200_000),
    };
  };
  const resetBy = random.next() < 0.5 ? 'client' : 'server';
  const [up, down] = [flow(), flow()];
  const silent = { ...up, bytes: 0 };
  if (kind === 'empty' && random.next() < 0.5)
    return { up: { ...up, bytes: up.pieceBytes }, down: silent, resetBy: undefined };
  return { up, down, resetBy: kind === 'reset' ? resetBy : undefined };
}

/** An integer from 0 to `limit` - 1. */
export function below(random: Random, limit: number): number {
  return Math.floor(random.next() * limit);
}

/** An integer of that range, both ends included. */
export function between(random: Random, least: number, most: number): number {
  return least + below(random, most - least + 1);
}

/** An integer from 1 to `most`, small ones as often as large ones. */
export function spread(random: Random, most: number): number {
  return Math.floor(most ** random.next());
}
