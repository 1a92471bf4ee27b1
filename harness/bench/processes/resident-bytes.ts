/** The memory of another process, as Linux counts it. */
import { readFileSync } from 'node:fs';

/** The resident set in bytes, from `/proc/PID/status` (proc(5)). */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}
