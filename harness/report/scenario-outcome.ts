/**
 * What a scenario came to and why, in words. Terminal, summary, JUnit and page all say it with these.
 */
import type { CheckResult, RunOutcome, RunResult, ScenarioResult, SubjectResult } from './run-result.ts';
import { count, oneLine, showValue } from './text.ts';

/** One outcome in words, with a symbol so that colour is never the only signal, and the exit code it means. */
export const outcomeWords = Object.freeze({
  expected: { symbol: '✓', word: 'as expected', exitCode: 0 },
  unexpected: { symbol: '✕', word: 'not as expected', exitCode: 1 },
  inconclusive: { symbol: '?', word: 'inconclusive', exitCode: 2 },
} satisfies Record<RunOutcome, { symbol: string; word: string; exitCode: number }>);

/** How bad each outcome is: what needs a reader comes first. */
const urgency: Record<RunOutcome, number> = { unexpected: 0, inconclusive: 1, expected: 2 };

/**
 * A scenario as expected is that; one with a reason why it proves nothing, or with an unknown subject and none that
 * contradicts its report, is inconclusive; any other is unexpected.
 */
export function scenarioOutcome(scenario: ScenarioResult): RunOutcome {
  if (scenario.asExpected) return 'expected';
  if ((scenario.inconclusive ?? []).length > 0) return 'inconclusive';
  if (isContradicted(scenario)) return 'unexpected';
  return provesNothing(scenario) ? 'inconclusive' : 'unexpected';
}

/** Whether {@link contradictions} has something to say; saying it takes long where much was measured. */
function isContradicted(scenario: ScenarioResult): boolean {
  return scenario.subjects.some(
    (subject) =>
      subject.error !== undefined ||
      subject.checks.some((check) => isUnexpected(scenario, subject, check)) ||
      isQuiet(scenario, subject),
  );
}

/** The same of {@link inconclusiveReasons}, where the run itself gives none. */
function provesNothing({ faults, subjects }: ScenarioResult): boolean {
  return (
    faults.some(({ strikes }) => strikes === 0) ||
    subjects.some(({ checks }) => checks.some(({ outcome }) => outcome === 'unknown'))
  );
}

/** Any contradiction makes the run unexpected, any doubt inconclusive. */
export function runOutcome(results: readonly { outcome: RunOutcome }[]): RunOutcome {
  const outcomes = results.map(({ outcome }) => outcome);
  if (outcomes.includes('unexpected')) return 'unexpected';
  return outcomes.includes('inconclusive') || outcomes.length === 0 ? 'inconclusive' : 'expected';
}

/** Scenarios with those that need a reader first, otherwise in order. */
export function byUrgency(scenarios: readonly ScenarioResult[]): ScenarioResult[] {
  return scenarios.toSorted((a, b) => urgency[scenarioOutcome(a)] - urgency[scenarioOutcome(b)]);
}

/** Whether it judges one program alone, so that nothing has shown that its checks can fail. */
export const isAlone = ({ subjects }: ScenarioResult): boolean =>
  subjects.length > 0 && subjects.every(({ expected }) => expected === 'pass');

/** What a reader has to know of scenarios that judge one program alone, as a sentence; undefined without any. */
export function aloneInWords(scenarios: readonly ScenarioResult[]): string | undefined {
  const alone = scenarios.filter((scenario) => isAlone(scenario) && scenario.pairHeld !== true).length;
  if (alone === 0) return undefined;
  const which =
    scenarios.length === 1 ? 'It judges' : `${count(alone, 'scenario')} ${alone === 1 ? 'judges' : 'judge'}`;
  return `${which} one program alone: nothing has shown that ${alone === 1 ? 'its' : 'their'} checks can fail.`;
}

