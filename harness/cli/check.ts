/**
 * `shaketable check RUN`: judges a stored run again, from its journals alone.
 */
import { join, resolve } from 'node:path';
import { runChecks } from '../checks/registry.ts';
import { type Entry, isStrikeOf } from '../journal/entry.ts';
import { type JournalHeader, readRecording } from '../journal/store.ts';
import { readRun } from '../report/read-run.ts';
import type { FaultResult, RunResult, ScenarioResult, SubjectResult } from '../report/run-result.ts';
import { outcomeWords, runOutcome } from '../report/scenario-outcome.ts';
import { type JudgedSubject, judgeScenario, subjectOutcome } from '../run/verdict.ts';

/** One scenario judged again, and where that differs from what the run said. */
interface Rechecked {
  readonly id: string;
  readonly outcome: RunResult['outcome'];
  readonly differences: readonly string[];
}

export async function checkCommand(name: string, flags: { json: boolean }): Promise<number> {
  const directory = resolve(name);
  const run = await readRun(directory);
  const rechecked: Rechecked[] = [];
  for (const scenario of run.scenarios) rechecked.push(await recheck(directory, scenario));
  const outcome = runOutcome(rechecked);
  const differences = rechecked.flatMap((scenario) =>
    scenario.differences.map((line) => `${scenario.id}: ${line}`),
  );
  if (outcome !== run.outcome) differences.push(`the run: ${outcome} instead of ${run.outcome}`);
  if (flags.json)
    console.log(JSON.stringify({ run: run.id, outcome, differences, scenarios: rechecked }, null, 2));
  else print(run, outcome, rechecked, differences);
  return differences.length > 0 ? 1 : outcomeWords[outcome].exitCode;
}

async function recheck(directory: string, scenario: ScenarioResult): Promise<Rechecked> {
  const differences: string[] = [];
  const subjects: JudgedSubject[] = [];
  for (const subject of scenario.subjects) {
    const { header, entries } = await readRecording(join(directory, subject.journal));
    const checks = runChecks(entries, header.checks);
    differences.push(...changed(scenario, subject, header));
    for (const check of checks) {
      const before = subject.checks.find(({ id }) => id === check.id);
      if (before?.outcome === check.outcome) continue;
      differences.push(
        `${subject.name}: ${check.id} is ${check.outcome}, the run said ${before?.outcome ?? 'nothing'}`,
      );
    }
    const faults = scenario.faults
      .filter((fault) => fault.subject === subject.name)
      .map((fault) => recount(fault, entries));
    const { name, expected, error } = subject;
    const judged = { name, expected, checks, faults, ...(error === undefined ? {} : { error }) };
    subjects.push(judged);
    const outcome = subjectOutcome(judged);
    if (outcome !== subject.outcome) differences.push(`${name}: ${outcome}, the run said ${subject.outcome}`);
  }
  const { outcome } = judgeScenario(subjects, scenario.reported ?? []);
  if ((outcome === 'expected') !== scenario.asExpected)
    differences.push(`${outcome}, the run said otherwise`);
  return { id: scenario.id, outcome, differences };
}

/** What run.json says of the checks that the journal does not: it is not believed where the journal can speak. */
function changed(
  { reported = [] }: ScenarioResult,
  { name, checks }: SubjectResult,
  header: JournalHeader,
): string[] {
  const unknown = checks.filter(({ id }) => !Object.hasOwn(header.checks, id));
  const other = header.reported !== undefined && header.reported.join() !== reported.join();
  return [
    ...unknown.map(({ id }) => `${name}: the journal knows no check ${id}`),
    ...(other
      ? [`${name}: reported to fail ${header.reported?.join(', ') || 'nothing'} by its journal`]
      : []),
  ];
}

/** Strikes are counted again as well: run.json is not believed where the journal can speak. */
function recount(fault: FaultResult, entries: readonly Entry[]): JudgedSubject['faults'][number] {
  const { id, kind, link, place = link, params = {}, reason } = fault;
  const strikes = entries.filter((entry) => isStrikeOf(id, entry)).length;
  return { id, kind, place, link, params, strikes, ...(reason === undefined ? {} : { reason }) };
}

function print(
  run: RunResult,
  outcome: string,
  rechecked: readonly Rechecked[],
  differences: readonly string[],
): void {
  const asExpected = rechecked.filter((scenario) => scenario.outcome === 'expected').length;
  console.log(
    `${run.id}: ${outcome}; ${asExpected} of ${rechecked.length} scenarios as expected, from the stored journals`,
  );
  if (differences.length === 0) console.log('Every check gives what the run said.');
  else for (const line of differences) console.log(`  differs: ${line}`);
}
