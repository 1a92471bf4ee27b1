/** What `shaketable run` can be told. */
import type { WantedWorld } from '../world-list.ts';
import type { Pace } from '../worlds/world-module.ts';

export interface RunFlags {
  readonly world: WantedWorld;
  readonly config?: string;
  readonly project?: string;
  readonly seed?: number;
  readonly pace: Pace;
  readonly shard?: string;
  readonly out: string;
  readonly workers?: number;
  readonly setUp: boolean;
  readonly json: boolean;
  readonly repeat: number;
  readonly debug: boolean;
  readonly on?: string;
  readonly subject?: string;
  /** Whether the scenarios' own pairs are played first, where a program of the user's own is judged. */
  readonly pairs: boolean;
}
