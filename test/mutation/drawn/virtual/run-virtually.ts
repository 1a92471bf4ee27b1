/** Plays scenarios and explorations of a copy of the project in virtual time, in one process of its own. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScratchCopy } from '../../scratch-copy.ts';
import type { Ended } from '../judge.ts';
import type { VirtualOrder } from './player.ts';

const program = 'test/mutation/drawn/virtual/main.ts';

/** All of them take ten seconds of a processor: whoever takes so many real milliseconds hangs. */
const longestMs = 600_000;

/** Runs the program in `copy`. An abort of `signal` ends it and rejects. */
export async function runVirtually(
  copy: ScratchCopy,
  what: Omit<VirtualOrder, 'directory'>,
  signal: AbortSignal,
): Promise<Ended> {
  const directory = join(copy.directory, 'reports/virtual');
  await rm(directory, { recursive: true, force: true }); // An earlier result is not taken for this one's.
  const order = JSON.stringify({ ...what, directory } satisfies VirtualOrder);
  const ended = await copy.program(program, [order], signal, { boundMs: longestMs });
  const text = await readFile(join(directory, 'run.json'), 'utf8').catch(() => undefined);
  return { ...ended, run: text === undefined ? undefined : (JSON.parse(text) as Ended['run']) };
}