/** Which program of the user's own was judged, and how, as sentences; undefined for a run of the lab's own agents. */
export function subjectSentence({ subject, notApplicable = [] }: RunResult): string | undefined {
  if (subject === undefined) return undefined;
  const { name, command, server, pace } = subject;
  const speed = pace.how === 'real' ? 'at the real pace' : 'at the lab’s pace by libfaketime';
  const played = `The subject is ${name} (${oneLine(command.join(' '))}) with the server ${server}, ${speed}: ${oneLine(pace.why)}.`;
  if (notApplicable.length === 0) return played;
  const why = [...Map.groupBy(notApplicable, (one) => one.why.join('; '))].map(
    ([reason, all]) => `${count(all.length, 'scenario')} because ${oneLine(reason)}`,
  );
  return `${played} Not applicable to it: ${why.join(', ')}.`;
}

/** Which checks could not be judged of its subject, and why, as a sentence; undefined where all could. */
export function notApplicableInWords({ subjects }: ScenarioResult): string | undefined {
  const left = subjects.flatMap(({ notApplicable = [] }) => notApplicable);
  if (left.length === 0) return undefined;
  return `Not applicable: ${left.map(({ check, why }) => `${check}, because ${oneLine(why)}`).join('; ')}.`;
}

/** A warning of programs that talked past the lab; undefined where none did. */
export function talkedPastInWords(scenarios: readonly ScenarioResult[]): string | undefined {
  const to = new Set(
    scenarios.flatMap(({ subjects }) => subjects.flatMap(({ talkedPast = [] }) => talkedPast)),
  );
  if (to.size === 0) return undefined;
  const [first, ...others] = to;
  const whom = others.length === 0 ? first : `${first} and ${count(others.length, 'other address')}`;
  return `It talked past the lab, to ${whom}: what it does there meets no fault and is not judged. Give it {{serverUrl}}, or {{proxyUrl}} as HTTPS_PROXY.`;
}

/** How many scenarios came to each outcome. */
export function countOutcomes(run: RunResult): Record<RunOutcome, number> {
  const counts = { expected: 0, unexpected: 0, inconclusive: 0 };
  for (const scenario of run.scenarios) counts[scenarioOutcome(scenario)] += 1;
  return counts;
}

/** Scenarios by the folder of their id, one for each field report, in order of first appearance. */
export function byFieldReport(run: RunResult): Map<string, ScenarioResult[]> {
  return Map.groupBy(run.scenarios, (scenario) => scenario.id.split('/')[0] ?? scenario.id);
}

/** The names of the run's subjects, in order of first appearance. */
export function subjectNames(run: RunResult): string[] {
  return [...new Set(run.scenarios.flatMap((scenario) => scenario.subjects.map((subject) => subject.name)))];
}

/** What a scenario came to before it was played again alone, as a sentence; undefined where it was played once. */
export function firstTryInWords({ firstTry }: ScenarioResult): string | undefined {
  if (firstTry === undefined) return undefined;
  const { outcome, reasons: found, onlyUnderLoad = [] } = firstTry;
  const why = oneLine(found.join('; '));
  const beside = onlyUnderLoad.length === 0 ? 'while this machine stood still' : 'beside other work';
  const differs = onlyUnderLoad.length === 0 ? '' : `: only under load ${onlyUnderLoad.join(', ')}`;
  return `at first, ${beside}, ${outcomeWords[outcome].word}${why === '' ? '' : `: ${why}`}; played again alone${differs}`;
}

/** The run's verdict as a sentence. */
export function headline(run: RunResult): string {
  const counts = countOutcomes(run);
  const again = run.scenarios.filter(({ firstTry }) => firstTry !== undefined).length;
  const held = `${counts.expected} of ${count(run.scenarios.length, 'scenario')} as expected`;
  const rest = [
    counts.unexpected > 0 ? `${counts.unexpected} not as expected` : '',
    counts.inconclusive > 0 ? `${counts.inconclusive} inconclusive` : '',
    again > 0 ? `${again} played again alone` : '',
    (run.notApplicable ?? []).length > 0 ? `${run.notApplicable?.length} not applicable` : '',
  ];
  return [held, ...rest].filter((part) => part !== '').join(', ');
}

