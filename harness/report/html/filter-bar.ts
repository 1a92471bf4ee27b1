/**
 * Which scenarios the page shows: by text, by outcome, by requirement. The script in the page does the work.
 */
import type { RunOutcome, RunResult } from '../run-result.ts';
import { countOutcomes, outcomeWords } from '../scenario-outcome.ts';
import { html, type Markup } from './markup.ts';

const outcomes: readonly RunOutcome[] = ['unexpected', 'inconclusive', 'expected'];

export function filterBar(run: RunResult): Markup {
  const counts = countOutcomes(run);
  return html`<form class="filter js" id="filter" role="search" aria-label="Filter scenarios">
<input type="search" name="text" placeholder="Filter by text" aria-label="Filter by text" autocomplete="off">
<select name="outcome" aria-label="Filter by outcome"><option value="">every outcome</option>${outcomes.map(
    (outcome) =>
      html`<option value="${outcome}">${outcomeWords[outcome].symbol} ${outcomeWords[outcome].word} (${counts[outcome]})</option>`,
  )}</select>
<select name="requirement" aria-label="Filter by requirement"><option value="">every requirement</option>${requirementsOf(
    run,
  ).map((id) => html`<option value="${id}">${id}</option>`)}</select>
<button type="button" id="fold" aria-pressed="false">Open all</button>
<output id="shown" aria-live="polite">${run.scenarios.length} of ${run.scenarios.length}</output>
</form>`;
}

function requirementsOf(run: RunResult): string[] {
  const order = new Intl.Collator('en', { numeric: true });
  return [...new Set(run.scenarios.flatMap((scenario) => scenario.requirements))].toSorted(order.compare);
}
