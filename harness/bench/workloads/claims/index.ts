/**
 * `claims`: the figures of the field reports beside measured ones. They are measured where scenarios play the reported
 * faults under both agents; this only plays those that measure one, and sets the figures side by side.
 */
import { LabError } from '../../../errors.ts';
import type { Claim, ScenarioResult } from '../../../report/run-result.ts';
import { reasons } from '../../../report/scenario-outcome.ts';
import type { TerminalReporter } from '../../../report/terminal/reporter.ts';
import { count } from '../../../report/text.ts';
import { chooseWorld } from '../../../run/choose-world.ts';
import { runScenarios } from '../../../run/runner.ts';
import type { Row } from '../../bench-result.ts';
import type { BenchContext, Measured, Workload } from '../../workload.ts';

export const claims: Workload = {
  name: 'claims',
  title: 'the figures of the field reports beside measured ones',
  seconds: { quick: 25, full: 150 },
  run,
};

async function run(context: BenchContext): Promise<Measured> {
  const { seed, pace, quick, signal, directory, setUp, progress } = context;
  const files = context.scenarios.filter(({ long }) => !(quick && long));
  if (files.length === 0) {
    throw new LabError('LAB_BAD_INPUT', 'There is no scenario here that measures a figure of a report', {
      hint: 'Run the benchmark in the repository, or measure others: `shaketable bench --list`.',
    });
  }
  const { run: played, failure } = await runScenarios({
    files: files.map(({ file }) => file),
    world: await chooseWorld('local'),
    services: async () => [],
    folders: [],
    seed,
    pace,
    out: directory,
    // They mostly wait; what takes minutes measures processor time, and has little company.
    workers: quick ? 4 : 2,
    setUp,
    terminal: tellProgress(progress, files.length),
    signal,
  });
  if (failure) throw failure;
  return {
    rounds: 0,
    tables: [],
    rows: played.scenarios.map(rowOf),
    comparisons: [],
    claims: inOrder(played.claims),
    notes: [
      pace === 'real'
        ? 'At the reported pace: a cycle takes 5 s, for two minutes.'
        : 'At a fast pace, except what is measured in milliseconds; --pace real keeps the reported one.',
      ...(quick ? ['Without what takes minutes: latency, processor time, memory and packets (R1.7).'] : []),
      `A figure holds where the measured ones of naive and hardened lie as the report says. The measurement stands, not the report. Evidence: ${count(played.scenarios.length, 'scenario')} in ${played.id}/index.html.`,
    ],
  };
}

/** Of the first report first. */
function inOrder(measured: readonly Claim[]): Claim[] {
  return measured.toSorted((a, b) => a.requirement.localeCompare(b.requirement, 'en', { numeric: true }));
}

/** A scenario that contradicts its report, or broke off, has measured nothing to be trusted. */
function rowOf(scenario: ScenarioResult): Row {
  const broken = scenario.subjects.some(({ error }) => error !== undefined);
  const unexpected = !scenario.asExpected && (scenario.inconclusive ?? []).length === 0;
  return {
    id: scenario.id,
    status: broken || unexpected ? 'failed' : 'measured',
    reasons: scenario.asExpected ? [] : reasons(scenario),
    times: {},
    figures: {},
  };
}

/** A run tells the benchmark how far it is; its own words would stand between those of the benchmark. */
function tellProgress(progress: BenchContext['progress'], total: number): TerminalReporter {
  let done = 0;
  return {
    runStarted: () => progress.step(0, total, 'the database is there'),
    scenarioStarted: (id) => progress.step(done, total, id),
    scenarioFinished: ({ id }) => {
      done += 1;
      progress.step(done, total, id);
    },
    note: (line) => progress.note(line),
    runFinished: () => {},
    [Symbol.dispose]: () => {},
  };
}
