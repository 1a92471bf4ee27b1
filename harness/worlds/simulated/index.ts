/**
 * The `simulated` world: one process, virtual time, a network in memory. The scenarios, the agents, the reference server, the fault proxy
 * and the client libraries are those of `local`; the kernel under their sockets, the clock and the database are simulated.
 */
import { join } from 'node:path';
import type { FoundWorld, WorldModule } from '../world-module.ts';

const found: FoundWorld = {
  startShared: async () => ({
    facts: {},
    database: 'none',
    trouble: () => undefined,
    [Symbol.asyncDispose]: async () => {},
  }),
};

export const world: WorldModule = {
  name: 'simulated',
  // Timers and sockets of a process belong to one simulation.
  subjects: 'in turn',
  // Waiting costs nothing.
  paces: ['real'],
  usualWorkers: (cores) => cores,
  find: async () => found,
  workerSetUp: join(import.meta.dirname, 'worker-set-up'),
  startTable: async (_facts, options) => (await import('./table.ts')).startSimulatedTable(options),
  replayFlags: () => ['--world', 'simulated'],
};
