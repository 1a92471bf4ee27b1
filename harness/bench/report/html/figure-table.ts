/** A table of figures, the same as in the text; each says in its title which rounds it is from. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import { prose } from '../../../report/html/prose.ts';
import type { Column, Row, Table, WorkloadResult } from '../../bench-result.ts';
import { cellOf, rowsOf } from '../figures.ts';
import { figureInWords, timesInWords } from './provenance.ts';

export function figureTable(workload: WorkloadResult, table: Table): Markup {
  const rows = rowsOf(workload, table);
  if (rows.length === 0) return nothing;
  return html`<div><h3>${table.title}</h3>
<div class="wide" tabindex="0" role="region" aria-label="${table.title}"><table class="figures-of"><thead><tr><th scope="col"><span class="unseen">row</span></th>${table.columns.map(({ title }) => html`<th scope="col">${title}</th>`)}</tr></thead><tbody>
${rows.map((row) => tableRow(row, table.columns))}</tbody></table></div></div>`;
}

function tableRow(row: Row, columns: readonly Column[]): Markup {
  const dubious = row.status !== 'measured';
  return html`<tr class="is-${row.status}"><th scope="row">${dubious ? html`<span class="flag">${flags[row.status]}</span> ` : nothing}${row.id}</th>${columns.map((column) => html`<td title="${titleOf(row, column)}">${cellOf(row, column)}</td>`)}</tr>
${dubious ? html`<tr class="is-${row.status} reasons"><td colspan="${columns.length + 1}">${prose(row.reasons.join('; '))}</td></tr>` : nothing}`;
}

const flags = { measured: '', failed: '✕ failed', void: '∅ void' } as const;

function titleOf(row: Row, { of, take }: Column): string {
  const times = row.times[of];
  const figure = row.figures[of];
  const words = take === undefined ? figure && figureInWords(figure) : times && timesInWords(times);
  return `${row.id}, ${of}: ${words ?? 'no values'}`;
}
