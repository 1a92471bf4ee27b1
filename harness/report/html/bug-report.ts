/**
 * A scenario as Markdown for somebody's issue tracker: what was expected, what was measured, what proves it, and how to see
 * it again. Whoever reads it has neither the run nor the page, and is told no names of hosts, people and secrets.
 */
import type { Entry } from '../../journal/entry.ts';
import { recordLine } from '../../journal/record-line.ts';
import { Names } from '../../names/names.ts';
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
/** Records of each log, and the longest text in one of them. */
const mostRecords = 80;
const recordLimit = 160;

export function bugReport(run: RunResult, scenario: ScenarioResult, journals: Journals): string {
  const { symbol, word } = outcomeWords[scenarioOutcome(scenario)];
  const names = new Names();
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return [
    `## ${symbol} ${plain(scenario.title)}`,
    `${code(scenario.id)} · ${word}${scenario.requirements.map((id) => ` · ${plain(id)}`).join('')}`,
    reasons(scenario)
      .map((reason) => `> ${plain(shorten(names.replace(reason), valueLimit))}`)
      .join('\n>\n'),
    scenario.subjects.map(subjectPart).join('\n'),
    `### Faults\n\n${scenario.faults.length === 0 ? 'None is played.' : scenario.faults.map((fault) => faultLine(fault, names)).join('\n')}`,
    `### Play it again\n\nSeed ${scenario.seed}, world ${scenario.world}, pace ${run.pace}.\n\n${fence(oneLine(names.replace(scenario.replay)))}`,
    `Versions: ${plain(versions.join(', '))} · run ${code(run.id)}`,
    ...scenario.subjects.map((subject) => evidencePart(subject, journals, names)),
    logsPart(scenario, journals, names),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n');

  function subjectPart(subject: SubjectResult): string {
    const failed = subject.checks.filter(({ outcome }) => outcome !== 'pass');
    const error =
      subject.error === undefined
        ? ''
        : `\n  - not played to the end: ${plain(names.replace(subject.error))}`;
    const head = `- **${plain(subject.name)}**: ${subject.outcome}, expected to ${subject.expected}; ${failed.length} of ${subject.checks.length} checks do not pass`;
    return `${head}${error}${failed.map((check) => `\n  - ${checkLine(subject, check)}`).join('')}`;
  }

  function checkLine(subject: SubjectResult, check: CheckResult): string {
    const reported = isReported(scenario, subject, check.id) ? ' as reported' : '';
    const title = check.title === undefined ? '' : ` ${plain(check.title)}:`;
    const value = (json: CheckResult['measured']): string =>
      plain(shorten(names.replace(showValue(json)), valueLimit));
    return `${code(check.id)} ${check.outcome}${reported}:${title} measured **${value(check.measured)}**, expected ${value(check.expected)}`;
  }
}

function faultLine(fault: FaultResult, names: Names): string {
  const params =
    fault.params === undefined
      ? ''
      : ` (${plain(shorten(showValue(names.replaceIn(fault.params)), valueLimit))})`;
  const whose = fault.subject === undefined ? '' : ` in the run of ${plain(fault.subject)}`;
  const why = fault.reason === undefined ? '' : `: ${plain(names.replace(fault.reason))}`;
  return `- ${code(fault.id)}: ${plain(fault.kind)} on ${plain(fault.link)}${params}: ${fault.strikes} strikes${whose}${why}`;
}

/** The entries that the checks cite, as lines of text. */
function evidencePart(subject: SubjectResult, journals: Journals, names: Names): string {
  const journal = journals.get(subject.journal);
  if (journal === undefined || !('entries' in journal)) return '';
  const wanted = linkedEvidence(subject);
  const cited = journal.entries.filter(({ n }) => wanted.has(n));
  if (cited.length === 0) return '';
  const more = cited.length > mostEntries ? `\n… and ${cited.length - mostEntries} more` : '';
  const lines = cited
    .slice(0, mostEntries)
    .map((entry) => entryLine(names.replaceIn(entry)))
    .join('\n');
  return `### Evidence: ${plain(subject.name)}\n\n${fence(`${lines}${more}`, 'journal')}`;
}

/**
 * What the program that failed and its server logged from the first fault on, as `shaketable reproduce` reads it: whoever has the text alone
 * can look for the same pattern.
 */
function logsPart({ subjects }: ScenarioResult, journals: Journals, names: Names): string {
  const shown = subjects.find(({ outcome }) => outcome === 'fail') ?? subjects[0];
  const journal = shown && journals.get(shown.journal);
  if (shown === undefined || journal === undefined || !('entries' in journal)) return '';
  const { entries, header } = journal;
  const begun = entries.find(({ kind }) => kind === 'fault.installed')?.t ?? 0;
  const since = entries.filter(({ t }) => t >= begun);
  const logs = [
    ['Agent', since.filter(({ kind }) => kind === 'agent.log')],
    ['Server', since.filter((entry) => entry.kind === 'server.log' && entry.event === 'request')],
  ] as const;
  const pasted = logs.flatMap(([whose, records]) => {
    const lines = records
      .slice(0, mostRecords)
      .map((record) => recordLine(names.replaceIn(record), header.labStart, recordLimit));
    return lines.length === 0 ? [] : [`${whose} log:`, ...lines];
  });
  if (pasted.length === 0) return '';
  const head = `### Logs: ${plain(shown.name)}`;
  const how =
    'Save this text as a file: `shaketable reproduce FILE` finds the pattern in it, and plays it again.';
  return `${head}\n\n${how}\n\n${fence(pasted.join('\n'), 'log')}`;
}

const entryLine = (entry: Entry): string =>
  `${entry.n}  ${timeText(entry.t)}  ${oneLine(entry.kind)}  ${entryText(entry, valueLimit)}`;
