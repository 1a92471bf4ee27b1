/** The simulation that runs in this process just now: what is sealed turns to it, and to the real thing while there is none. */
import type { Clock } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import type { Escapes } from '../escapes.ts';
import type { Network } from '../network/network.ts';
import type { EventQueue } from '../time/event-queue.ts';

/** What the seals need of a simulation. */
export interface Running {
  readonly queue: EventQueue;
  readonly clock: Clock;
  readonly network: Network;
  /** What the process's own sources of chance give, and nothing else draws from. */
  readonly entropy: Random;
  readonly escapes: Escapes;
  /** Whose files belong to it. */
  readonly directories: readonly string[];
}

let running: Running | undefined;

export const current = (): Running | undefined => running;

export function setCurrent(simulation: Running | undefined): void {
  running = simulation;
}
