/** This version beside an older one that was measured in the same rounds. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { BenchResult } from '../../bench-result.ts';
import { forestChart } from './forest-chart.ts';

/** Id of the section of the page. */
export const olderAnchor = 'against';

export function olderSection({ against, workloads }: BenchResult): Markup {
  if (!against) return nothing;
  const { ref, commit } = against;
  return html`<section class="workload" aria-labelledby="${olderAnchor}"><h2 id="${olderAnchor}">Beside ${ref} <small>${commit.slice(0, 10)}, measured in the same rounds</small></h2>
${workloads.map(({ name, older, control }) =>
  older && older.rows.length > 0
    ? html`<h3>${name}</h3>
${forestChart({ title: `${name} beside ${ref}`, comparisons: older.comparisons, control })}`
    : html`<p class="file">${name}: ${ref} has nothing to be measured here.</p>`,
)}</section>`;
}
