/** Who played the run, where it was handed out to workers. */
import type { RunResult } from '../run-result.ts';
import { workerCells, workerColumns } from '../workers-in-words.ts';
import { html, type Markup, nothing } from './markup.ts';

export function workersTable({ workers = [], durationMs }: RunResult): Markup {
  if (workers.length === 0) return nothing;
  const [first, ...others] = workerColumns;
  const rows = workers.map((worker) => {
    const cells = workerCells(worker, durationMs);
    return html`<tr><th scope="row">${cells[first]}</th>${others.map((column) => html`<td data-label="${column}">${cells[column]}</td>`)}</tr>
`;
  });
  return html`<section aria-labelledby="workers"><h2 id="workers">Played by</h2>
<table class="stack"><thead><tr>${workerColumns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>
${rows}</tbody></table></section>`;
}
