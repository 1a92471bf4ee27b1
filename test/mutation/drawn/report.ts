/** What a measurement came to, as data and as a page: score, by file, what survived, who noticed the rest. */
import { isNoticed, type Outcome, outcomes } from './judge.ts';
import type { Equivalent } from './match-equivalents.ts';
import { type DrawnMutant, placeOf } from './mutant.ts';
import type { MutantResult } from './play.ts';
import { type Score, scoreOf } from './score.ts';
import type { StageName } from './stage.ts';

/** What came of a mutant in one stage. */
type InStage = Pick<MutantResult, 'stage' | 'outcome' | 'reachedBy' | 'played' | 'durationMs'>;

/** A mutant with what came of it. */
export interface PlayedMutant extends Pick<MutantResult, 'failures' | 'unsteady' | 'notes'> {
  /** In the order of stages; none after the one that noticed. */
  readonly stages: readonly InStage[];
  readonly mutant: DrawnMutant;
  readonly outcome: Outcome | 'equivalent';
  readonly diff: string;
  /** Why it is equivalent. */
  readonly because?: string;
  /** What to add to the list if it is. */
  readonly entry?: Equivalent;
}

/** How one stage did. */
export interface StageFigures {
  readonly stage: StageName;
  readonly played: number;
  readonly noticed: number;
  /** Wall-clock milliseconds for all of them, without dry runs. */
  readonly durationMs: number;
}

/** All that is published. */
export interface Report {
  readonly seed: number;
  readonly paths: readonly string[];
  readonly score: Score;
  /** The score if what made a scenario inconclusive counted, too. */
  readonly withInconclusive: Score;
  readonly counts: Readonly<Record<Outcome | 'equivalent', number>>;
  readonly files: readonly { readonly file: string; readonly score: Score }[];
  readonly stages: readonly StageFigures[];
  readonly mutants: readonly PlayedMutant[];
  /** Of how many the sample was drawn, and what was not taken into it. */
  readonly population: number;
  /** Of all those mutants, the ones that no scenario reaches, by file. */
  readonly unreached: readonly { readonly file: string; readonly unreached: number; readonly of: number }[];
  readonly wording: number;
  readonly refusedByCompiler: number;
  readonly equivalentsMet: readonly { readonly place: string; readonly because: string }[];
  /** How many checks failed once for a mutant and not again: where there are many, the machine was not idle. */
  readonly unsteady: number;
  /** Scenarios that were not as expected without a mutant, and so were not played. */
  readonly leftOut: readonly {
    readonly stage: StageName;
    readonly scenario: string;
    readonly trouble: string;
  }[];
  readonly neverFailed: readonly string[];
}

/** The figures of a report, from what came of each mutant. */
export function figuresOf(
  mutants: readonly PlayedMutant[],
): Pick<Report, 'score' | 'withInconclusive' | 'counts' | 'files' | 'stages'> {
  const names = [...outcomes, 'equivalent'] as const;
  const count = (name: string): number => mutants.filter(({ outcome }) => outcome === name).length;
  return {
    score: scoreIn(mutants, isNoticed),
    withInconclusive: scoreIn(mutants, (outcome) => isNoticed(outcome) || outcome === 'inconclusive'),
    counts: Object.fromEntries(names.map((name) => [name, count(name)])) as Report['counts'],
    files: [...Map.groupBy(mutants, ({ mutant }) => mutant.file)]
      .map(([file, its]) => ({ file, score: scoreIn(its, isNoticed) }))
      .toSorted((a, b) => a.file.localeCompare(b.file)),
    stages: stagesIn(mutants),
  };
}

function stagesIn(mutants: readonly PlayedMutant[]): StageFigures[] {
  const all = mutants.flatMap(({ stages }) => stages);
  return [...Map.groupBy(all, ({ stage }) => stage)].map(([stage, its]) => ({
    stage,
    played: its.length,
    noticed: its.filter(({ outcome }) => isNoticed(outcome)).length,
    durationMs: its.reduce((sum, { durationMs }) => sum + durationMs, 0),
  }));
}

/** How a stage did, in words: `simulated: 80 of 120 noticed, 4.1 s a mutant`. */
export function stageInWords({ stage, played, noticed, durationMs }: StageFigures): string {
  return `${stage}: ${noticed} of ${played} noticed, ${(durationMs / played / 1_000).toFixed(1)} s a mutant`;
}

function scoreIn(mutants: readonly PlayedMutant[], counts: (outcome: Outcome) => boolean): Score {
  const judged = mutants.flatMap(({ outcome }) => (outcome === 'equivalent' ? [] : [outcome]));
  return scoreOf(judged.filter(counts).length, judged.length);
}

