/**
 * A run as Markdown for a job summary: the verdict first, then what needs a reader, then everything as tables.
 */
import { changeMarkdown } from './history/change-markdown.ts';
import type { ChangeReport } from './history/change-section.ts';
import { code, fence, plain, row } from './markdown.ts';
import type { Claim, RunResult, ScenarioResult, SubjectResult } from './run-result.ts';
import {
  aloneInWords,
  byUrgency,
  firstTryInWords,
  headline,
  isReported,
  outcomeWords,
  reasons,
  scenarioOutcome,
  subjectNames,
  subjectSentence,
  talkedPastInWords,
} from './scenario-outcome.ts';
import { count, oneLine, shorten, showDuration, unitNote, withUnit } from './text.ts';
import { workerCells, workerColumns } from './workers-in-words.ts';

/** Longest reason that is shown; journals and run.json have the rest. */
const reasonLimit = 600;

/** The run, and what changed, as GitHub-flavoured Markdown; text of subjects cannot break out of its place. */
export function toSummaryMarkdown(run: RunResult, changes?: ChangeReport): string {
  const { symbol, word } = outcomeWords[run.outcome];
  const sections = [
    `## ${symbol} Shaketable: ${word}`,
    `${headline(run)}. Seed \`${run.seed}\`, world \`${run.world}\`, pace ${run.pace}, ${showDuration(run.durationMs)}.`,
    plain(subjectSentence(run) ?? ''),
    aloneInWords(run.scenarios) ?? '',
    plain(talkedPastInWords(run.scenarios) ?? ''),
    attention(run),
    secondTries(run),
    changes === undefined ? '' : changeMarkdown(changes),
    scenarioTable(run),
    claimTable(run.claims),
    workerTable(run),
    versions(run),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

/** What is not as expected and what proves nothing, with reasons and the command that plays it again. */
function attention(run: RunResult): string {
  return byUrgency(run.scenarios)
    .filter((scenario) => scenarioOutcome(scenario) !== 'expected')
    .map((scenario) => {
      const { symbol, word } = outcomeWords[scenarioOutcome(scenario)];
      return [
        `### ${symbol} ${code(scenario.id)}: ${word}`,
        '',
        `${plain(scenario.title)}`,
        '',
        ...reasons(scenario).map((reason) => `- ${plain(shorten(reason, reasonLimit))}`),
        '',
        fence(oneLine(scenario.replay)),
      ].join('\n');
    })
    .join('\n\n');
}

/** What was played again alone, with what it came to first. */
function secondTries({ scenarios }: RunResult): string {
  const lines = scenarios.flatMap((scenario) => {
    const words = firstTryInWords(scenario);
    return words === undefined ? [] : [`- ${code(scenario.id)}: ${plain(shorten(words, reasonLimit))}`];
  });
  return lines.length === 0 ? '' : ['### Played again alone', '', ...lines].join('\n');
}

function scenarioTable(run: RunResult): string {
  const names = subjectNames(run);
  const rows = byUrgency(run.scenarios).map((scenario) => {
    const { symbol, word } = outcomeWords[scenarioOutcome(scenario)];
    const cells = [code(scenario.id), `${symbol} ${word}`, ...names.map(cellOf(scenario))];
    return row([...cells, checkCount(scenario), plain(scenario.requirements.join(' '))]);
  });
  const head = ['scenario', 'outcome', ...names.map(plain), 'checks', 'requirements'];
  return [row(head), row(head.map(() => '---')), ...rows].join('\n');
}

const cellOf =
  (scenario: ScenarioResult) =>
  (name: string): string => {
    const subject = scenario.subjects.find((one) => one.name === name);
    return subject ? subjectInWords(scenario, subject) : '–';
  };

function subjectInWords(scenario: ScenarioResult, subject: SubjectResult): string {
  if (subject.error !== undefined && subject.outcome !== 'fail') return 'not played';
  const known = subject.checks.filter((check) => check.known !== undefined).map((check) => code(check.id));
  const but = known.length === 0 ? '' : ` but for known ${known.join(', ')}`;
  if (subject.outcome !== 'fail') return subject.outcome === 'pass' ? `passes${but}` : 'unknown';
  const failed = subject.checks.filter((check) => check.outcome === 'fail');
  const named = failed.filter((check) => isReported(scenario, subject, check.id));
  return `fails ${(named.length > 0 ? named : failed).map((check) => code(check.id)).join(', ')}`;
}

function checkCount(scenario: ScenarioResult): string {
  return String(
    new Set(scenario.subjects.flatMap((subject) => subject.checks.map((check) => check.id))).size,
  );
}

function claimTable(claims: readonly Claim[]): string {
  if (claims.length === 0) return '';
  const head = ['figure', 'reported before', 'reported after', 'naive', 'hardened', 'holds', 'requirement'];
  const rows = claims.map((claim) => {
    const values = [claim.reportedBefore, claim.reportedAfter, claim.naive, claim.hardened];
    const holds = claim.holds === null ? 'not measured' : claim.holds ? '✓ holds' : '✕ does not hold';
    const shown = values.map((value) => plain(withUnit(value, claim.unit)));
    return row([plain(`${claim.figure}${unitNote(claim.unit)}`), ...shown, holds, plain(claim.requirement)]);
  });
  return [
    '### Reported figures beside measured ones',
    '',
    row(head),
    row(head.map(() => '---')),
    ...rows,
  ].join('\n');
}

/** Who played it, where it was handed out. */
function workerTable({ workers = [], durationMs }: RunResult): string {
  if (workers.length === 0) return '';
  const rows = workers.map((worker) => {
    const cells = workerCells(worker, durationMs);
    return row(workerColumns.map((column) => plain(cells[column])));
  });
  return ['### Played by', '', row(workerColumns), row(workerColumns.map(() => '---')), ...rows].join('\n');
}

function versions(run: RunResult): string {
  const used = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  return `<sub>${count(run.scenarios.length, 'scenario')} · ${plain(used.join(' · '))} · run ${plain(run.id)}</sub>`;
}
