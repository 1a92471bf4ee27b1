/** R3.2 R3.10, field issue E1: what each failure leaves behind, until there is nothing left to open a socket with. */
import {
  changeRows,
  count,
  each,
  type Matcher,
  refuseConnections,
  sampleProcess,
  scenario,
  statistic,
  type Table,
  toxic,
} from 'shaketable';
import type { Agent } from '../../services/agent/http/index.ts';
import { type AgentTarget, startAgent } from '../rigs/agent.ts';
import { startAgentProcess } from '../rigs/agent-process.ts';
import { course } from '../rigs/any-subject.ts';
import { appliedReports } from '../rigs/fleet.ts';
import { meter } from '../rigs/meter.ts';
import { startReference } from '../rigs/reference.ts';

/** Failures of each kind; the three agents inside share those that take long. */
const cycles = 12;
const programLink = 'program→server';
const refusals = { kind: 'server.log', event: 'request', path: '/api/fleet/report', status: 403 } as const;
const strikes = (fault: string) => ({ kind: 'fault.strike', fault }) satisfies Matcher;
const program = { kind: 'process.sample', who: 'program' } as const;
const inside = { kind: 'process.sample', who: 'inside' } as const;

const programClose = { kind: 'connection.close', link: programLink } as const;
const openConnections = (table: Table): number =>
  table.count({ kind: 'connection.open', link: programLink }) - table.count(programClose);

/** What a process holds, by the word of the operating system, and of the wire. */
async function sampleProgram(table: Table, pid: number): Promise<void> {
  const connections = openConnections(table);
  const held = await sampleProcess(pid);
  table.record('process', program.kind, { who: 'program', connections, ...held });
}

/** Connections of a healthy agent that are open at a time: the one in use, and the one before it on its way out. */
const atRest = 2;

/** How long a subject may take to settle, in lab milliseconds; one that leaks never does. */
const settleMs = 60_000;

/** Waits until what earlier requests had opened is closed, so that a busy machine does not raise the starting level. */
async function settle(table: Table, open: () => number, closed: Matcher, atMost: number): Promise<void> {
  const end = table.clock.now() + settleMs;
  for (let leftMs = settleMs; open() > atMost && leftMs > 0; leftMs = end - table.clock.now())
    await table.until(closed, { nth: table.count(closed) + 1, withinMs: leftMs });
}

/** Starts an agent as a supervisor does, again if need be: for its start short time-outs may be too short. */
async function keepStarting(
  table: Table,
  target: AgentTarget,
  letter: string,
  env: Readonly<Record<string, string>>,
): Promise<Agent> {
  for (let start = 1; ; start += 1) {
    try {
      return await startAgent(table, target, { name: `inside-${letter}${start}`, env });
    } catch (error) {
      if (start === 10) throw error;
    }
  }
}

/** How much a figure may have grown between the two samples. */
const growth = (
  title: string,
  of: typeof program | typeof inside,
  field: string,
  atMost: number,
  unit: string,
) => statistic(title, { of, field, take: 'growth', atMost, fewest: 2, unit });

