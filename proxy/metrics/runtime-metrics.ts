/**
 * Figures of the process: the `process_` metrics that Prometheus' own clients agree on, as far as Linux tells them, and
 * a few of Node's in place of Go's.
 * https://prometheus.io/docs/instrumenting/writing_clientlibs/#standard-and-runtime-collectors
 */
import { readdirSync, readFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Family } from './family.ts';

export class RuntimeMetrics {
  readonly #delay = monitorEventLoopDelay({ resolution: 10 });

  constructor() {
    this.#delay.enable();
  }

  toString(): string {
    const { user, system } = process.cpuUsage();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const delay = this.#delay.percentile(99) / 1e9;
    return [
      counter('process_cpu_seconds_total', 'User and system time of the processor.', (user + system) / 1e6),
      gauge('process_start_time_seconds', 'When the process began, Unix time.', performance.timeOrigin / 1e3),
      gauge('process_resident_memory_bytes', 'Resident memory.', rss),
      ...openFiles(),
      gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
      gauge('nodejs_heap_size_total_bytes', 'Heap in all.', heapTotal),
      gauge('nodejs_external_memory_bytes', 'Memory outside the heap.', external),
      gauge('nodejs_eventloop_lag_p99_seconds', 'How late the event loop came, 99th percentile.', delay),
      versionInfo(),
    ].join('');
  }
}

/** Where the system tells them. */
function openFiles(): Family[] {
  try {
    const [, most = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    const open = readdirSync('/proc/self/fd').length;
    return [
      gauge('process_open_fds', 'Open file descriptors.', open),
      gauge('process_max_fds', 'The most of them that are allowed.', Number(most)),
    ];
  } catch {
    return [];
  }
}

function versionInfo(): Family {
  const labels = ['version'];
  const family = new Family({ name: 'nodejs_version_info', help: 'Of Node.', type: 'gauge', labels });
  return family.add(1, process.version);
}

const gauge = (name: string, help: string, value: number): Family =>
  new Family({ name, help, type: 'gauge' }).add(value);

const counter = (name: string, help: string, value: number): Family =>
  new Family({ name, help, type: 'counter' }).add(value);
