/**
 * A run as one HTML file that needs nothing else: no network, no server, and for reading not even the script in it.
 * The content security policy forbids every request and every script but that one.
 */
import { createHash } from 'node:crypto';
import type { ChangeReport } from '../history/change-section.ts';
import type { Journals } from '../read-run.ts';
import type { RunResult } from '../run-result.ts';
import { byFieldReport, headline, outcomeWords } from '../scenario-outcome.ts';
import { changesSection } from './changes.ts';
import { claimsTable } from './claims-table.ts';
import { filterBar } from './filter-bar.ts';
import { type Limits, limitLevels, pageBytes } from './limits.ts';
import { html, Markup } from './markup.ts';
import { masthead } from './masthead.ts';
import { scenarioSection } from './scenario-section.ts';
import { pageScript } from './script.ts';
import { pageStyles } from './styles.ts';
import { symbolDefinitions } from './symbols.ts';

/** The run's page, with what changed, and as much of the journals as fits into `pageBytes`. */
export function toHtml(run: RunResult, journals: Journals, changes?: ChangeReport): string {
  for (const limits of limitLevels.slice(0, -1)) {
    const page = render(run, journals, limits, changes);
    if (Buffer.byteLength(page) <= pageBytes) return page;
  }
  return render(run, journals, limitLevels.at(-1) as Limits, changes);
}

function render(run: RunResult, journals: Journals, limits: Limits, changes?: ChangeReport): string {
  const numbers = new Map(run.scenarios.map((scenario, index) => [scenario, index]));
  const groups = [...byFieldReport(run)].map(
    ([name, scenarios]) => html`<section class="group" aria-label="${name}"><h3>${name}</h3>
${scenarios.map((scenario) => scenarioSection(scenario, numbers.get(scenario) ?? 0, { run, journals, limits }))}</section>
`,
  );
  return page(
    run,
    html`${symbolDefinitions()}
${masthead(run)}
<main>
${changesSection(run, changes)}
${claimsTable(run.claims)}
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
${filterBar(run)}
${groups}</section>
</main>`,
  );
}

function page(run: RunResult, body: Markup): string {
  const { symbol, word } = outcomeWords[run.outcome];
  const hash = createHash('sha256').update(pageScript).digest('base64');
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; img-src data:`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="description" content="${headline(run)}">
<title>${symbol} ${word} · Shaketable ${run.id}</title>
<style>${new Markup(pageStyles)}</style>
<noscript><style>.filter,.copy,.probe{display:none}</style></noscript>
</head>
<body>
${body}
<script>${new Markup(pageScript)}</script>
</body>
</html>
`.text;
}
