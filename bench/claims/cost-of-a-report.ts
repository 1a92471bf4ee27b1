/** R1.7: what the fleet report costs, before and after, at the reported pace for two minutes. */
import { noMissing, ratio, sampleProcess, scenario, statistic, type Table, toxic } from 'shaketable';
import { startAgentProcess } from '../../scenarios/rigs/agent-process.ts';
import { appliedReports } from '../../scenarios/rigs/fleet.ts';
import { startReference } from '../../scenarios/rigs/reference.ts';
import { startStopwatch } from '../../scenarios/rigs/stopwatch.ts';

const link = 'agent→server';
/** Two minutes of 5 s. */
const cycles = 24;
const mebibyte = 2 ** 20;
const cost = { kind: 'subject.note', name: 'cost' } as const;
const exchanges = { kind: 'subject.note', name: 'exchange' } as const;
const handshakes = { kind: 'tls.handshake', link } as const;
const any = [0, Number.POSITIVE_INFINITY] as const;

/** Processor time, memory and descriptors of the agent, by the word of the operating system. */
async function sample(table: Table, pid: number) {
  const held = await sampleProcess(pid);
  if (!held) throw new Error(`The agent is gone, or there is no /proc for ${table.subject}`);
  return held;
}

scenario({
  id: 'bench/claims/cost-of-a-report',
  title: 'A report costs less on a connection that is kept',
  requirements: ['R1.7'],
  story:
    'An agent, a process of its own, posts a report every 5 s for two minutes over a link with 10 ms of round trip, where 30 % ' +
    'of the handshakes are cut. How long a report takes is taken in front of the link, from the agent’s first byte to the ' +
    'last one of the answer, with all attempts between; handshakes and bytes are counted on the wire.',
  // Milliseconds of latency and of processor time know no other pace.
  fastPace: 1,
  faults: {
    there: { fault: toxic({ type: 'latency', stream: 'upstream', attributes: { latency: 5 } }), link },
    back: { fault: toxic({ type: 'latency', attributes: { latency: 5 } }), link },
    cut: {
      fault: toxic({ type: 'tls_cut', attributes: { share: 0.3, stage: 'server_hello' } }),
      link,
      from: { event: appliedReports },
    },
  },
  play: async (table) => {
    const reference = await startReference(table, { env: { KEEP_ALIVE_TIMEOUT: '65' } });
    const stopwatch = await startStopwatch(table, reference.link);
    const { pid } = await startAgentProcess(table, { link: stopwatch, token: reference.token }, 'agent', {
      FLEET_REPORT_INTERVAL: '5',
      HEARTBEAT_INTERVAL: '0',
      PENDING_COMMANDS_CHECK_INTERVAL: '0',
      HEALTH_CHECK_INTERVAL: '0',
      RETRY_ATTEMPTS: '3',
      LOG_LEVEL: 'DEBUG',
    });
    await table.until(appliedReports, { withinMs: 60_000 });
    const before = await sample(table, pid);
    const first = table.count(appliedReports);
    await table.until(appliedReports, { nth: first + cycles, withinMs: 300_000 });
    await table.sleep(1_000);
    const after = await sample(table, pid);
    stopwatch.finish();
    const reports = table.count(appliedReports) - first;
    table.note(cost.name, {
      cpuMs: (after.cpuMs - before.cpuMs) / reports,
      memoryMiB: after.rssBytes / mebibyte,
    });
  },
  checks: {
    'one-handshake': ratio('reports share a connection', {
      of: handshakes,
      per: appliedReports,
      atMost: 0.25,
      fewest: cycles,
    }),
    'few-failures': ratio('few reports meet a handshake that fails', {
      of: { ...handshakes, outcome: 'failed' },
      per: appliedReports,
      atMost: 0.1,
      fewest: cycles,
      unit: '%',
    }),
    'nothing-lost': noMissing('no report is lost', { of: appliedReports, field: 'sequence' }),
    latency: statistic('a report waits for no back-off', {
      of: exchanges,
      since: appliedReports,
      field: 'ms',
      take: 'mean',
      fewest: cycles - 4,
      atMost: 250,
      unit: 'ms',
    }),
    packets: statistic('a report takes few packets', {
      of: exchanges,
      since: appliedReports,
      field: 'packets',
      take: 'mean',
      fewest: cycles - 4,
      atMost: 4,
      unit: 'packets',
    }),
    processor: statistic('a report takes little processor time', {
      of: cost,
      field: 'cpuMs',
      take: 'last',
      atMost: 100,
      unit: 'ms',
    }),
    memory: statistic('the agent needs little memory', {
      of: cost,
      field: 'memoryMiB',
      take: 'last',
      atMost: 300,
      unit: 'MiB',
    }),
  },
  reported: ['one-handshake', 'few-failures'],
  claims: [
    {
      id: 'handshakes-for-two-minutes',
      figure: 'TLS handshakes per minute at a 5 s cycle, 30 % of them cut',
      requirement: 'R1.7',
      reportedBefore: 12,
      reportedAfter: 1,
      unit: 'handshakes/min',
      check: 'one-handshake',
      scale: 12,
      before: [11, 24],
      after: [0, 1.5],
    },
    {
      id: 'failed-handshakes',
      figure: 'reports that meet a failed handshake',
      requirement: 'R1.7',
      reportedBefore: 30,
      reportedAfter: 0,
      unit: '%',
      check: 'few-failures',
      scale: 100,
      before: [15, 65],
      after: [0, 0],
    },
    {
      id: 'request-latency',
      figure: 'mean latency of a report, over 10 ms of round trip',
      requirement: 'R1.7',
      reportedBefore: '50–200',
      reportedAfter: '10–20',
      unit: 'ms',
      check: 'latency',
      before: [50, 200],
      after: [10, 20],
    },
    {
      id: 'packets-per-report',
      figure: 'packets of a report, both ways',
      requirement: 'R1.7',
      reportedBefore: 'more',
      reportedAfter: 'fewer',
      unit: 'packets',
      check: 'packets',
      before: any,
      after: any,
      ratio: [0, 0.999],
    },
    {
      id: 'processor-time-per-report',
      figure: 'processor time of the agent for a report',
      requirement: 'R1.7',
      reportedBefore: 'more',
      reportedAfter: 'less',
      unit: 'ms',
      check: 'processor',
      before: any,
      after: any,
      ratio: [0, 0.999],
    },
    {
      id: 'memory',
      figure: 'memory of the agent',
      requirement: 'R1.7',
      reportedBefore: 'less',
      reportedAfter: 'slightly more',
      unit: 'MiB',
      check: 'memory',
      before: any,
      after: any,
      ratio: [1, 1.5],
    },
  ],
});
