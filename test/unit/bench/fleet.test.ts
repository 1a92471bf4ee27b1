import { describe, expect, it } from 'vitest';
import { type AgentWorld, FleetAgent } from '../../../harness/bench/load/fleet/agent.ts';
import type { LinkOwner } from '../../../harness/bench/load/fleet/link.ts';
import type { FromAgent, FromServer } from '../../../harness/bench/load/fleet/messages.ts';
import { reconnectPolicy, spreadMsOf } from '../../../harness/bench/load/fleet/reconnect.ts';
import { Tally } from '../../../harness/bench/load/fleet/tally.ts';
import { slotMs, TimerWheel } from '../../../harness/bench/load/fleet/timer-wheel.ts';
import { summarizeRow } from '../../../harness/bench/rounds/summarize-row.ts';
import { peakPerSecond } from '../../../harness/bench/statistics/peak-rate.ts';
import { fleetAmount } from '../../../harness/bench/workloads/fleet/amount.ts';
import { addressesFor, type SystemLimits } from '../../../harness/bench/workloads/fleet/limits.ts';
import type { FleetBatch } from '../../../harness/bench/workloads/fleet/rig.ts';
import {
  fleetUnits,
  memoryFigures,
  takeOfRamp,
  takeOfRestart,
  takeOfSteady,
} from '../../../harness/bench/workloads/fleet/take.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { manualClock } from '../../support/manual-clock.ts';

describe('the wheel', () => {
  it('meets a timer up to a slot late and never early, and not at all once it is cancelled', () => {
    let now = 3;
    const wheel = new TimerWheel({ now: () => now, sleep: async () => {} });
    const met: [string, number][] = [];
    const wait = (ms: number, name: string) => wheel.after(ms, () => met.push([name, now]));
    wait(25, 'first');
    wait(0, 'at once');
    wait(25, 'given up').cancel();

    for (; now < 100; now += 1) wheel.advance();

    expect(met.map(([name]) => name)).toEqual(['at once', 'first']);
    expect(met[1]?.[1]).toBeGreaterThanOrEqual(3 + 25);
    expect(met[1]?.[1]).toBeLessThan(3 + 25 + slotMs);
  });

  it('meets what a timer begins, and what fell due while the process stood still', () => {
    let now = 0;
    const wheel = new TimerWheel({ now: () => now, sleep: async () => {} });
    let met = 0;
    const again = (): void => {
      met += 1;
      wheel.after(0, again);
    };
    again();
    wheel.after(400, () => {
      met += 100;
    });

    now = 500;
    wheel.advance();
    wheel.advance();

    // Begun, late, due at once on the same turn; the next one is of a slot to come.
    expect(met).toBe(103);
  });
});

describe('coming back', () => {
  it('is at once and then at a fixed pace for the naive herd', () => {
    const { waitMs } = reconnectPolicy('naive herd', 1_000);

    expect([0, 1, 2].map((failures) => waitMs(failures, seededRandom(1)))).toEqual([0, 1_000, 1_000]);
  });

  it('is spread over a window as wide as the fleet is large where it is jittered, which grows with failures', () => {
    const random = seededRandom(1);
    const widest = (agents: number, failures: number): number =>
      Math.max(
        ...Array.from({ length: 500 }, () => reconnectPolicy('jittered', agents).waitMs(failures, random)),
      );

    expect(spreadMsOf(10_000)).toBe(100_000);
    expect(widest(1_000, 0) / 10_000).toBeCloseTo(1, 1);
    expect(widest(10_000, 0) / 100_000).toBeCloseTo(1, 1);
    expect(widest(1_000, 1) / 20_000).toBeCloseTo(1, 1);
    expect(widest(1_000, 9) / 40_000).toBeCloseTo(1, 1);
  });

  it.each(['patient', 'naive herd', 'jittered'] as const)('of %s takes no longer than it says', (name) => {
    const { waitMs, longestWaitMs } = reconnectPolicy(name, 10_000);
    const last = { ...seededRandom(1), next: () => 1 };

    expect(Math.max(...Array.from({ length: 12 }, (_, failures) => waitMs(failures, last)))).toBe(
      longestWaitMs,
    );
  });
});

