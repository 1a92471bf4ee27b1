/** Rows as a matrix, with the fastest of each column where that is decided. */
import { seededRandom } from 'shaketable-proxy/random';
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import { count } from '../../../report/text.ts';
import type { Matrix, Row, WorkloadResult } from '../../bench-result.ts';
import { cellOf, isRestless, thresholdOf } from '../figures.ts';
import { timesInWords } from './provenance.ts';
import { type Contest, contestOf } from './winners.ts';

/** `seed` is the benchmark's: the same file gives the same winners. */
export function matrixTable(workload: WorkloadResult, matrix: Matrix, seed: number): Markup {
  const columns = distinct(matrix.cells.map(({ column }) => column));
  const lines = distinct(matrix.cells.map(({ line }) => line));
  const find = finderOf(workload, matrix);
  const contests = columns.map((column) => contestIn(workload, matrix, column, seed));
  return html`<div><h3>${matrix.title}</h3>
<div class="wide" tabindex="0" role="region" aria-label="${matrix.title}"><table class="figures-of matrix"><caption>Median, and p99 where there are enough values, ms. ★ is faster than every other of its column by more than ${percentOf(thresholdOf(workload))} (95 %, by rounds).</caption>
<thead><tr><th scope="col">${matrix.lineTitle}</th>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
<tbody>${lines.map(
    (line) =>
      html`<tr><th scope="row">${line}</th>${columns.map((column, index) => cell(find(line, column), matrix.of, contests[index]))}</tr>
`,
  )}</tbody>
<tfoot><tr><th scope="row">fastest</th>${contests.map((contest, index) => html`<td>${verdict(workload, matrix, contest, columns[index] ?? '')}</td>`)}</tr></tfoot></table></div></div>`;
}

type Find = (line: string, column: string) => Row | undefined;

function finderOf({ rows }: WorkloadResult, { cells }: Matrix): Find {
  return (line, column) => {
    const found = cells.find((one) => one.line === line && one.column === column);
    return found && rows.find(({ id }) => id === found.row);
  };
}

function contestIn(workload: WorkloadResult, matrix: Matrix, column: string, seed: number): Contest {
  if (isRestless(workload.control)) return { undecided: [] };
  const ids = new Set(matrix.cells.filter((one) => one.column === column).map(({ row }) => row));
  return contestOf(
    workload.rows.filter(({ id }) => ids.has(id)),
    {
      of: matrix.of,
      threshold: thresholdOf(workload),
      random: seededRandom(seed).fork(`fastest/${workload.name}/${column}`),
    },
  );
}

function cell(row: Row | undefined, of: string, contest: Contest | undefined): Markup {
  if (!row) return html`<td>–</td>`;
  const times = row.times[of];
  const title = `${row.id}, ${of}: ${row.status === 'measured' ? '' : `${row.status}, ${row.reasons.join('; ')}. `}${times ? timesInWords(times) : 'no values'}`;
  if (row.status !== 'measured')
    return html`<td class="is-${row.status}" title="${title}">${statusWords[row.status]}</td>`;
  if (!times) return html`<td title="${title}">–</td>`;
  const wins = contest?.winner === row.id;
  const p99 =
    times.p99Interval === null
      ? nothing
      : html` <small>${cellOf(row, { title: '', of, take: 'p99', digits: 1 })}</small>`;
  const star = wins
    ? html`<span class="star" aria-hidden="true">★</span><span class="unseen">fastest: </span>`
    : nothing;
  return html`<td class="${wins ? 'wins' : ''}" title="${title}">${star}<b>${cellOf(row, { title: '', of, take: 'p50', digits: 2 })}</b>${p99}</td>`;
}

const statusWords = { failed: '✕ failed', void: '∅ void' } as const;

function verdict(
  workload: WorkloadResult,
  { cells }: Matrix,
  contest: Contest | undefined,
  column: string,
): Markup {
  const nameOf = (id: string | undefined): string =>
    cells.find((one) => one.row === id && one.column === column)?.line ?? '';
  if (contest?.winner !== undefined) return html`★ ${nameOf(contest.winner)}`;
  if (isRestless(workload.control))
    return html`<span class="tone-unsure">not decided: the control is restless</span>`;
  const [first, ...others] = contest?.undecided ?? [];
  if (first === undefined) return html`<span class="tone-quiet">nothing to compare</span>`;
  const named = others.slice(0, 2).map(nameOf);
  const more = others.length > 2 ? ` and ${count(others.length - 2, 'other')}` : '';
  return html`<span class="tone-unsure">not decided</span> <small>${nameOf(first)} is not told apart from ${named.join(', ')}${more}</small>`;
}

const percentOf = (share: number): string => `${Math.round(share * 1_000) / 10} %`;
const distinct = (values: readonly string[]): string[] => [...new Set(values)];
