/** Drawn mutants from end to end, on one that is known: it is reached in a process of its own, played, and noticed by name. */
import { describe, expect, it } from 'vitest';
import { copyProject } from '../scratch-copy.ts';
import { copyMarked, dryRun } from './dry-run.ts';
import { type Instrumented, instrument } from './instrument.ts';
import type { DrawnMutant } from './mutant.ts';
import { play, scenariosFor } from './play.ts';
import { readSources } from './sources.ts';
import { type Stage, type StageName, stages } from './stage.ts';
import { createTypeChecker } from './type-checker.ts';

const scenario = 'unreachable/start-up-check';

const sound = async (): Promise<Instrumented> => instrument(await readSources(['services/agent/http']));

/** The mutant of `file` that replaces `original`. */
function theOne({ mutants }: Instrumented, file: string, original: string, replacement: string): DrawnMutant {
  const found = mutants.filter(
    (mutant) => mutant.file === file && mutant.original === original && mutant.replacement === replacement,
  );
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} mutants of ${original}`);
  return found[0];
}

const exitCodes = 'services/agent/http/exit-codes.ts';
const refusedToken = "category === 'authentication' || category === 'authorization'";

const stageOf = (name: StageName): Stage => stages.find((stage) => stage.name === name) as Stage;

describe('a drawn mutant', () => {
  it('is reached in the process of an agent, played, and noticed by the check it concerns', async ({
    signal,
  }) => {
    const stage = stageOf('local');
    const instrumented = await sound();
    const mutant = theOne(instrumented, exitCodes, refusedToken, 'false');
    await using marked = await copyMarked(instrumented);
    const run = await dryRun(stage, marked, scenario, signal);
    expect(run).toMatchObject({ asExpected: true, scenario });
    const scenarios = scenariosFor(mutant, new Set([mutant.id]), [run]);
    expect(scenarios).toEqual([scenario]);

    await using copy = await copyProject();
    const result = await play(copy, mutant, { stage, scenarios, signal, now: () => 0 });

    expect(result, result.notes.join('\n')).toMatchObject({ outcome: 'failed', reachedBy: 1, played: 1 });
    const failed = result.failures.map(({ scenario: of, check }) => `${of}: ${check}`);
    expect(failed).toContain(`${scenario}: refused-token-has-its-code`);
  });

  it.for([
    {
      by: 'a scenario',
      id: 'fleet-resets/one-handshake-per-request',
      file: 'services/agent/http/pool.ts',
      original: 'kept && connection.isFresh && !this.#disposed.signal.aborted',
    },
    {
      by: 'an exploration',
      id: 'explorations/http-agent',
      file: 'services/agent/http/hardened/work.ts',
      original: '!(error instanceof OperationError && isRejected(error.failure))',
    },
  ])('is noticed in virtual time by $by that passes without it', async (of, { signal }) => {
    const stage = stageOf('simulated');
    const instrumented = await sound();
    const mutant = theOne(instrumented, of.file, of.original, 'false');
    await using marked = await copyMarked(instrumented);
    await using copy = await copyProject();

    const run = await dryRun(stage, marked, of.id, signal);
    const result = await play(copy, mutant, { stage, scenarios: [of.id], signal, now: () => 0 });

    expect(run, run.trouble).toMatchObject({ asExpected: true, scenario: of.id });
    expect(run.reached).toContain(mutant.id);
    expect(result, result.notes.join('\n')).toMatchObject({ outcome: 'failed' });
  });

  it('is refused where the compiler would refuse it', async ({ signal }) => {
    const instrumented = await sound();
    await using copy = await copyProject();
    const complaintsAbout = await createTypeChecker(copy, signal);
    const misspelt = theOne(instrumented, exitCodes, "'protocol'", '""');
    const plausible = theOne(instrumented, exitCodes, refusedToken, 'false');

    const complaints = await complaintsAbout([plausible, misspelt]);

    expect([...complaints]).toEqual([[misspelt.id, expect.stringContaining('error TS2367')]]);
  });
});