it('counts the most events of any second, wherever it begins', () => {
  expect(peakPerSecond([])).toBe(0);
  expect(peakPerSecond([900, 1_899, 1_500, 1_901, 5_000])).toBe(3);
  expect(peakPerSecond([0, 1_000, 2_000])).toBe(1);
});

describe('an agent', () => {
  it('registers, reports, and beats its heart once it is online', async () => {
    const { advance, sent, answer } = start();

    answer({ type: 'registered' });
    await advance(2_000);

    expect(sent().map(({ type }) => type)).toEqual(
      expect.arrayContaining(['register', 'fleet_report', 'heartbeat']),
    );
    expect(sent().filter(({ type }) => type === 'fleet_report')).toHaveLength(2);
  });

  it('sends what was not acknowledged again on the next connection, in order, and keeps some of it at most', async () => {
    const { advance, sent, answer, links, tally } = start();
    answer({ type: 'registered' });
    await advance(1_000);
    answer({ type: 'ack', id: 1 });
    links.at(-1)?.owner.onClose('WS_1006');
    await advance(5_000);

    expect(links).toHaveLength(2);
    links.at(-1)?.owner.onOpen();
    answer({ type: 'registered' });

    const again = sent().filter(({ type }) => type === 'fleet_report');
    expect(again).toMatchObject([{ id: 4 }, { id: 5 }, { id: 6 }]);
    expect(tally.take()).toMatchObject({ made: 6, dropped: 2, online: 1, losses: { WS_1006: 1 } });
  });

  it('gives up a connection that is not answered in time, and one that owes two answers to heartbeats', async () => {
    const { advance, answer, links, tally } = start();

    await advance(10_020);
    expect(links[0]?.ended).toBe('too late');
    links[0]?.owner.onClose('too late');
    await advance(1_020);
    links[1]?.owner.onOpen();
    answer({ type: 'registered' });
    await advance(4_000);
    expect(links[1]?.ended).toBeUndefined();
    await advance(2_000);

    expect(links[1]?.ended).toBe('no pong');
    expect(tally.take()).toMatchObject({ failures: { 'too late': 1 } });
  });
});

/** An agent of its own on links that only tell what was asked of them. */
function start() {
  const clock = manualClock();
  const wheel = new TimerWheel(clock);
  const tally = new Tally();
  const links: { owner: LinkOwner; sent: FromAgent[]; ended?: string }[] = [];
  const world: AgentWorld = {
    ...{ clock, wheel, tally, random: seededRandom(1) },
    habits: { reportEveryMs: 1_000, heartbeatEveryMs: 2_000, keptReports: 3 },
    policy: reconnectPolicy('naive herd', 1),
    paused: false,
    openLink: (owner) => {
      const link: (typeof links)[number] = { owner, sent: [] };
      links.push(link);
      return {
        send: (text) => void link.sent.push(JSON.parse(text) as FromAgent),
        end: (code) => {
          link.ended = code;
        },
      };
    },
  };
  new FleetAgent(7, world, true).connect();
  links[0]?.owner.onOpen();
  return {
    links,
    tally,
    sent: () => links.at(-1)?.sent ?? [],
    answer: (message: FromServer) => links.at(-1)?.owner.onText(JSON.stringify(message)),
    async advance(ms: number) {
      for (let passed = 0; passed < ms; passed += slotMs) {
        await clock.advance(slotMs);
        wheel.advance();
      }
    },
  };
}

describe('the limits of the machine', () => {
  const roomy: SystemLimits = { openFiles: 20_000, ports: 28_232, manyAddresses: true };

  it('allow ten thousand agents where twenty thousand files may be open', () => {
    expect(addressesFor(10_000, roomy)).toEqual([]);
  });

  it('are told with the number of agents that would fit, and how to have more', () => {
    const tight = { ...roomy, openFiles: 1_024 };

    expect(() => addressesFor(1_000, tight)).toThrow(
      expect.objectContaining({
        code: 'LAB_BAD_INPUT',
        message: '1,000 agents need 1,450 open files in a process, which may have 1,024 here',
        hint: expect.stringMatching(/`ulimit -n 1450`, or give at most --agents 659/),
      }),
    );
    expect(addressesFor(659, tight)).toEqual([]);
    expect(() => addressesFor(660, tight)).toThrow('open files');
  });

  it('of ports are met by more addresses where the machine has them, and told where it has not', () => {
    const many = { ...roomy, openFiles: Number.POSITIVE_INFINITY };

    expect(addressesFor(50_000, many)).toEqual(['127.0.0.1', '127.0.0.2', '127.0.0.3']);
    expect(() => addressesFor(50_000, { ...many, manyAddresses: false })).toThrow('more ports');
  });
});

