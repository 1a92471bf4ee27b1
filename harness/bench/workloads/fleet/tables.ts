/** Which figures of a fleet are shown, and what to know of them. */
import type { Table } from '../../bench-result.ts';
import { backPerSecond, fixedDelayMs, spreadMsOf, usualConnectMs } from '../../load/fleet/reconnect.ts';
import { figureColumn, timeColumn } from '../../rounds/columns.ts';
import type { FleetAmount } from './amount.ts';
import { inFlight } from './rig.ts';

export function fleetTables(): Table[] {
  return [
    {
      title: 'coming online: agents/s; ms from dialling to registered; processor ms of agents and server',
      rows: 'ramp-up',
      columns: [
        figureColumn('agents', 'agents'),
        figureColumn('per s', 'rate'),
        timeColumn('p50', 'open', 'p50'),
        timeColumn('p99', 'open', 'p99'),
        figureColumn('cpu A', 'handshakeCpuAgents', 2),
        figureColumn('cpu S', 'handshakeCpuServer', 2),
      ],
    },
    {
      title: 'bytes for each agent: resident, heap, external; of the server: resident, heap',
      rows: 'ramp-up',
      columns: [
        figureColumn('rss', 'resident'),
        figureColumn('heap', 'heap'),
        figureColumn('ext.', 'external'),
        figureColumn('rss S', 'serverResident'),
        figureColumn('heap S', 'serverHeap'),
      ],
    },
    {
      title: '% of a core; ms of a report, and how late timers were; growth in bytes/agent',
      rows: 'steady',
      columns: [
        figureColumn('msg/s', 'messages'),
        figureColumn('cpu A', 'cpuAgents', 1),
        figureColumn('cpu S', 'cpuServer', 1),
        timeColumn('p50', 'report', 'p50'),
        timeColumn('p99', 'report', 'p99'),
        timeColumn('late99', 'late', 'p99'),
        figureColumn('growth', 'growth'),
      ],
    },
    {
      title: 's until all are back, and away each; peaks/s; attempts/agent; reports lost and twice',
      rows: 'restart',
      columns: [
        figureColumn('all', 'allBack', 1),
        timeColumn('p50 ms', 'away', 'p50', 0),
        figureColumn('hands.', 'peakHandshakes'),
        figureColumn('att.', 'peakAttempts'),
        figureColumn('each', 'attempts', 1),
        figureColumn('lost', 'lost'),
        figureColumn('twice', 'duplicates'),
      ],
    },
  ];
}

export function fleetNotes({ agents, steadyMs, habits, downMs }: FleetAmount): string[] {
  const { reportEveryMs, heartbeatEveryMs, keptReports } = habits;
  return [
    `Each agent has a WebSocket over TLS of its own, registers, reports every ${reportEveryMs / 1_000} s and sends a heartbeat every ${heartbeatEveryMs / 1_000} s; the server answers each. ${inFlight} agents at a time come online at first, then all live for ${steadyMs / 1_000} s. Agents are one process, the server is another, and no proxy is between.`,
    'Memory is read after a collection, and divided by the agents that came after the first tenth. It is that of the process: buffers of the system for sockets are not in it.',
    `At a restart the server cuts all connections, is away for ${downMs / 1_000} s, and knows no session of TLS after it. Away is from the cut to being registered again. The naive herd dials at once, and after each failure waits ${fixedDelayMs / 1_000} s. Jittered agents wait anywhere within ${spreadMsOf(agents) / 1_000} s, ${backPerSecond} agents a second, which doubles with each failure.`,
    `An attempt gets ${usualConnectMs / 1_000} s. A report is sent again until it is acknowledged; ${keptReports} wait for each agent at most, and older ones are lost.`,
  ];
}
