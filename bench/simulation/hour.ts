/** One virtual hour of the hardened agent in the simulated world, with 36 faults on its way to the server. */
import { toxic } from 'shaketable';
import type { PlannedFault } from '../../harness/faults/planned-fault.ts';
import { world } from '../../harness/worlds/simulated/index.ts';
import { seededRandom } from '../../proxy/core/random.ts';
import { startAgent } from '../../scenarios/rigs/agent.ts';
import { startReference } from '../../scenarios/rigs/reference.ts';

const hourMs = 3_600_000;
const amount = 36;

const kinds = [
  () => toxic({ type: 'latency', attributes: { latency: 3_000 } }),
  () => toxic({ type: 'reset_peer', attributes: { timeout: 0 } }),
  () => toxic({ type: 'blackhole', stream: 'downstream' }),
  () => toxic({ type: 'silence_accept' }),
] as const;

/** What an hour came to. */
export interface Hour {
  readonly faults: number;
  readonly strikes: number;
  readonly entries: number;
  readonly requests: number;
}

/** Plays one. `reportEveryS` is how often the agent reports. */
export async function playHour(seed: number, reportEveryS: number): Promise<Hour> {
  const draw = seededRandom(seed).fork('hour');
  const faults: Record<string, PlannedFault> = {};
  for (let number = 1; number <= amount; number += 1) {
    const from = Math.floor(draw.next() * hourMs);
    const fault = kinds[Math.floor(draw.next() * kinds.length)]?.() ?? kinds[0]();
    const forMs = 2_000 + Math.floor(draw.next() * 20_000);
    faults[`fault-${number}`] = {
      fault,
      link: 'agent→server',
      from: { afterMs: from },
      until: { afterMs: forMs },
    };
  }
  const options = { scenario: 'bench/hour', subject: 'hardened', seed, pace: 1, faults };
  const started = await world.startTable({}, options);
  const { table } = started;
  const reference = await startReference(table);
  await startAgent(table, reference, {
    env: { FLEET_REPORT_INTERVAL: String(reportEveryS), HEARTBEAT_INTERVAL: '30', LOG_LEVEL: 'INFO' },
  });
  await table.sleep(hourMs);
  await started.stopSubjects();
  const doubt = started.doubt();
  if (doubt !== undefined) throw new Error(doubt);
  const reports = await started.close();
  const entries = started.journal.seal();
  return {
    faults: reports.length,
    strikes: reports.reduce((sum, { strikes }) => sum + strikes, 0),
    entries: entries.length,
    requests: entries.filter((entry) => entry.kind === 'server.log' && entry.event === 'request').length,
  };
}
