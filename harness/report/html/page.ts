/**
 * A run as one HTML file: a pure function of `run.json` and the journals.
 */
import type { ChangeReport } from '../history/change-section.ts';
import type { Journals } from '../read-run.ts';
import type { RunResult } from '../run-result.ts';
import { byFieldReport, headline, outcomeWords } from '../scenario-outcome.ts';
import { changesSection } from './changes.ts';
import { claimsTable } from './claims-table.ts';
import { documentOf } from './document.ts';
import { filterBar } from './filter-bar.ts';
import { type Limits, limitLevels, pageBytes } from './limits.ts';
import { html } from './markup.ts';
import { masthead } from './masthead.ts';
import { scenarioSection } from './scenario-section.ts';
import { pageScript } from './script.ts';
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
  const { symbol, word } = outcomeWords[run.outcome];
  return documentOf({
    title: `${symbol} ${word} · Shaketable ${run.id}`,
    description: headline(run),
    script: pageScript,
    body: html`${symbolDefinitions()}
${masthead(run)}
<main>
${changesSection(run, changes)}
${claimsTable(run.claims)}
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
${filterBar(run)}
${groups}</section>
</main>`,
  });
}