/** Why a scenario is as it is: reasons first that make it inconclusive, then what contradicts the report. */
export function reasons(scenario: ScenarioResult): string[] {
  const outcome = scenarioOutcome(scenario);
  if (outcome === 'expected') return [];
  if (outcome === 'inconclusive') return inconclusiveReasons(scenario);
  const found = contradictions(scenario);
  return found.length > 0
    ? found
    : ['The run holds it not to be as expected, without a failing check to show.'];
}

/** Why the scenario proves nothing: the reasons the run gives, or else faults that never struck and unknown checks. */
export function inconclusiveReasons(scenario: ScenarioResult): string[] {
  if (scenario.inconclusive && scenario.inconclusive.length > 0) return [...scenario.inconclusive];
  const idle = scenario.faults
    .filter((fault) => fault.strikes === 0)
    .map((fault) => {
      const run = fault.subject === undefined ? '' : ` in the run of ${fault.subject}`;
      const why = fault.reason === undefined ? '' : `: ${fault.reason}`;
      return `fault \`${fault.id}\` (${fault.kind} on ${fault.link}) never struck${run}${why}`;
    });
  const unknown = scenario.subjects.flatMap((subject) =>
    subject.checks
      .filter((check) => check.outcome === 'unknown')
      .map((check) => `${subject.name}: ${check.id} is unknown, ${measuredAgainstExpected(check)}`),
  );
  return [...idle, ...unknown];
}

/** What contradicts the report: a sentence each. */
export function contradictions(scenario: ScenarioResult): string[] {
  return scenario.subjects.flatMap((subject) => [
    ...(subject.error === undefined
      ? []
      : [`${subject.name} could not be played to the end: ${subject.error}`]),
    ...subject.checks
      .filter((check) => isUnexpected(scenario, subject, check))
      .map((check) => contradiction(subject, check)),
    ...whenNothingFailed(scenario, subject),
  ]);
}

/** Whether this result is not what the report makes one expect. A naive subject may fail more than was reported. */
export function isUnexpected(scenario: ScenarioResult, subject: SubjectResult, check: CheckResult): boolean {
  if (subject.expected === 'pass') return check.outcome === (check.known === undefined ? 'fail' : 'pass');
  return check.outcome === 'pass' && isReported(scenario, subject, check.id);
}

/** Whether the report says that this subject fails this check. */
export function isReported(scenario: ScenarioResult, subject: SubjectResult, checkId: string): boolean {
  return subject.expected === 'fail' && (scenario.reported ?? []).includes(checkId);
}

/** `measured 12, expected at most 1`, on one line. */
export function measuredAgainstExpected(check: CheckResult): string {
  return oneLine(`measured ${showValue(check.measured)}, expected ${showValue(check.expected)}`);
}

function contradiction(subject: SubjectResult, check: CheckResult): string {
  const name = check.title === undefined ? check.id : `${check.id} (${oneLine(check.title)})`;
  if (check.known !== undefined)
    return `${subject.name} passes ${name}, which is listed as known to fail since ${check.known.since} (${oneLine(check.known.reason)}): take it off the list`;
  const verb = check.outcome === 'fail' ? `fails ${name}` : `passes ${name}, which it is reported to fail`;
  return `${subject.name} ${verb}: ${measuredAgainstExpected(check)}`;
}

/** A naive subject without a named check to fail must still fail one. */
function whenNothingFailed(scenario: ScenarioResult, subject: SubjectResult): string[] {
  return isQuiet(scenario, subject)
    ? [`${subject.name} passes every check, although it has the reported bug`]
    : [];
}

/** Whether nothing failed although something has to, and nobody said what. */
function isQuiet(scenario: ScenarioResult, subject: SubjectResult): boolean {
  const named = (scenario.reported ?? []).length > 0;
  return subject.expected === 'fail' && subject.outcome === 'pass' && !named;
}
