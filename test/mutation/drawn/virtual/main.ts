/**
 * The program of the stage `simulated`: plays what it is told in virtual time, and leaves `run.json` in its directory. It goes into
 * a copy of the project, at this place, and plays the copy's agents.
 */
import { writeFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';
import { seal } from '../../../../harness/simulation/seal/seal.ts';
import type { VirtualOrder } from './player.ts';

// What was compiled once is kept, which takes a third off the start.
enableCompileCache();
// Before anything else is loaded: some libraries keep the clock and the chance that they find.
seal();
const { playInTurn } = await import('./player.ts');

const order = JSON.parse(process.argv[2] ?? '') as VirtualOrder;
const scenarios = await playInTurn(order);
await writeFile(join(order.directory, 'run.json'), JSON.stringify({ scenarios }));
// What a mutant left running is no reason to stay.
process.exit(0);
