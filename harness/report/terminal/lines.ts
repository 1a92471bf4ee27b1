/**
 * What the terminal says about a run, as lines; the reporter decides when they are written.
 */
import type { Colors } from 'picocolors/types.js';
import type { LabError } from '../../errors.ts';
import { changeLines } from '../history/change-lines.ts';
import type { ChangeReport } from '../history/change-section.ts';
import type { RunResult, ScenarioResult, SubjectResult } from '../run-result.ts';
import {
  aloneInWords,
  firstTryInWords,
  headline,
  isAlone,
  isReported,
  outcomeWords,
  reasons,
  scenarioOutcome,
  talkedPastInWords,
} from '../scenario-outcome.ts';
import { clip, count, oneLine, shorten, showDuration, showValue } from '../text.ts';

/** Longest measured value on a line of its scenario. */
const measuredLimit = 52;

/** Longest reason; the report has the rest. */
const reasonLimit = 600;

/** How wide scenario ids are padded. */
const idWidth = 48;

/** A finished scenario: one line, and below it why, if it is not as expected. */
export function scenarioLines(scenario: ScenarioResult, colours: Colors): string[] {
  const outcome = scenarioOutcome(scenario);
  const tint = tintOf(outcome, colours);
  const told = scenario.subjects.map((subject) => subjectPhrase(scenario, subject)).join(' · ');
  const id = oneLine(scenario.id).padEnd(idWidth);
  const line = `${tint(outcomeWords[outcome].symbol)} ${id} ${told}   ${colours.dim(showDuration(scenario.durationMs))}`;
  const first = firstTryInWords(scenario);
  const lines = first === undefined ? [line] : [line, `    ${colours.dim(first)}`];
  if (outcome === 'expected') return lines;
  return [
    ...lines,
    ...reasons(scenario).map((reason) => `    ${tint(shorten(oneLine(reason), reasonLimit))}`),
    `    ${colours.dim('replay:')} ${oneLine(scenario.replay)}`,
  ];
}

/** The end: totals, the verdict in words, where the report is, what the exit code means; `failure` is why the lab broke. */
export function runLines(run: RunResult, directory: string, colours: Colors, failure?: LabError): string[] {
  const { word, symbol, exitCode } = outcomeWords[run.outcome];
  const tint = tintOf(run.outcome, colours);
  const checks = run.scenarios.flatMap((scenario) =>
    scenario.subjects.flatMap((subject) => subject.checks),
  ).length;
  const strikes = run.scenarios
    .flatMap((scenario) => scenario.faults)
    .reduce((sum, fault) => sum + fault.strikes, 0);
  return [
    '',
    `${tint(colours.bold(`${symbol} ${word}`))}: ${headline(run)}`,
    `  ${count(checks, 'check')}, ${count(strikes, 'fault strike')}, ${showDuration(run.durationMs)}, seed ${run.seed}`,
    ...claimLines(run, colours),
    ...aloneLines(run),
    ...talkedPastLines(run, colours),
    `  report  ${oneLine(directory)}/index.html`,
    failure
      ? `  exit    3: the lab could not do its work (${failure.code})`
      : `  exit    ${exitCode}: ${exitMeaning(run)}`,
  ];
}

/** Items of a section of changes; the report has the rest. */
const mostChanges = 5;

/** What changed since an earlier run, before the verdict. */
export function changedLines(changes: ChangeReport, columns: number, colours: Colors): string[] {
  const [first = '', ...rest] = changeLines(changes, { columns, most: mostChanges, colours });
  return ['', `${colours.bold('changes')}`, first, ...rest];
}

function exitMeaning({ outcome, scenarios }: RunResult): string {
  if (outcome !== 'expected' || !scenarios.some(isAlone)) return exitMeanings[outcome];
  return scenarios.every(isAlone)
    ? 'every check passed'
    : 'naive failed as the field reported and hardened passed, and so did what is judged alone';
}

const exitMeanings = {
  expected: 'naive failed as the field reported and hardened passed, in every scenario',
  unexpected: 'at least one scenario contradicts its report; the lines marked ✕ say which check',
  inconclusive: 'at least one scenario proved nothing; the lines marked ? say why',
};

function aloneLines({ scenarios }: RunResult): string[] {
  const alone = aloneInWords(scenarios);
  return alone === undefined ? [] : [`  ${alone}`];
}

function talkedPastLines({ scenarios }: RunResult, colours: Colors): string[] {
  const warning = talkedPastInWords(scenarios);
  return warning === undefined ? [] : [colours.yellow(`  ${warning}`)];
}

/** Claims that the measurement does not bear out: no failure, but worth knowing. */
function claimLines(run: RunResult, colours: Colors): string[] {
  const measured = run.claims.filter((claim) => claim.holds !== null);
  const refuted = measured.filter((claim) => claim.holds === false);
  if (measured.length === 0) return [];
  const names = refuted.map((claim) => oneLine(claim.figure)).join(', ');
  const rest = refuted.length === 0 ? '' : colours.yellow(`; not borne out: ${names}`);
  return [
    `  ${measured.length - refuted.length} of ${count(measured.length, 'reported figure')} borne out${rest}`,
  ];
}

/** `naive fails: handshakes 12/12`, `hardened passes`. */
function subjectPhrase(scenario: ScenarioResult, subject: SubjectResult): string {
  if (subject.error !== undefined && subject.outcome !== 'fail')
    return `${subject.name} not played to the end`;
  if (subject.outcome === 'unknown') return `${subject.name} unknown`;
  if (subject.outcome === 'pass') return `${subject.name} passes`;
  const failed = subject.checks.filter((check) => check.outcome === 'fail');
  const first = failed.find((check) => isReported(scenario, subject, check.id)) ?? failed[0];
  if (first === undefined) return `${subject.name} fails`;
  const more = failed.length > 1 ? ` +${failed.length - 1}` : '';
  return `${subject.name} fails: ${first.id} ${clip(oneLine(showValue(first.measured)), measuredLimit)}${more}`;
}

function tintOf(outcome: RunResult['outcome'], colours: Colors): (text: string) => string {
  return { expected: colours.green, unexpected: colours.red, inconclusive: colours.yellow }[outcome];
}
