/**
 * Where mutants are judged: all of them in virtual time, where a scenario takes a fraction of a second, and on real sockets those
 * that nobody noticed there.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { loadScenarios } from '../../../harness/cli/load-scenarios.ts';
import { findScenarios } from '../../../harness/cli/scenario-files.ts';
import { loadProject } from '../../../harness/config/project.ts';
import { findDatabase } from '../../../harness/databases/index.ts';
import { projectRoot, type ScratchCopy } from '../scratch-copy.ts';
import type { Ended } from './judge.ts';
import { runVirtually } from './virtual/run-virtually.ts';

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
export const simulated: Stage = {
  name: 'simulated',
  async plays() {
    const declared = await loadScenarios(await scenarios());
    const playable = declared.filter(({ worlds }) => worlds.includes('simulated')).map(({ id }) => id);
    return [...playable, ...(await explorations())];
  },
  prepare: async () => {},
  batchSizes: [],
  run: (copy, plays, signal) => runVirtually(copy, { plays, upTo: 'the first that fails' }, signal),
};

/** In the order in which they are asked: one that notices has the last word. */
export const stages: readonly Stage[] = [simulated, local];

const scenarios = async () => await findScenarios([], await loadProject(undefined, projectRoot));

async function explorations(): Promise<string[]> {
  // Those in folders explore libraries, which no mutant is in.
  const files = (await readdir(join(projectRoot, 'scenarios/explorations'))).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.map((file) => `explorations/${file.replace(/\.ts$/, '')}`).toSorted();
}
