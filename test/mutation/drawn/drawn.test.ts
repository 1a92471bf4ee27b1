/** Drawn mutants from end to end, on one that is known: it is reached in a process of its own, played, and noticed by name. */
import { describe, expect, it } from 'vitest';
import { copyProject } from '../scratch-copy.ts';
import { copyMarked, dryRun } from './dry-run.ts';
import { type Instrumented, instrument } from './instrument.ts';
import type { DrawnMutant } from './mutant.ts';
import { play, scenariosFor } from './play.ts';
import { readSources } from './sources.ts';
import { createTypeChecker } from './type-checker.ts';

const scenario = 'unreachable/start-up-check';

const sound = async (): Promise<Instrumented> => instrument(await readSources(['services/agent/http']));

/** The mutant that replaces `original` in the file which tells the agent's exit codes. */
function theOne({ mutants }: Instrumented, original: string, replacement: string): DrawnMutant {
  const found = mutants.filter(
    (mutant) =>
      mutant.file === 'services/agent/http/exit-codes.ts' &&
      mutant.original === original &&
      mutant.replacement === replacement,
  );
  if (found[0] === undefined || found.length > 1) throw new Error(`${found.length} mutants of ${original}`);
  return found[0];
}

const refusedToken = "category === 'authentication' || category === 'authorization'";

describe('a drawn mutant', () => {
  it('is reached in the process of an agent, played, and noticed by the check it concerns', async ({
    signal,
  }) => {
    const instrumented = await sound();
    const mutant = theOne(instrumented, refusedToken, 'false');
    await using marked = await copyMarked(instrumented);
    const run = await dryRun(marked, scenario, signal);
    expect(run).toMatchObject({ asExpected: true, scenario });
    const scenarios = scenariosFor(mutant, new Set([mutant.id]), [run]);
    expect(scenarios).toEqual([scenario]);

    await using copy = await copyProject();
    const result = await play(copy, mutant, { scenarios, signal, now: () => 0 });

    expect(result, result.notes.join('\n')).toMatchObject({ outcome: 'failed', reachedBy: 1, played: 1 });
    const failed = result.failures.map(({ scenario: of, check }) => `${of}: ${check}`);
    expect(failed).toContain(`${scenario}: refused-token-has-its-code`);
  });

  it('is refused where the compiler would refuse it', async ({ signal }) => {
    const instrumented = await sound();
    await using copy = await copyProject();
    const complaintOf = await createTypeChecker(copy, signal);

    const misspelt = await complaintOf(theOne(instrumented, "'protocol'", '""'));
    const plausible = await complaintOf(theOne(instrumented, refusedToken, 'false'));

    expect(misspelt).toContain('error TS2367');
    expect(plausible).toBeUndefined();
  });
});
