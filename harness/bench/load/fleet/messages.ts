/** What agents and server say to each other: JSON in text frames, the same shape for every agent. */

/** What an agent sends. Reports have the number of the agent's report, from 1 on. */
export type FromAgent =
  | { readonly type: 'register'; readonly agent: number }
  | { readonly type: 'heartbeat'; readonly agent: number }
  | { readonly type: 'fleet_report'; readonly agent: number; readonly id: number };

/** What the server answers. */
export type FromServer =
  | { readonly type: 'registered' }
  | { readonly type: 'pong' }
  | { readonly type: 'ack'; readonly id: number };

const details = {
  region: 'eu-central',
  version: '4.2.1',
  capabilities: ['shell', 'files', 'metrics'],
};

/** About as much as an agent would tell of its machine. */
const machine = {
  status: 'healthy',
  cpu: { load1: 0.42, load5: 0.37, load15: 0.31, cores: 4 },
  memory: { totalMb: 16_384, freeMb: 9_120 },
  disk: { totalGb: 512, freeGb: 301 },
  services: { running: 31, failed: 0 },
  tasks: { queued: 0, active: 1, done: 1_207 },
};

const text = (message: FromAgent & Readonly<Record<string, unknown>>): string => JSON.stringify(message);

export const registration = (agent: number): string =>
  text({ type: 'register', agent, host: `agent-${agent}`, ...details });

export const heartbeat = (agent: number): string => text({ type: 'heartbeat', agent });

export const fleetReport = (agent: number, id: number): string =>
  text({ type: 'fleet_report', agent, id, host: `agent-${agent}`, ...machine });
