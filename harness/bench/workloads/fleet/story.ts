/** How far a fleet's story is: coming online, living, restarts. */
import { type ReconnectName, spreadMsOf } from '../../load/fleet/reconnect.ts';
import type { BenchContext } from '../../workload.ts';
import type { FleetAmount } from './amount.ts';

/** How agents come back from a restart; each is a row. */
export const policies = ['naive herd', 'jittered'] as const satisfies ReconnectName[];

/** For progress alone: agents that come online in a second, and what else a restart takes. */
const rampPerSecond = 150;
const overheadMs = 3_000;

/** Parts are as long as they are likely to take, s. */
export class Story {
  readonly amount: FleetAmount;
  readonly context: BenchContext;
  readonly rampS: number;
  readonly steadyS: number;
  readonly restartS: Readonly<Record<(typeof policies)[number], number>>;
  #doneS = 0;

  constructor(amount: FleetAmount, context: BenchContext) {
    const { agents, steadyMs, downMs } = amount;
    this.amount = amount;
    this.context = context;
    this.rampS = agents / rampPerSecond;
    this.steadyS = steadyMs / 1_000;
    const leastS = (downMs + overheadMs) / 1_000;
    this.restartS = {
      'naive herd': leastS + agents / rampPerSecond,
      jittered: leastS + spreadMsOf(agents) / 1_000,
    };
  }

  /** A share of a part that is likely to take so long. */
  tell(part: string, share: number, ofS: number): void {
    const { rounds } = this.amount;
    const all = this.rampS + this.steadyS + rounds * (this.restartS['naive herd'] + this.restartS.jittered);
    this.context.progress.step(Math.min(this.#doneS + Math.min(1, share) * ofS, all * 0.99), all, part);
  }

  /** A part is over. */
  passed(ofS: number): void {
    this.#doneS += ofS;
  }
}
