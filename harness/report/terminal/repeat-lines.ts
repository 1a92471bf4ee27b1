/** What several runs of the same scenarios came to, each by a seed of its own: a table of those that did not hold each time. */
import type { RunOutcome, RunResult } from '../run-result.ts';
import { outcomeWords, scenarioOutcome } from '../scenario-outcome.ts';
import { count } from '../text.ts';

/** A row a scenario, a column a run, with the seed on top. */
export function repeatLines(runs: readonly RunResult[]): string[] {
  const ids = [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ id }) => id)))];
  const outcomes = ids.map((id) => ({ id, of: runs.map((run) => outcomeIn(run, id)) }));
  const steady = outcomes.filter(({ of }) => of.every((outcome) => outcome === 'expected'));
  const rows = outcomes.filter((row) => !steady.includes(row));
  const held = `${steady.length} of ${count(ids.length, 'scenario')} as expected in each of ${count(runs.length, 'run')}`;
  if (rows.length === 0) return ['', held];
  const width = Math.max(...rows.map(({ id }) => id.length), 'seed'.length);
  const seeds = runs.map(({ seed }) => String(seed));
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(width)}  ${cells.map((cell, index) => cell.padStart(seeds[index]?.length ?? 1)).join('  ')}`;
  return [
    '',
    held,
    line('seed', seeds),
    ...rows.map(({ id, of }) =>
      line(
        id,
        of.map((outcome) => (outcome === undefined ? '–' : outcomeWords[outcome].symbol)),
      ),
    ),
  ];
}

function outcomeIn({ scenarios }: RunResult, id: string): RunOutcome | undefined {
  const scenario = scenarios.find((one) => one.id === id);
  return scenario && scenarioOutcome(scenario);
}
