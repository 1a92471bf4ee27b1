/** From what agents and server saw to the rows. */
import { errorsInWords } from '../../rig/judge-counts.ts';
import type { Take } from '../../rounds/summarize-row.ts';
import { peakPerSecond } from '../../statistics/peak-rate.ts';
import type { FleetBatch, FleetMemory } from './rig.ts';

/** The unit of each figure. */
export const fleetUnits = Object.freeze({
  agents: 'agents',
  rate: 'agents/s',
  handshakeCpuAgents: 'ms',
  handshakeCpuServer: 'ms',
  messages: 'messages/s',
  cpuAgents: '% of a core',
  cpuServer: '% of a core',
  resident: 'bytes',
  heap: 'bytes',
  external: 'bytes',
  serverResident: 'bytes',
  serverHeap: 'bytes',
  growth: 'bytes',
  allBack: 's',
  attempts: 'attempts/agent',
  peakAttempts: 'attempts/s',
  peakHandshakes: 'handshakes/s',
  handshakes: 'handshakes',
  resumed: 'handshakes',
  lost: 'reports',
  duplicates: 'reports',
});

const secondMs = 1_000;

/** Of the agents that came online in the batch; `of` is how many were to be online at its end. */
export function takeOfRamp(of: number, batch: FleetBatch): Take {
  const { agents, elapsedMs, agentsCpuMs, serverCpuMs } = batch;
  const raised = Math.max(1, agents.openMs.length);
  return {
    times: { open: [...agents.openMs] },
    figures: {
      agents: agents.online,
      rate: agents.openMs.length / (elapsedMs / secondMs),
      handshakeCpuAgents: agentsCpuMs / raised,
      handshakeCpuServer: serverCpuMs / raised,
    },
    failures: agents.online < of ? [missing(of, batch)] : [],
    doubts: doubtsOf(batch),
  };
}

/** Of a time in which nothing was to happen to the agents. */
export function takeOfSteady(batch: FleetBatch, memory: { raised: FleetMemory; later: FleetMemory }): Take {
  const { agents, server, elapsedMs, agentsCpuMs, serverCpuMs } = batch;
  const losses = Object.values(agents.losses).reduce((sum, count) => sum + count, 0);
  const grown = memory.later.agents.rss - memory.raised.agents.rss;
  return {
    times: { report: [...agents.reportMs], late: [...agents.lateMs] },
    figures: {
      agents: agents.online,
      messages: (server.applied + server.duplicates + server.heartbeats) / (elapsedMs / secondMs),
      cpuAgents: (agentsCpuMs / elapsedMs) * 100,
      cpuServer: (serverCpuMs / elapsedMs) * 100,
      growth: grown / Math.max(1, agents.online),
      lost: lostOf(batch),
      duplicates: server.duplicates,
    },
    failures: [
      ...(losses > 0 ? [`${losses} connections were lost (${errorsInWords(agents.losses)})`] : []),
      ...(lostOf(batch) > 0 ? [`${lostOf(batch)} reports were lost`] : []),
    ],
    doubts: doubtsOf(batch),
  };
}

/** What each further agent takes, bytes, by two looks at the memory. */
export function memoryFigures(
  before: FleetMemory,
  after: FleetMemory,
  agents: number,
): Record<'resident' | 'heap' | 'external' | 'serverResident' | 'serverHeap', number> {
  const each = (end: keyof FleetMemory, of: keyof FleetMemory['agents']): number =>
    (after[end][of] - before[end][of]) / agents;
  return {
    resident: each('agents', 'rss'),
    heap: each('agents', 'heap'),
    external: each('agents', 'external'),
    serverResident: each('server', 'rss'),
    serverHeap: each('server', 'heap'),
  };
}

/** Of a restart of the server that cut `of` connections. */
export function takeOfRestart(of: number, batch: FleetBatch): Take {
  const { agents, server } = batch;
  const { firstLostAt = 0, lastBackAt = 0, awayMs } = agents;
  const isBack = agents.online === of;
  return {
    times: { away: [...awayMs] },
    figures: {
      agents: agents.online,
      ...(isBack ? { allBack: (lastBackAt - firstLostAt) / secondMs } : {}),
      attempts: agents.attemptsAt.length / of,
      peakAttempts: peakPerSecond(agents.attemptsAt),
      peakHandshakes: peakPerSecond(server.handshakesAt),
      handshakes: server.handshakesAt.length,
      resumed: server.resumed,
      lost: lostOf(batch),
      duplicates: server.duplicates,
    },
    failures: isBack ? [] : [missing(of, batch)],
    doubts: [
      ...doubtsOf(batch),
      ...(awayMs.length < of ? [`the restart cut ${awayMs.length} of ${of} connections`] : []),
    ],
  };
}

/** Reports that were made and never applied; those that wait are neither. */
const lostOf = ({ agents, server, waiting }: FleetBatch): number => agents.made - server.applied - waiting;

/** Agents know of nothing that the server does not. */
function doubtsOf({ agents, server, waiting }: FleetBatch): string[] {
  const accounted = server.applied + agents.dropped + waiting;
  return [
    ...(agents.openMs.length > server.registrations
      ? [`${agents.openMs.length} agents were registered, by the server ${server.registrations}`]
      : []),
    ...(agents.made > accounted
      ? [`${agents.made - accounted} reports of ${agents.made} are neither at the server nor with an agent`]
      : []),
    ...(waiting > 0 ? [`${waiting} reports still waited for their acknowledgement`] : []),
  ];
}

function missing(of: number, { agents }: FleetBatch): string {
  const failures = errorsInWords(agents.failures);
  return `${agents.online} of ${of} agents were online when no further one came${failures === '' ? '' : ` (${failures})`}`;
}
