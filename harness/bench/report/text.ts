/** A benchmark as text for a terminal of 80 columns. */
import type { Claim } from '../../report/run-result.ts';
import { clip, count, oneLine, showDuration, withUnit } from '../../report/text.ts';
import type { BenchResult, NamedComparison, Row, Table, WorkloadResult } from '../bench-result.ts';
import { cellOf, controlInWords, decisionWords, ratioInWords, rowsOf } from './figures.ts';

const lineWidth = 80;
const narrowestCell = 6;

/** Lines of at most 80 columns. */
export function benchLines(bench: BenchResult): string[] {
  const { machine, versions } = bench;
  return [
    ...wrap(`${machine.cores} × ${machine.processor}, Node ${versions.node ?? ''}, seed ${bench.seed}`),
    ...(bench.server === undefined ? [] : wrap(`Server: ${bench.server}`)),
    ...(bench.quick ? ['A quick look: whether it works. Not figures to keep.'] : []),
    ...bench.workloads.flatMap((workload) => workloadLines(workload, bench.against)),
    ...baselineLines(bench),
  ];
}

function workloadLines(workload: WorkloadResult, against: BenchResult['against']): string[] {
  const { name, title, rounds, durationMs, control, claims = [] } = workload;
  const took =
    rounds > 0 ? `${count(rounds, 'round')}, ${showDuration(durationMs)}` : showDuration(durationMs);
  return [
    '',
    ...wrap(`${name}: ${title} (${took})`),
    ...workload.tables.flatMap((table) => tableLines(workload, table)),
    ...troubleLines(workload.rows),
    ...(workload.comparisons.length > 0 ? ['', ...comparisonLines(workload.comparisons)] : []),
    ...olderLines(workload, against),
    ...(control ? ['', ...wrap(`Control: ${controlInWords(control)}`)] : []),
    ...claims.flatMap(claimLines),
    ...workload.notes.flatMap((note) => wrap(`· ${note}`, '  ')),
  ];
}

function tableLines(workload: WorkloadResult, table: Table): string[] {
  const rows = rowsOf(workload, table);
  if (rows.length === 0) return [];
  const cells = rows.map((row) => table.columns.map((column) => cellOf(row, column)));
  const widths = table.columns.map(({ title }, index) =>
    Math.max(narrowestCell, title.length, ...cells.map((line) => line[index]?.length ?? 0)),
  );
  const head = lineWidth - widths.reduce((sum, width) => sum + width + 1, 0);
  const first = Math.min(head, Math.max(...rows.map(({ id }) => id.length)) + 2);
  const line = (id: string, values: readonly string[]): string =>
    `${clip(oneLine(id), first).padEnd(first)}${values.map((value, index) => ` ${value.padStart(widths[index] ?? 0)}`).join('')}`;
  return [
    '',
    ...wrap(table.title),
    line(
      '',
      table.columns.map(({ title }) => title),
    ),
    ...rows.map((row, index) => line(`${row.id}${marks[row.status]}`, cells[index] ?? [])),
  ];
}

const marks = { measured: '', failed: ' ✕', void: ' void' };

/** Why rows are not measured, or what to know of them; rows of which the same is to be said share a line. */
function troubleLines(rows: readonly Row[]): string[] {
  const remarks = Map.groupBy(
    rows.filter(({ status, reasons }) => status === 'measured' && reasons.length > 0),
    ({ reasons }) => reasons.join('; '),
  );
  return [
    ...notMeasuredLines(rows),
    ...[...remarks].flatMap(([said, of]) => wrap(`${said} (${of.map(({ id }) => id).join(', ')})`, '  ')),
  ];
}

function notMeasuredLines(rows: readonly Row[]): string[] {
  return rows
    .filter(({ status }) => status !== 'measured')
    .flatMap(({ id, status, reasons }) => wrap(`${status} ${id}: ${reasons.join('; ')}`, '  '));
}

function comparisonLines(comparisons: readonly NamedComparison[]): string[] {
  if (comparisons.length === 0) return [];
  const width = Math.min(38, Math.max(...comparisons.map(({ title }) => title.length)));
  return comparisons.map(
    (one) =>
      `${clip(one.title, width).padEnd(width)}  ${ratioInWords(one).padEnd(22)} ${decisionWords[one.decision]}`,
  );
}

/** This version beside the older one; rows of that one which are not measured are told, too. */
function olderLines({ older }: WorkloadResult, against: BenchResult['against']): string[] {
  if (!against) return [];
  const { ref, commit } = against;
  if (!older || older.rows.length === 0) return ['', ...wrap(`${ref} has nothing to be measured here.`)];
  return [
    '',
    ...wrap(`This version beside ${ref} (${commit.slice(0, 10)}), measured in the same rounds:`),
    ...comparisonLines(older.comparisons),
    ...notMeasuredLines(older.rows),
  ];
}

function claimLines(claim: Claim): string[] {
  const { unit } = claim;
  const holds = claim.holds === null ? '– not measured' : claim.holds ? '✓ holds' : '✕ does not hold';
  const pair = (one: Claim['naive'], other: Claim['naive']): string =>
    `${withUnit(one, unit)} → ${withUnit(other, unit)}`;
  return [
    '',
    ...wrap(`${claim.figure} (${claim.requirement}${unit.length > 2 ? `, ${unit}` : ''})`),
    `  reported ${pair(claim.reportedBefore, claim.reportedAfter).padEnd(24)} ratio ${ratioOf(claim.reportedBefore, claim.reportedAfter)}`,
    `  measured ${pair(claim.naive, claim.hardened).padEnd(24)} ratio ${ratioOf(claim.naive, claim.hardened).padEnd(8)} ${holds}`,
  ];
}

/** After divided by before, where both are figures. */
export function ratioOf(before: Claim['naive'], after: Claim['naive']): string {
  const [one, other] = [Number(before), Number(after)];
  return before === null || after === null || !(one > 0) || Number.isNaN(other)
    ? '–'
    : `×${(other / one).toFixed(2)}`;
}

function baselineLines({ baseline, workloads }: BenchResult): string[] {
  if (!baseline) return [];
  const same = baseline.sameMachine ? 'another day' : 'another machine';
  const told = baseline.comparisons.filter(({ decision }) => decision !== 'equal');
  return [
    '',
    ...wrap(`Beside ${baseline.file} of ${baseline.startedAt}, which is from ${same}: a hint, no proof.`),
    ...(baseline.comparisons.length === 0
      ? [`Nothing in it is about ${workloads.map(({ name }) => name).join(', ')}.`]
      : []),
    ...comparisonLines(told.length > 0 ? told : []),
    ...(baseline.comparisons.length > 0
      ? [`${baseline.comparisons.length - told.length} of ${baseline.comparisons.length} equal`]
      : []),
  ];
}

/** Text in lines of at most 80 columns; those after the first begin with `indent`. */
export function wrap(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of oneLine(text).split(' ')) {
    if (line !== '' && `${line} ${word}`.length > lineWidth) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