/** The score in words: `101 of 120 noticed: 84 % (77 to 90 %)`. */
export function inWords({ noticed, of, percent, from, to }: Score): string {
  return `${noticed} of ${of} noticed: ${percent} % (${from} to ${to} %)`;
}

/** The report in Markdown. */
export function toMarkdown(report: Report): string {
  const { score, withInconclusive, counts, mutants, files } = report;
  const unnoticed = mutants.filter(({ outcome }) => outcome !== 'equivalent' && !isNoticed(outcome));
  const noticed = mutants.filter(({ outcome }) => outcome !== 'equivalent' && isNoticed(outcome));
  return [
    '# Drawn mutants',
    '',
    `**${inWords(score)}.** With those that made a scenario inconclusive: ${inWords(withInconclusive)}.`,
    'The span in parentheses is the 95 % interval (Wilson) for all mutants of these files.',
    '',
    `Drawn by seed ${report.seed} from ${report.population} mutants of ${report.paths.join(', ')}. Not drawn: ` +
      `${report.wording} of wording; of those drawn, the compiler refuses ${report.refusedByCompiler}. ` +
      `${report.unsteady} checks failed once and not again, which counts for nothing.`,
    '',
    ...report.stages.map((stage) => `- ${stageInWords(stage)}`),
    '',
    ...table(
      ['outcome', 'mutants'],
      Object.entries(counts).map(([name, count]) => [name, count]),
    ),
    '',
    '## By file',
    '',
    ...table(
      ['file', 'noticed', 'of'],
      files.map(({ file, score }) => [file, score.noticed, score.of]),
    ),
    ...section('Not noticed', unnoticed.flatMap(unnoticedLines)),
    ...section('Noticed', [
      ...table(['mutant', 'replaced', 'by', 'outcome', 'stage', 'noticed by'], noticed.map(noticedRow)),
    ]),
    ...section('Equivalent', [
      ...report.equivalentsMet.map(({ place, because }) => `- ${place}: equivalent because ${because}`),
      ...mutants
        .filter(({ outcome }) => outcome === 'equivalent')
        .map(({ mutant, because }) => `- ${placeOf(mutant)}: equivalent because ${because}`),
    ]),
    ...section(
      'Checks that were never seen to fail',
      report.neverFailed.map((name) => `- \`${name}\``),
    ),
    ...section(
      'Mutants that no scenario reaches',
      table(
        ['file', 'not reached', 'of all'],
        report.unreached.map(({ file, unreached, of }) => [file, unreached, of]),
      ),
    ),
    ...section(
      'Scenarios left out',
      report.leftOut.flatMap(({ stage, scenario, trouble }) => [
        `- ${stage}: \`${scenario}\` is not as expected without any mutant:`,
        '',
        ...fenced('', trouble),
      ]),
    ),
    '',
  ].join('\n');
}

function unnoticedLines(played: PlayedMutant): string[] {
  const { mutant, outcome, diff, unsteady, entry } = played;
  const once = unsteady.map(({ scenario, check }) => `${scenario}: ${check} failed once, and not again`);
  const notes = [...played.notes, ...once].map((note) => ` ${note}.`).join('');
  return [
    `### ${placeOf(mutant)} ${mutant.mutator}: ${outcome}`,
    '',
    `${played.stages.map(stageLine).join(' ')}${notes}`,
    '',
    ...fenced('diff', diff),
    ...(entry === undefined ? [] : fenced('json', JSON.stringify(entry))),
  ];
}

const stageLine = ({ stage, outcome, reachedBy, played }: InStage): string =>
  `${stage}: ${outcome}, ${played} played of ${reachedBy} that reach it.`;

function noticedRow({ mutant, stages, outcome, failures }: PlayedMutant): unknown[] {
  const [first] = failures;
  const others = failures.length > 1 ? ` and ${failures.length - 1} more` : '';
  return [
    placeOf(mutant),
    code(mutant.original),
    code(mutant.replacement),
    outcome,
    stages.at(-1)?.stage,
    first === undefined ? '' : `\`${first.scenario}: ${first.check}\` (${short(first.measured)})${others}`,
  ];
}

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines];

const fenced = (language: string, text: string): string[] => [`\`\`\`${language}`, text, '```', ''];

function table(head: readonly string[], rows: readonly (readonly unknown[])[]): string[] {
  const line = (cells: readonly unknown[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}

const longestCell = 60;
const short = (text: string): string =>
  text.length > longestCell ? `${text.slice(0, longestCell)} …` : text;

const code = (text: string): string => `\`${short(text.replaceAll(/\s+/g, ' ').replaceAll('`', "'"))}\``;
