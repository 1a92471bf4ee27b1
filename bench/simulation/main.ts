/**
 * How many stories in virtual time a core tells in a minute, what an hour of the hardened agent takes, and whether memory stays flat.
 * Figures are processor time of this process: on a busy machine the wall clock says how busy it is.
 */
import { scriptArguments } from '../../build/script-arguments.ts';

const help = `npm run bench:simulation [-- options]

Tells stories of a minute in virtual time, then hours of the hardened agent, and prints how much processor time and
memory they take. Some minutes; run it while the machine does nothing else.

  --stories N   stories (2000)
  --seed N      the first seed (1)
  --help        print this`;

const { number } = scriptArguments(help, {
  options: { stories: { type: 'string', default: '2000' }, seed: { type: 'string', default: '1' } },
});
const [amount, seed] = [number('stories'), number('seed', 0)];

// Sealed once a story runs; what is measured with is taken before.
const { cpuUsage, memoryUsage } = process;
const { tellBoth, tellHttp } = await import('./stories.ts');
const { playHour } = await import('./hour.ts');

const warmUp = 50;
const megabyte = 1_024 * 1_024;

/** Processor seconds that `work` takes. */
async function processorSeconds(work: () => Promise<void>): Promise<number> {
  const before = cpuUsage();
  await work();
  const { user, system } = cpuUsage(before);
  return (user + system) / 1e6;
}

/** Bytes in use after what can be freed was freed, where that can be asked for (`--expose-gc`). */
function heapMegabytes(): number {
  globalThis.gc?.();
  return Math.round(memoryUsage().heapUsed / megabyte);
}

async function measureStories(name: string, tell: typeof tellHttp, times: number): Promise<void> {
  for (let number = 0; number < warmUp; number += 1) await tell(seed + number);
  const before = heapMegabytes();
  let events = 0;
  const seconds = await processorSeconds(async () => {
    for (let number = 0; number < times; number += 1) events += (await tell(seed + warmUp + number)).events;
  });
  const perMinute = Math.round((times / seconds) * 60);
  console.log(
    `${name}: ${times} virtual minutes, ${events} events, ${seconds.toFixed(1)} s: ${perMinute} a minute and core; heap ${before} → ${heapMegabytes()} MiB`,
  );
}

await measureStories('HTTP (undici, node:http)', tellHttp, amount);
await measureStories('HTTP and WebSocket (ws)', tellBoth, Math.ceil(amount / 4));
for (const [name, reportEveryS] of [
  ['once, with all that is loaded and compiled', 60],
  ['again', 60],
  ['again, reports every 5 s', 5],
] as const) {
  const begun = performance.now();
  let told = '';
  const seconds = await processorSeconds(async () => {
    const { faults, strikes, requests, entries } = await playHour(seed, reportEveryS);
    told = `${faults} faults, ${strikes} strikes, ${requests} requests, ${entries} entries`;
  });
  const wall = (performance.now() - begun) / 1_000;
  console.log(
    `An hour of the hardened agent, ${name}: ${told}: ${seconds.toFixed(1)} s (${wall.toFixed(1)} s by the clock)`,
  );
}
