/** How the machine is: while a simulation runs it is always the same one, at rest. Programs report such figures, and their digits count. */
import os from 'node:os';
import { current } from './current.ts';

const megabyte = 1_024 * 1_024;

/** What a simulated machine says of itself. */
const atRest = {
  freeBytes: 2_048 * megabyte,
  totalBytes: 4_096 * megabyte,
  memory: {
    rss: 96 * megabyte,
    heapTotal: 48 * megabyte,
    heapUsed: 32 * megabyte,
    external: 4 * megabyte,
    arrayBuffers: megabyte,
  },
} as const;

export function sealMachine(): void {
  const { freemem, totalmem, loadavg, uptime } = os;
  os.freemem = () => (current() ? atRest.freeBytes : freemem());
  os.totalmem = () => (current() ? atRest.totalBytes : totalmem());
  os.loadavg = () => (current() ? [0, 0, 0] : loadavg());
  os.uptime = () => {
    const simulation = current();
    return simulation ? Math.floor(simulation.queue.nowUs / 1_000_000) : uptime();
  };
  const { memoryUsage, cpuUsage } = process;
  process.memoryUsage = Object.assign(() => (current() ? { ...atRest.memory } : memoryUsage()), {
    rss: () => (current() ? atRest.memory.rss : memoryUsage.rss()),
  });
  process.cpuUsage = (before) => (current() ? { user: 0, system: 0 } : cpuUsage(before));
}
