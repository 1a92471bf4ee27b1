/**
 * A benchmark as one HTML file that needs nothing else, a function of its `bench.json`. The content security policy forbids
 * every request and every script but the page's own.
 */
import { createHash } from 'node:crypto';
import { html, Markup, nothing } from '../../../report/html/markup.ts';
import { pageStyles } from '../../../report/html/styles.ts';
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
  const hash = createHash('sha256').update(benchScript).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="description" content="${headline(bench)}">
<title>${symbol} ${word} · Shaketable ${bench.id}</title>
<style>${new Markup(pageStyles)}${new Markup(benchStyles)}</style>
<noscript><style>.copy{display:none}.key{pointer-events:none}</style></noscript>
</head>
<body>
${markDefinitions()}
${masthead(bench)}
<main>
${bench.workloads.map((workload) => workloadSection(workload, bench.seed))}
${olderSection(bench)}
${bench.baseline ? baselineSection(bench.baseline) : nothing}
</main>
<script>${new Markup(benchScript)}</script>
</body>
</html>
`.text;
}

function baselineSection({ file, startedAt, sameMachine, comparisons }: BaselineResult): Markup {
  const from = sameMachine ? 'another day' : 'another machine';
  return html`<section class="workload" aria-labelledby="${baselineAnchor}"><h2 id="${baselineAnchor}">Beside ${file} <small>of ${startedAt}, from ${from}: a hint, no proof</small></h2>
${forestChart({ title: `Ratios beside ${file}`, comparisons })}</section>`;
}
