/**
 * The faults of a scenario and how often each struck.
 */
import type { FaultResult, ScenarioResult } from '../run-result.ts';
import { shorten, showValue } from '../text.ts';
import { html, type Markup } from './markup.ts';

export function faultTable(scenario: ScenarioResult): Markup {
  if (scenario.faults.length === 0)
    return html`<p class="tone-quiet">No fault is played; the bug shows without one.</p>`;
  const perSubject = scenario.faults.some((fault) => fault.subject !== undefined);
  return html`<table class="stack faults"><thead><tr><th scope="col">fault</th><th scope="col">what</th>${perSubject && html`<th scope="col">run of</th>`}<th scope="col">strikes</th></tr></thead><tbody>
${scenario.faults.map((fault) => faultRow(fault, perSubject))}</tbody></table>`;
}

function faultRow(fault: FaultResult, perSubject: boolean): Markup {
  const where = [fault.link, fault.place].filter((part) => part !== undefined && part !== '').join(', ');
  const params = fault.params === undefined ? '' : shorten(showValue(fault.params), 300);
  return html`<tr><th scope="row"><code>${fault.id}</code></th><td data-label="what">${fault.kind} on ${where}${params === '' ? '' : html` <small>${params}</small>`}</td>${perSubject && html`<td data-label="run of">${fault.subject ?? 'all'}</td>`}<td data-label="strikes">${strikesOf(fault)}</td></tr>
`;
}

function strikesOf({ strikes, reason }: FaultResult): Markup {
  if (strikes > 0) return html`<b class="measured">${strikes}</b>`;
  return html`<span class="tone-unsure">? never struck${reason === undefined ? '' : `: ${reason}`}</span>`;
}
