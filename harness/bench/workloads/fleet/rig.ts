/**
 * A fleet and its server. No proxy is between: it would have two sockets for each connection in one process, and take its share
 * of the same cores.
 *
 *     agents, one process ──► server, another: TLS, WebSocket
 */
import { createAuthority } from 'shaketable-proxy/certificates';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { type ReconnectName, reconnectPolicy } from '../../load/fleet/reconnect.ts';
import type { FleetCounts } from '../../load/fleet/tally.ts';
import type { FleetServerCounts } from '../../processes/fleet-server.ts';
import { startHelper } from '../../processes/helper.ts';
import type { Memory } from '../../processes/memory.ts';
import type { FleetAmount } from './amount.ts';

/** What both ends saw of a stretch of time, and spent in it. */
export interface FleetBatch {
  readonly agents: FleetCounts;
  readonly server: FleetServerCounts;
  readonly elapsedMs: number;
  /** Processor time of either end, ms. */
  readonly agentsCpuMs: number;
  readonly serverCpuMs: number;
  /** Reports that still waited for their acknowledgement at the end. */
  readonly waiting: number;
}

/** What either end holds. */
export interface FleetMemory {
  readonly agents: Memory;
  readonly server: Memory;
}

/** Told how many agents are online, some times a second at most. */
export type TellOnline = (online: number) => void;

export interface FleetRig extends AsyncDisposable {
  /** Starts agents until so many are online, a few at a time; gives up where none comes online any more. */
  raise(to: number, tell: TellOnline): Promise<FleetBatch>;
  /** Lets them live for so long, and report. */
  live(ms: number, tell: (passedMs: number) => void): Promise<FleetBatch>;
  /** Restarts the server; the agents come back by that policy, or some of them never do. */
  restart(policy: ReconnectName, tell: TellOnline): Promise<FleetBatch>;
  memory(): Promise<FleetMemory>;
}

export interface FleetRigOptions {
  readonly seed: number;
  readonly amount: FleetAmount;
  /** For the agents' end of connections. */
  readonly localAddresses?: readonly string[];
  /** Stops between two looks at the fleet. */
  readonly signal: AbortSignal;
  readonly clock?: Clock;
}

/** Agents on their way at a time while the fleet is raised: more would only wait for the processor. */
export const inFlight = 16;
/** How often it is looked how far the agents are, ms. */
const lookEveryMs = 1_000;
/** With nobody coming online for so long beyond the longest wait, nobody will, ms. */
const patienceMs = 60_000;
/** So long the last reports may take to be acknowledged, ms. */
const settleWithinMs = 10_000;

export async function startFleetRig(options: FleetRigOptions): Promise<FleetRig> {
  const { seed, amount, localAddresses = [], signal, clock = systemClock() } = options;
  await using resources = new AsyncDisposableStack();
  const authority = await createAuthority({ name: 'Benchmark', now: clock.now() });
  const { keyPem, chainPem } = await authority.issue({ hosts: ['localhost'] });
  // Of memory, the young generation of a helper's usual flags would be the larger part.
  const server = resources.use(startHelper('fleet-server-main', { execArgv: [] }));
  const agents = resources.use(startHelper('fleet-agents-main', { execArgv: [] }));
  const { result: port } = await server.run<number>({ kind: 'listen', key: keyPem, cert: chainPem });
  const { agents: count, habits } = amount;
  const fleet = { seed, agents: count, port, ca: authority.certPem, habits, localAddresses };
  await agents.run({ kind: 'fleet', ...fleet });
  const owned = resources.move();

  /** What both ends see while `work` is done and until its last reports have arrived. */
  const during = async (work: () => Promise<void>): Promise<FleetBatch> => {
    await takeCounts();
    const [agentsBefore, serverBefore] = [await agents.cpuMs(), await server.cpuMs()];
    const begunMs = clock.now();
    await work();
    const elapsedMs = clock.now() - begunMs;
    const spent = {
      agentsCpuMs: (await agents.cpuMs()) - agentsBefore,
      serverCpuMs: (await server.cpuMs()) - serverBefore,
    };
    const { result: waiting } = await agents.run<number>({ kind: 'settle', withinMs: settleWithinMs });
    return { ...(await takeCounts()), ...spent, elapsedMs, waiting };
  };
  const takeCounts = async (): Promise<Pick<FleetBatch, 'agents' | 'server'>> => ({
    agents: (await agents.run<FleetCounts>({ kind: 'counts' })).result,
    server: (await server.run<FleetServerCounts>({ kind: 'counts' })).result,
  });
  /** Looks again and again, until there are so many or there is no progress. */
  const untilOnline = async (
    wanted: number,
    policy: ReconnectName,
    look: () => Promise<number>,
    tell: TellOnline,
  ) => {
    const longestMs = reconnectPolicy(policy, wanted).longestWaitMs + patienceMs;
    let [most, since] = [0, clock.now()];
    while (most < wanted && clock.now() - since < longestMs) {
      signal.throwIfAborted();
      const online = await look();
      if (online > most) [most, since] = [online, clock.now()];
      tell(online);
    }
  };
  const run = async (kind: string, details: Record<string, unknown>): Promise<number> =>
    (await agents.run<number>({ kind, ...details })).result;
  return {
    raise: (to, tell) =>
      during(async () => {
        await run('resume', { policy: 'patient' });
        await untilOnline(to, 'patient', () => run('raise', { to, inFlight, withinMs: lookEveryMs }), tell);
      }),
    live: (ms, tell) =>
      during(async () => {
        await run('resume', { policy: 'patient' });
        const until = clock.now() + ms;
        for (let left = ms; left > 0; left = until - clock.now()) {
          signal.throwIfAborted();
          tell(ms - left);
          await run('live', { ms: Math.min(left, lookEveryMs) });
        }
      }),
    restart: async (policy, tell) => {
      // Who is not back from the last one is not to be counted in this one, nor is a report that is made before both ends are asked.
      await run('reconnectBy', { policy: 'patient' });
      await untilOnline(count, 'patient', () => run('back', { withinMs: lookEveryMs }), tell);
      return await during(async () => {
        await run('resume', { policy });
        // So that reports are under way when connections are cut.
        await run('live', { ms: lookEveryMs });
        await server.run({ kind: 'restart', downMs: amount.downMs });
        await untilOnline(count, policy, () => run('back', { withinMs: lookEveryMs }), tell);
      });
    },
    memory: async () => ({
      agents: (await agents.run<Memory>({ kind: 'memory' })).result,
      server: (await server.run<Memory>({ kind: 'memory' })).result,
    }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