it('takes the size that is asked for, and the usual one otherwise', () => {
  expect(fleetAmount({ quick: true })).toMatchObject({ agents: 200, steadyMs: 3_000 });
  expect(fleetAmount({ quick: false, fleet: { agents: 10_000 } })).toMatchObject({
    agents: 10_000,
    steadyMs: 30_000,
  });
});

const none = new Float64Array();
const batch: FleetBatch = {
  agents: {
    online: 2,
    attemptsAt: Float64Array.of(1_000, 1_010, 3_000),
    openMs: Float64Array.of(5, 7),
    awayMs: Float64Array.of(2_000, 2_500),
    firstLostAt: 1_000,
    lastBackAt: 3_500,
    losses: {},
    failures: {},
    made: 10,
    dropped: 0,
    reportMs: none,
    lateMs: none,
  },
  server: {
    acceptedAt: none,
    handshakesAt: Float64Array.of(3_000, 3_400),
    resumed: 0,
    failed: 0,
    registrations: 2,
    heartbeats: 4,
    applied: 10,
    duplicates: 1,
  },
  elapsedMs: 5_000,
  agentsCpuMs: 50,
  serverCpuMs: 25,
  waiting: 0,
};
const agents = (fields: Partial<FleetBatch['agents']>): FleetBatch => ({
  ...batch,
  agents: { ...batch.agents, ...fields },
});
const memory = { agents: { rss: 0, heap: 0, external: 0 }, server: { rss: 0, heap: 0, external: 0 } };
const looks = { raised: memory, later: memory };
const statusOf = (take: ReturnType<typeof takeOfRamp>) => summarizeRow('a row', [take], fleetUnits).status;

describe('a row of a fleet', () => {
  it('has what each further agent takes', () => {
    const after = { ...memory, agents: { rss: 80_000, heap: 6_000, external: 400 } };

    expect(memoryFigures(memory, after, 2)).toMatchObject({ resident: 40_000, heap: 3_000, external: 200 });
  });

  it('has the time until all are back from the first that was cut, and peaks', () => {
    expect(takeOfRestart(2, batch).figures).toMatchObject({
      allBack: 2.5,
      attempts: 1.5,
      peakAttempts: 2,
      peakHandshakes: 2,
      lost: 0,
      duplicates: 1,
    });
  });

  it.each([
    { what: 'a ramp-up that did not come to its end', take: takeOfRamp(3, batch) },
    { what: 'a restart from which not all came back', take: takeOfRestart(3, batch) },
    {
      what: 'a connection lost in a quiet time',
      take: takeOfSteady(agents({ losses: { WS_1006: 1 } }), looks),
    },
    {
      what: 'a report lost in a quiet time',
      take: takeOfSteady(agents({ made: 11, dropped: 1 }), looks),
    },
  ])('has failed after $what', ({ take }) => {
    expect(statusOf(take)).toBe('failed');
  });

  it.each([
    {
      what: 'the agents know of registrations that the server does not',
      of: { openMs: Float64Array.of(1, 2, 3) },
    },
    { what: 'reports are neither here nor there', of: { made: 12 } },
    { what: 'the restart cut too few', of: { awayMs: Float64Array.of(1) } },
  ])('is void when $what', ({ of }) => {
    expect(statusOf(takeOfRestart(2, agents(of)))).toBe('void');
  });

  it('is measured otherwise; reports that gave way to later ones are lost, and no doubt', () => {
    const take = takeOfRestart(2, agents({ made: 12, dropped: 2 }));

    expect(take.figures).toMatchObject({ lost: 2 });
    expect(statusOf(take)).toBe('measured');
  });
});
