/**
 * Scenario by world, as a table in Markdown: what each came to, and how often each fault struck, by whom. It is made of
 * stored runs, one a world.
 */
import type { FaultResult, RunResult, ScenarioResult } from './run-result.ts';

/** The table of runs that took place in different worlds; a scenario that one of them lacks has a dash there. */
export function worldTable(runs: readonly RunResult[]): string[] {
  const ids = [...new Set(runs.flatMap(({ scenarios }) => scenarios.map(({ id }) => id)))].toSorted();
  return [
    `| scenario | ${runs.map(nameOf).join(' | ')} |`,
    `| --- |${' --- |'.repeat(runs.length)}`,
    ...ids.map((id) => `| ${id} | ${runs.map((run) => cell(scenarioIn(run, id))).join(' | ')} |`),
    '',
    ...runs.map(runLine),
  ];
}

const nameOf = ({ world, versions }: RunResult): string => `${world}, ${versions.database}`;

const scenarioIn = ({ scenarios }: RunResult, id: string): ScenarioResult | undefined =>
  scenarios.find((scenario) => scenario.id === id);

function cell(scenario: ScenarioResult | undefined): string {
  if (scenario === undefined) return '–';
  const faults = [...Map.groupBy(scenario.faults, ({ id }) => id).values()].map(strikes);
  const verdict = scenario.asExpected
    ? 'as expected'
    : `**${(scenario.inconclusive ?? ['not as expected']).join('; ')}**`;
  return faults.length === 0 ? verdict : `${verdict}; ${faults.join(', ')}`;
}

/** As `latency 5+2 (toxiproxy)`: strikes on naive and on hardened, and who made them. */
function strikes(same: readonly FaultResult[]): string {
  const [first] = same;
  if (first === undefined) return '';
  const counts = same.map((fault) => fault.strikes).join('+');
  return `${first.kind} ${counts}${first.engine === undefined ? '' : ` (${first.engine})`}`;
}

function runLine({ world, seed, durationMs, outcome, scenarios, versions }: RunResult): string {
  const met = scenarios.filter(({ asExpected }) => asExpected).length;
  const seconds = Math.round(durationMs / 1_000);
  return `- ${world}: ${met} of ${scenarios.length} as expected (${outcome}), seed ${seed}, ${seconds} s; ${versions.database}, proxy ${versions.proxy}, Node ${versions.node}`;
}
