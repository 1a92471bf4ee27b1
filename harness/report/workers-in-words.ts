/** Who played a run that was handed out to workers, as the cells of a table. */
import type { WorkerRow } from './run-result.ts';
import { count, showDuration } from './text.ts';

/** The columns, in their order. */
export const workerColumns = ['worker', 'machine', 'slots', 'scenarios', 'busy', 'load'] as const;

/** A row; `busy` is how long its slots had work, of all the time that they had. */
export function workerCells(
  worker: WorkerRow,
  durationMs: number,
): Readonly<Record<(typeof workerColumns)[number], string>> {
  const { name, host, cpu, cores, slots, scenarios, busyMs, load } = worker;
  const share = durationMs > 0 ? ` (${Math.round((100 * busyMs) / (slots * durationMs))} %)` : '';
  return {
    worker: name,
    machine: `${host}, ${count(cores, 'core')}, ${cpu}`,
    slots: String(slots),
    scenarios: String(scenarios),
    busy: `${showDuration(busyMs)}${share}`,
    // More processes that want to run than cores: times of that machine are to be read with care.
    load: `${load.toFixed(1)}${load > cores ? ' (more than its cores)' : ''}`,
  };
}
