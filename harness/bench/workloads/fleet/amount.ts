/** How large a fleet is measured, for how long. */
import type { AgentHabits } from '../../load/fleet/agent.ts';
import type { BenchContext } from '../../workload.ts';

export interface FleetAmount {
  readonly agents: number;
  /** So long all of them live undisturbed, ms. */
  readonly steadyMs: number;
  readonly habits: AgentHabits;
  /** Restarts by each policy, and how long the server is away in each, ms. */
  readonly rounds: number;
  readonly downMs: number;
}

const keptReports = 10;

const quickly: FleetAmount = {
  agents: 200,
  steadyMs: 3_000,
  habits: { keptReports, reportEveryMs: 1_000, heartbeatEveryMs: 5_000 },
  rounds: 1,
  downMs: 1_000,
};

/** Reports as often as in the field (R1), heartbeats as the agents' channel has them. */
const fully: FleetAmount = {
  agents: 1_000,
  steadyMs: 30_000,
  habits: { keptReports, reportEveryMs: 5_000, heartbeatEveryMs: 15_000 },
  rounds: 3,
  downMs: 2_000,
};

/** What is asked for, where it is. */
export function fleetAmount({ quick, fleet = {} }: Pick<BenchContext, 'quick' | 'fleet'>): FleetAmount {
  const usual = quick ? quickly : fully;
  const { agents = usual.agents, steadyMs = usual.steadyMs } = fleet;
  return { ...usual, agents, steadyMs };
}
