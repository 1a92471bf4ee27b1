/**
 * A scenario as Markdown for somebody's issue tracker: what was expected, what was measured, what proves it, and how to see
 * it again. Whoever reads it has neither the run nor the page.
 */
import type { Entry } from '../../journal/entry.ts';
import { code, fence, plain } from '../markdown.ts';
import type { Journals } from '../read-run.ts';
import type { CheckResult, FaultResult, RunResult, ScenarioResult, SubjectResult } from '../run-result.ts';
import { isReported, outcomeWords, reasons, scenarioOutcome } from '../scenario-outcome.ts';
import { oneLine, shorten, showValue } from '../text.ts';
import { linkedEvidence } from './check-table.ts';
import { entryText } from './entry-text.ts';
import { timeText } from './time-scale.ts';

/** Longest value, and longest entry, that is quoted. */
const valueLimit = 400;
/** Issue trackers take some 65,000 characters. */
const mostEntries = 60;

export function bugReport(run: RunResult, scenario: ScenarioResult, journals: Journals): string {
  const { symbol, word } = outcomeWords[scenarioOutcome(scenario)];
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${symbol} ${plain(scenario.title)}`,
    `${code(scenario.id)} · ${word}${scenario.requirements.map((id) => ` · ${plain(id)}`).join('')}`,
    reasons(scenario)
      .map((reason) => `> ${plain(shorten(reason, valueLimit))}`)
      .join('\n>\n'),
    scenario.subjects.map(subjectPart).join('\n'),
    `### Faults\n\n${scenario.faults.length === 0 ? 'None is played.' : scenario.faults.map(faultLine).join('\n')}`,
    `### Play it again\n\nSeed ${scenario.seed}, world ${scenario.world}, pace ${run.pace}.\n\n${fence(oneLine(scenario.replay))}`,
    `Versions: ${plain(versions.join(', '))} · run ${code(run.id)}`,
    ...scenario.subjects.map((subject) => evidencePart(subject, journals)),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');

  function subjectPart(subject: SubjectResult): string {
    const failed = subject.checks.filter(({ outcome }) => outcome !== 'pass');
    const error = subject.error === undefined ? '' : `\n  - not played to the end: ${plain(subject.error)}`;
    const head = `- **${plain(subject.name)}**: ${subject.outcome}, expected to ${subject.expected}; ${failed.length} of ${subject.checks.length} checks do not pass`;
    return `${head}${error}${failed.map((check) => `\n  - ${checkLine(subject, check)}`).join('')}`;
  }

  function checkLine(subject: SubjectResult, check: CheckResult): string {
    const reported = isReported(scenario, subject, check.id) ? ' as reported' : '';
    const title = check.title === undefined ? '' : ` ${plain(check.title)}:`;
    const value = (json: CheckResult['measured']): string => plain(shorten(showValue(json), valueLimit));
    return `${code(check.id)} ${check.outcome}${reported}:${title} measured **${value(check.measured)}**, expected ${value(check.expected)}`;
  }
}

function faultLine(fault: FaultResult): string {
  const params =
    fault.params === undefined ? '' : ` (${plain(shorten(showValue(fault.params), valueLimit))})`;
  const whose = fault.subject === undefined ? '' : ` in the run of ${plain(fault.subject)}`;
  const why = fault.reason === undefined ? '' : `: ${plain(fault.reason)}`;
  return `- ${code(fault.id)}: ${plain(fault.kind)} on ${plain(fault.link)}${params}: ${fault.strikes} strikes${whose}${why}`;
}

/** The entries that the checks cite, as lines of text. */
function evidencePart(subject: SubjectResult, journals: Journals): string {
  const journal = journals.get(subject.journal);
  if (journal === undefined || !('entries' in journal)) return '';
  const wanted = linkedEvidence(subject);
  const cited = journal.entries.filter(({ n }) => wanted.has(n));
  if (cited.length === 0) return '';
  const more = cited.length > mostEntries ? `\n… and ${cited.length - mostEntries} more` : '';
  const lines = cited.slice(0, mostEntries).map(entryLine).join('\n');
  return `### Evidence: ${plain(subject.name)}\n\n${fence(`${lines}${more}`, 'text')}`;
}

const entryLine = (entry: Entry): string =>
  `${entry.n}  ${timeText(entry.t)}  ${oneLine(entry.kind)}  ${entryText(entry, valueLimit)}`;
