/** Seals the process: once, and before the libraries are loaded that keep what they found (ws does with `randomBytes`). */
import { syncBuiltinESMExports } from 'node:module';
import { sealClocks } from './clocks.ts';
import { sealEntropy } from './entropy.ts';
import { sealFiles } from './files.ts';
import { sealMachine } from './machine.ts';
import { sealSockets } from './sockets.ts';
import { sealThreads } from './threads.ts';
import { sealTimers } from './timers.ts';
import { armTripwire } from './tripwire.ts';

let isSealed = false;

/** Without effect the second time. What is sealed is as it was while no simulation runs. */
export function seal(): void {
  if (isSealed) return;
  isSealed = true;
  sealClocks();
  sealEntropy();
  sealTimers();
  sealMachine();
  sealFiles();
  sealThreads();
  sealSockets();
  syncBuiltinESMExports();
  armTripwire();
}
