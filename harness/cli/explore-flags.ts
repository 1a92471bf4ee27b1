/** The flags of `shaketable explore`. */
import type { WorldName } from '../world-list.ts';

export interface ExploreFlags {
  readonly world: WorldName;
  readonly seed?: number;
  /** Seconds. */
  readonly budget?: number;
  readonly seeds?: number;
  /** Stops when so many checks were seen to fail. */
  readonly findings: number;
  readonly replay?: string;
  readonly times: number;
  /** Processes that play beside each other; one where nothing is said. */
  readonly workers?: number;
  /** `embedded`, `embedded:N` or the address of a server, by which workers play them. */
  readonly on?: string;
  readonly prove: boolean;
  readonly out: string;
  readonly project?: string;
  readonly json: boolean;
}