scenario({
  id: 'noise-and-leaks/nothing-leaks',
  title: 'Failures leave nothing behind',
  requirements: ['R3.2', 'R3.10'],
  except: { simulated: 'what is counted are descriptors and memory of a program of its own' },
  story:
    'Four agents of a kind fail again and again: one is a process of its own, whose port is closed and whose account is ' +
    'disabled; the requests of the others disappear without an answer. Then all is well again, and each should hold what ' +
    'it held before. As reported, what had been opened for a failed request stayed open, with the answer unread in it.',
  // A time-out of a few lab seconds has to be longer than a hiccup of a busy machine.
  fastPace: 12,
  faults: {
    closed: { fault: refuseConnections(), link: programLink, from: 'manual' },
    silence: {
      fault: toxic({ type: 'blackhole', only: { strikes: cycles } }),
      link: 'agent→server',
      from: 'manual',
    },
    disabled: {
      fault: changeRows({
        kind: 'account_disabled',
        apply: 'UPDATE {schema}.clients SET is_active = 0',
        revert: 'UPDATE {schema}.clients SET is_active = 1',
        struckBy: refusals,
      }),
      from: 'manual',
    },
  },
  play: async (table) => {
    // The server keeps connections for longer than the scenario takes: what is closed is closed by the agents.
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '3600' } });
    const link = await table.link(programLink, { host: '127.0.0.1', port: reference.server.port });
    const { clock, dial, held } = meter(table, 'inside');
    const env = { FLEET_REPORT_INTERVAL: '2', REQUEST_TIMEOUT: '6', CONNECT_TIMEOUT: '6' };
    const start = (letter: string) => keepStarting({ ...table, clock, dial }, reference, letter, env);
    const insiders = await Promise.all(['a', 'b', 'c'].map(start));
    const { pid } = await startAgentProcess(table, { link, token: reference.token }, 'program', {
      LOGICAL_AGENT_ID: 'program',
      FLEET_REPORT_INTERVAL: '0.05',
      HEARTBEAT_INTERVAL: '0',
      PENDING_COMMANDS_CHECK_INTERVAL: '0',
      HEALTH_CHECK_INTERVAL: '0',
      LOG_LEVEL: 'DEBUG',
    });
    const works = (machineId: string) => {
      const reports = { ...appliedReports, machineId };
      return table.until(reports, { nth: table.count(reports) + 3, withinMs: 120_000 });
    };
    const allWork = () =>
      Promise.all(['program', ...insiders.map(({ facts }) => facts.machineId)].map(works));
    const sampleInside = () => table.record('process', inside.kind, { who: 'inside', ...held() });

    await allWork();
    const insideClose = { kind: 'subject.note', name: 'socket', what: 'closed' } satisfies Matcher;
    await settle(table, () => held().sockets, insideClose, insiders.length * atRest);
    sampleInside();
    await settle(table, () => openConnections(table), programClose, atRest);
    await sampleProgram(table, pid);
    await table.inject('silence');
    await table.inject('closed');
    await table.until(strikes('closed'), { withinMs: 120_000 });
    await table.sleep(5_000);
    await table.lift('closed');
    await table.until(strikes('silence'), { nth: cycles, withinMs: 120_000 });
    await allWork();
    sampleInside();
    await Promise.all(insiders.map((agent) => agent.stop()));
    await table.inject('disabled');
    await table.until(refusals, { nth: cycles, withinMs: 120_000 });
    await table.lift('disabled');
    await works('program');
    await sampleProgram(table, pid);
  },
  checks: {
    descriptors: growth('the program holds as many descriptors as before', program, 'fds', 2, 'descriptors'),
    sockets: growth('as many of them are sockets', program, 'sockets', 2, 'sockets'),
    connections: growth('the wire shows as many open connections', program, 'connections', 2, 'connections'),
    memory: growth('its memory is about what it was', program, 'rssBytes', 64 * 1_048_576, 'bytes'),
    'silent-sockets': growth('requests without an answer leave no socket', inside, 'sockets', 2, 'sockets'),
    timers: growth('nor do they leave a timer each', inside, 'timers', 6, 'timers'),
    'says-what-failed': each('each operation that was given up says what kind of failure it was', {
      of: { kind: 'agent.log', event: { anyOf: ['operation_failed', 'auth_refused'] } },
      has: { category: { anyOf: ['refused', 'timeout', 'authentication', 'authorization'] } },
      given: strikes('silence'),
    }),
    'failed-often': count('there were failures to leave something behind', {
      of: refusals,
      given: strikes('silence'),
      atLeast: cycles,
      unit: 'refused requests',
    }),
  },
  reported: ['descriptors', 'sockets', 'connections', 'silent-sockets'],
  anySubject: {
    needs: ['stays'],
    part: (subject) =>
      course(subject, {
        fault: toxic({ type: 'reset_peer' }),
        lastsMs: 200_000,
        cycles: 12,
        checks: ['resources', 'back-off', 'noise', 'recovers'],
      }),
  },
});
