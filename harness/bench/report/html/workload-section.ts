/** One workload on the page: tables, matrix, comparisons, curves, rounds, and how it was measured. */

import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import { prose } from '../../../report/html/prose.ts';
import { command } from '../../../report/html/scenario-section.ts';
import { count, showDuration } from '../../../report/text.ts';
import type { WorkloadResult } from '../../bench-result.ts';
import { controlInWords } from '../figures.ts';
import { chartGroups } from './chart-groups.ts';
import { claimsSection } from './claims-section.ts';
import { everyRound } from './every-round.ts';
import { figureTable } from './figure-table.ts';
import { forestChart } from './forest-chart.ts';
import { handshakeChart } from './handshake-chart.ts';
import { matrixTable } from './matrix-table.ts';
import { percentileChart } from './percentile-chart.ts';
import { anchorOf } from './problems.ts';
import { roundsChart } from './rounds-chart.ts';

/** `seed` is the benchmark's. */
export function workloadSection(workload: WorkloadResult, seed: number): Markup {
  const { name, title, rounds, durationMs, matrix, tables, claims = [], replay } = workload;
  const took =
    rounds > 0 ? `${count(rounds, 'round')}, ${showDuration(durationMs)}` : showDuration(durationMs);
  return html`<section class="workload" aria-labelledby="${anchorOf(name)}"><h2 id="${anchorOf(name)}">${name} <small>${title}; ${took}</small></h2>
${remarks(workload)}
<div class="tables">${matrix ? matrixTable(workload, matrix, seed) : nothing}
${tables.map((table) => figureTable(workload, table))}</div>
${claimsSection(claims)}
${ratios(workload)}
${curves(workload)}
${handshakeChart(workload)}
${everyRound(workload)}
${notes(workload)}
${command(replay)}
</section>
`;
}

/** Rows that were measured and of which something is to be known; rows of which the same is to be said share a line. */
function remarks({ rows }: WorkloadResult): Markup {
  const told = rows.filter(({ status, reasons }) => reasons.length > 0 && status === 'measured');
  const said = Map.groupBy(told, ({ reasons }) => reasons.join('; '));
  if (said.size === 0) return nothing;
  return html`<ul class="remarks">${[...said].map(([reason, of]) => html`<li>${prose(reason)} <small>${of.map(({ id }) => id).join(', ')}</small></li>`)}</ul>`;
}

function ratios({ name, comparisons, control }: WorkloadResult): Markup {
  if (comparisons.length === 0 && !control) return nothing;
  return html`<h3>Ratios with their intervals</h3>
${control ? html`<p class="file">${controlInWords(control)}</p>` : nothing}
${forestChart({ title: `Ratios of ${name}`, comparisons, control })}`;
}

/** What the matrix goes by is drawn at once, other times when asked for. */
function curves(workload: WorkloadResult): Markup {
  const names = [...new Set(workload.rows.flatMap(({ times }) => Object.keys(times)))];
  const [first, ...others] = names.toSorted((one, two) => rank(one) - rank(two));
  if (first === undefined) return nothing;
  const percentiles = (of: string) =>
    chartGroups(workload, of).map((group) => percentileChart(workload.name, of, group));
  const byRound = (of: string) =>
    chartGroups(workload, of).map((group) => roundsChart(workload.name, of, group));
  const missing = workload.rows.filter(({ status }) => status !== 'measured').map(({ id }) => id);
  return html`<h3>Percentile curves</h3>
${missing.length > 0 ? html`<p class="file">Not drawn, since not measured: ${missing.join(', ')}.</p>` : nothing}
<div class="charts">${percentiles(first)}</div>
${others.map((of) => html`<details class="entries"><summary>Percentile curves of ${of}</summary><div class="charts">${percentiles(of)}</div></details>`)}
<details class="entries"><summary>Medians by round</summary><p class="file">A bend that all lines share is the machine, not what is measured.</p><div class="charts">${byRound(first)}</div></details>`;

  function rank(of: string): number {
    return of === workload.matrix?.of ? 0 : 1;
  }
}

const notes = ({ notes: sentences }: WorkloadResult): Markup =>
  sentences.length === 0
    ? nothing
    : html`<h3>How it was measured</h3><ul class="notes">${sentences.map((note) => html`<li>${prose(note)}</li>`)}</ul>`;
