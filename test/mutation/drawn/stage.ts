/**
 * Where mutants are judged: all of them in virtual time, where a scenario takes a fraction of a second, and on real sockets those
 * that nobody noticed there.
 */
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { loadScenarios } from '../../../harness/cli/load-scenarios.ts';
import { findScenarios } from '../../../harness/cli/scenario-files.ts';
import { loadProject } from '../../../harness/config/project.ts';
import { findDatabase } from '../../../harness/databases/index.ts';
import { projectRoot, type ScratchCopy } from '../scratch-copy.ts';
import type { Ended } from './judge.ts';
import type { VirtualOrder } from './virtual/player.ts';

export type StageName = 'simulated' | 'local';

/** A judge of mutants. */
export interface Stage {
  readonly name: StageName;
  /** Ids of what it can play: scenarios, and explorations by their place below `scenarios`. */
  plays(): Promise<readonly string[]>;
  /** Has what it needs before anything is played. */
  prepare(announce: (line: string) => void): Promise<void>;
  /** How many are played in the first runs for a mutant; the rest follow in one. */
  readonly batchSizes: readonly number[];
  /** Plays these in a copy of the project. */
  run(copy: ScratchCopy, plays: readonly string[], signal: AbortSignal): Promise<Ended>;
}

const program = 'test/mutation/drawn/virtual/main.ts';

/** A lab that takes longer hangs: it gives up a story after two minutes of real time itself. */
const longestMs = 600_000;

const local: Stage = {
  name: 'local',
  plays: async () => (await scenarios()).map(({ id }) => id),
  prepare: async (announce) => void (await findDatabase({ setUp: true, announce })),
  batchSizes: [2, 6],
  run: (copy, plays, signal) => copy.run(plays, signal, { boundMs: longestMs }),
};

/** Its process ends with the first that fails, so that all are played in one. */
const simulated: Stage = {
  name: 'simulated',
  async plays() {
    const declared = await loadScenarios(await scenarios());
    const playable = declared.filter(({ worlds }) => worlds.includes('simulated')).map(({ id }) => id);
    return [...playable, ...(await explorations())];
  },
  prepare: async () => {},
  batchSizes: [],
  run: runVirtually,
};

/** Runs the program of `virtual` in the copy. */
async function runVirtually(
  copy: ScratchCopy,
  plays: readonly string[],
  signal: AbortSignal,
): Promise<Ended> {
  const directory = join(copy.directory, 'reports/virtual');
  await rm(directory, { recursive: true, force: true }); // An earlier result is not taken for this one's.
  const order = JSON.stringify({ plays, directory } satisfies VirtualOrder);
  const ended = await copy.program(program, [order], signal, { boundMs: longestMs });
  const text = await readFile(join(directory, 'run.json'), 'utf8').catch(() => undefined);
  return { ...ended, run: text === undefined ? undefined : (JSON.parse(text) as Ended['run']) };
}

/** In the order in which they are asked: one that notices has the last word. */
export const stages: readonly Stage[] = [simulated, local];

const scenarios = async () => await findScenarios([], await loadProject(undefined, projectRoot));

async function explorations(): Promise<string[]> {
  const files = await readdir(join(projectRoot, 'scenarios/explorations'));
  return files.map((file) => `explorations/${file.replace(/\.ts$/, '')}`).toSorted();
}
