/** `shaketable doctor --on URL`: whether a server that hands out work is fit for it, and who plays for it. */
import { systemClock } from 'shaketable-proxy/clock';
import { loadProject } from '../config/project.ts';
import { inspectNats, type NatsFacts } from '../queue/nats/inspect-nats.ts';
import { openNatsEngine } from '../queue/nats/nats-engine.ts';
import { codeIdentity } from '../scale/code-identity.ts';
import { type Trial, tryWorkers } from '../scale/coordinator/try-workers.ts';
import { type Facility, printFacilities } from './facilities.ts';
import { interruptible } from './interrupt.ts';

export async function doctorOnCommand(url: string, json: boolean): Promise<number> {
  return await interruptible(async (signal) => {
    const facts = await inspectNats(url);
    await using engine = await openNatsEngine(url);
    const runs = (await engine.runs()).map(({ run }) => run);
    const code = await codeIdentity(await loadProject());
    const trial = await tryWorkers(engine, code, systemClock(), signal);
    const facilities = [
      ...serverFacilities(facts),
      ...workerFacilities(trial),
      { name: 'runs', works: true, detail: runs.length === 0 ? 'none' : runs.join(', '), needed: false },
    ];
    const healthy = facilities.every(({ works, needed }) => works || !needed);
    if (json) console.log(JSON.stringify({ healthy, facilities }, null, 2));
    else printFacilities(facilities);
    return healthy ? 0 : 3;
  });
}

function serverFacilities({ address, version, rttMs, storage, storageLimit, sync }: NatsFacts): Facility[] {
  const limit = storageLimit < 0 ? 'no limit but the disk' : `limit ${mib(storageLimit)}`;
  return [
    {
      name: 'server',
      works: true,
      detail: `NATS ${version} at ${address}, ${rttMs < 1 ? 'less than 1' : rttMs} ms away`,
      needed: true,
    },
    { name: 'storage', works: true, detail: `${mib(storage)} in use, ${limit}`, needed: true },
    {
      name: 'on disk',
      works: sync?.always ?? false,
      detail: syncInWords(sync),
      needed: false,
    },
  ];
}

function syncInWords(sync: NatsFacts['sync']): string {
  const how = 'set `sync_interval: always` in its jetstream block';
  if (sync === undefined)
    return `not told, since its monitoring does not answer (port 8222); a power failure may lose what was said last: ${how}`;
  return sync.always
    ? 'before it is acknowledged'
    : `only every ${sync.interval}; a power failure may lose what was said last: ${how}`;
}

function workerFacilities({ workers, notes, clocks, unitsPerSecond }: Trial): Facility[] {
  if (unitsPerSecond === undefined) {
    const detail =
      notes.length > 0 ? notes.join('\n') : 'none answers; start one with `shaketable worker --on URL`';
    return [{ name: 'workers', works: false, detail, needed: true }];
  }
  const lines = workers.map(({ worker, host, slots, cores, cpu }) => {
    const clock = clocks.get(worker);
    const off = clock ? `clock ${signed(clock.offsetMs)} ± ${clock.boundMs.toFixed(2)} ms` : 'clock not told';
    return `${worker} on ${host}: ${slots} at a time, ${cores} × ${cpu}, ${off}`;
  });
  const refusing = notes.filter((line) => line.includes('refuses'));
  return [
    { name: 'workers', works: true, detail: [...lines, ...refusing].join('\n'), needed: true },
    {
      name: 'throughput',
      works: true,
      detail: `${Math.round(unitsPerSecond)} units without weight a second`,
      needed: false,
    },
  ];
}

const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const signed = (ms: number): string => `${ms < 0 ? '−' : '+'}${Math.abs(ms).toFixed(2)}`;
