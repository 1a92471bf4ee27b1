/** A benchmark as Markdown, for a job summary or a page. */
import type { Claim } from '../../report/run-result.ts';
import { outcomeWords } from '../../report/scenario-outcome.ts';
import { oneLine, showDuration, unitNote, withUnit } from '../../report/text.ts';
import type { BenchResult, NamedComparison, Table, WorkloadResult } from '../bench-result.ts';
import { cellOf, controlInWords, ratioInWords, rowsOf } from './figures.ts';
import { ratioOf } from './text.ts';

/** The benchmark as GitHub-flavoured Markdown. */
export function toBenchMarkdown(bench: BenchResult): string {
  const { symbol, word } = outcomeWords[bench.outcome];
  const { machine } = bench;
  const facts = [
    ...(bench.server === undefined ? [] : [`Server ${plain(bench.server)}`]),
    `Seed \`${bench.seed}\``,
    `${machine.cores} × ${plain(machine.processor)}`,
    `Node ${bench.versions.node ?? ''}`,
    showDuration(bench.durationMs),
    ...(bench.quick ? ['quick: no figures to keep'] : []),
  ];
  const sections = [
    `## ${symbol} Shaketable bench: ${word}`,
    `${facts.join(', ')}.`,
    ...bench.workloads.flatMap((workload) => workloadSections(workload, bench.against)),
    ...baselineSections(bench),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function workloadSections(workload: WorkloadResult, against: BenchResult['against']): string[] {
  const { name, title, rounds, replay, rows, comparisons, control, claims = [], notes } = workload;
  return [
    `### ${name}`,
    `${plain(title)}${rounds > 0 ? `; ${rounds} rounds` : ''}. \`${replay}\``,
    ...workload.tables.map((table) => tableOf(workload, table)),
    rows
      .filter(({ reasons }) => reasons.length > 0)
      .map(({ id, status, reasons }) => `- ${status} \`${id}\`: ${plain(reasons.join('; '))}`)
      .join('\n'),
    comparisonTable(comparisons),
    ...olderSections(workload, against),
    control ? `Control: ${plain(controlInWords(control))}` : '',
    claimTable(claims),
    notes.map((note) => `- ${plain(note)}`).join('\n'),
  ];
}

function tableOf(workload: WorkloadResult, table: Table): string {
  const head = [plain(table.title), ...table.columns.map(({ title }) => title)];
  const rows = rowsOf(workload, table).map((row) => [
    row.status === 'measured' ? plain(row.id) : `${plain(row.id)} (${row.status})`,
    ...table.columns.map((column) => cellOf(row, column)),
  ]);
  return markdownTable(head, rows);
}

function olderSections({ older }: WorkloadResult, against: BenchResult['against']): string[] {
  if (!against) return [];
  if (!older || older.rows.length === 0)
    return [`\`${plain(against.ref)}\` has nothing to be measured here.`];
  return [
    `This version beside \`${plain(against.ref)}\` (${against.commit.slice(0, 10)}), measured in the same rounds:`,
    comparisonTable(older.comparisons),
  ];
}

function comparisonTable(comparisons: readonly NamedComparison[]): string {
  if (comparisons.length === 0) return '';
  const rows = comparisons.map((one) => [
    plain(one.title),
    ratioInWords(one),
    one.decision,
    String(one.rounds),
  ]);
  return markdownTable(['beside', 'ratio (95 %)', 'decision', 'rounds'], rows);
}

function claimTable(claims: readonly Claim[]): string {
  if (claims.length === 0) return '';
  const head = [
    'figure',
    'reported before',
    'reported after',
    'naive',
    'hardened',
    'ratio',
    'holds',
    'requirement',
  ];
  const rows = claims.map((claim) => [
    plain(`${claim.figure}${unitNote(claim.unit)}`),
    ...[claim.reportedBefore, claim.reportedAfter, claim.naive, claim.hardened].map((value) =>
      plain(withUnit(value, claim.unit)),
    ),
    ratioOf(claim.naive, claim.hardened),
    claim.holds === null ? 'not measured' : claim.holds ? '✓ holds' : '✕ does not hold',
    claim.requirement,
  ]);
  return markdownTable(head, rows);
}

function baselineSections({ baseline }: BenchResult): string[] {
  if (!baseline) return [];
  const from = baseline.sameMachine ? 'another day' : 'another machine';
  return [
    `### Beside ${plain(baseline.file)}`,
    `Of ${baseline.startedAt}, from ${from}: a hint, no proof.`,
    comparisonTable(baseline.comparisons),
  ];
}

function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that stays in its cell. */
const plain = (text: string): string => oneLine(text).replaceAll('|', '\\|').replaceAll('<', '&lt;');
