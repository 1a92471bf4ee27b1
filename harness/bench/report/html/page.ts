/** A benchmark as one HTML file that needs nothing else, a function of its `bench.json`. */
import { documentOf } from '../../../report/html/document.ts';
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import { outcomeWords } from '../../../report/scenario-outcome.ts';
import type { BaselineResult, BenchResult } from '../../bench-result.ts';
import { forestChart } from './forest-chart.ts';
import { headline, masthead } from './masthead.ts';
import { olderSection } from './older-section.ts';
import { baselineAnchor } from './problems.ts';
import { benchScript } from './script.ts';
import { markDefinitions } from './series.ts';
import { benchStyles } from './styles.ts';
import { workloadSection } from './workload-section.ts';

export function toBenchHtml(bench: BenchResult): string {
  const { symbol, word } = outcomeWords[bench.outcome];
  return documentOf({
    title: `${symbol} ${word} · Shaketable ${bench.id}`,
    description: headline(bench),
    styles: benchStyles,
    script: benchScript(),
    body: html`${markDefinitions()}
${masthead(bench)}
<main>
${bench.workloads.map((workload) => workloadSection(workload, bench.seed))}
${olderSection(bench)}
${bench.baseline ? baselineSection(bench.baseline) : nothing}
</main>`,
  });
}

function baselineSection({ file, startedAt, sameMachine, comparisons }: BaselineResult): Markup {
  const from = sameMachine ? 'another day' : 'another machine';
  return html`<section class="workload" aria-labelledby="${baselineAnchor}"><h2 id="${baselineAnchor}">Beside ${file} <small>of ${startedAt}, from ${from}: a hint, no proof</small></h2>
${forestChart({ title: `Ratios beside ${file}`, comparisons })}</section>`;
}
