/**
 * What a process holds at a moment: memory, descriptors, sockets, threads, processor time. Read from Linux's `/proc`; where
 * there is none, there are no samples, and a check that needs them is left without evidence.
 */
import { readdir, readFile, readlink } from 'node:fs/promises';
import { type Clock, systemClock } from 'shaketable-proxy/clock';

/** The kernel reports processor time in ticks of 1/100 s to programs, whatever its own timer (time(7), USER_HZ). */
const msPerTick = 10;

/** A process at one moment. */
export interface ProcessSample {
  /** Resident memory. */
  readonly rssBytes: number;
  readonly threads: number;
  /** Processor time since it started, user and system. */
  readonly cpuMs: number;
  /** Open descriptors; missing for a process of another user. */
  readonly fds?: number;
  /** Those of them that are sockets, unix ones included. */
  readonly sockets?: number;
}

/** Samples the process now; `undefined` if it is gone, or the system has no `/proc`. */
export async function sampleProcess(pid: number): Promise<ProcessSample | undefined> {
  const [status, stat] = await Promise.all([read(`/proc/${pid}/status`), read(`/proc/${pid}/stat`)]);
  const rssKilobytes = numberAfter(status, /^VmRSS:\s+(\d+) kB$/m);
  const threads = numberAfter(status, /^Threads:\s+(\d+)$/m);
  // Fields 14 and 15 of proc_pid_stat(5), counted from behind the command, which may hold blanks and brackets.
  const ticks = stat
    ?.slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  if (rssKilobytes === undefined || threads === undefined || ticks === undefined) return undefined;
  const cpuMs = ticks.reduce((sum, each) => sum + each, 0) * msPerTick;
  return { rssBytes: rssKilobytes * 1024, threads, cpuMs, ...(await countDescriptors(pid)) };
}

/** What to sample and how often. */
export interface ProcessSamplerOptions {
  readonly pid: number;
  /** Gets each sample, the first one at once. */
  readonly onSample: (sample: ProcessSample) => void;
  /** Measures `everyMs`. @default the wall clock */
  readonly clock?: Clock;
  /** @default 1000 */
  readonly everyMs?: number;
}

/** Samples until the process is gone or the sampler is disposed, which takes one last sample. */
export function startProcessSampler(options: ProcessSamplerOptions): AsyncDisposable {
  const { pid, onSample, clock = systemClock(), everyMs = 1_000 } = options;
  const ended = new AbortController();
  const take = async (): Promise<boolean> => {
    const sample = await sampleProcess(pid);
    if (sample !== undefined) onSample(sample);
    return sample !== undefined;
  };
  const sampling = (async () => {
    while (await take()) {
      if (ended.signal.aborted) return;
      await clock.sleep(everyMs, ended.signal).catch(() => undefined);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      ended.abort();
      await sampling;
    },
  };
}

async function countDescriptors(pid: number): Promise<{ fds?: number; sockets?: number }> {
  const directory = `/proc/${pid}/fd`;
  const names = await readdir(directory).catch(() => undefined);
  if (names === undefined) return {};
  const targets = await Promise.all(names.map((name) => readlink(`${directory}/${name}`).catch(() => '')));
  const open = targets.filter((target) => target !== ''); // What was closed while we looked is not counted.
  return { fds: open.length, sockets: open.filter((target) => target.startsWith('socket:')).length };
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'latin1').catch(() => undefined);
}

function numberAfter(text: string | undefined, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits);
}
