/**
 * Before a program of the user's own is judged, the scenarios play their own pair, once for each version on each machine: naive has to fail and
 * hardened to pass, or what the scenario says of anybody else is worth nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunResult } from '../report/run-result.ts';
import { reasons, scenarioOutcome } from '../report/scenario-outcome.ts';
import type { TerminalReporter } from '../report/terminal/reporter.ts';
import { count, showDuration } from '../report/text.ts';
import { PairProofs } from '../run/pair-proofs.ts';
import { type RunOptions, runScenarios } from '../run/runner.ts';
import { codeIdentity } from '../scale/code-identity.ts';
import { loadScenarios } from './load-scenarios.ts';
import type { ScenarioFile } from './scenario-files.ts';

/** By scenario: empty where its pair held, else why it did not. */
export type PairsHeld = Readonly<Record<string, string>>;

/** Plays the pairs that are not known to hold. What is not in the answer has no pair, or was not played. */
export async function provePairs(
  scenarios: readonly ScenarioFile[],
  options: Omit<RunOptions, 'terminal' | 'subject' | 'left' | 'files'>,
  tell: (line: string) => void,
): Promise<PairsHeld> {
  // A change to the user's own program changes no pair.
  const { shaketable, node, code } = await codeIdentity({ folders: [] });
  const proofs = await PairProofs.open({ shaketable, node, code });
  const held: Record<string, string> = {};
  const files = new Map<string, string>();
  for (const scenario of scenarios) {
    const [declared] = await loadScenarios([scenario]);
    if (!declared?.isPair) continue;
    if (await proofs.has(scenario.file)) held[declared.id] = '';
    else files.set(declared.id, scenario.file);
  }
  if (files.size === 0) return held;
  tell(
    `first the own pairs of ${count(files.size, 'scenario')}, once for this version (--no-pairs leaves them out)`,
  );
  const run = await playQuietly({ ...options, files: [...files.values()] });
  for (const scenario of run.scenarios) {
    const { id } = scenario;
    const outcome = scenarioOutcome(scenario);
    held[id] = outcome === 'expected' ? '' : reasons(scenario).join('; ') || outcome;
    const file = files.get(id);
    if (held[id] === '' && file !== undefined) await proofs.add(file);
    else tell(`${id}: its own pair did not fail and pass as it should: ${held[id]}`);
  }
  const good = run.scenarios.filter(({ id }) => held[id] === '').length;
  tell(
    `${good} of ${count(run.scenarios.length, 'pair')} failed and passed as they should, ${showDuration(run.durationMs)}`,
  );
  return held;
}

async function playQuietly(options: Omit<RunOptions, 'terminal' | 'out'>): Promise<RunResult> {
  const out = await mkdtemp(join(tmpdir(), 'shaketable-pairs-'));
  try {
    const { run, failure } = await runScenarios({ ...options, out, terminal: silent });
    if (failure) throw failure;
    return run;
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

const silent: TerminalReporter = {
  runStarted: () => {},
  scenarioStarted: () => {},
  scenarioFinished: () => {},
  note: () => {},
  runFinished: () => {},
  [Symbol.dispose]: () => {},
};
