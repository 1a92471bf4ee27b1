/**
 * The faults of a scenario, and how often each struck each subject.
 */
import type { FaultResult, ScenarioResult } from '../run-result.ts';
import { shorten, showValue } from '../text.ts';
import { html, type Markup } from './markup.ts';
import { prose } from './prose.ts';

/** Longest list of parameters that is shown; run.json has the rest. */
const paramsLimit = 300;

export function faultTable(scenario: ScenarioResult): Markup {
  if (scenario.faults.length === 0) {
    return html`<p class="tone-quiet">No fault is played; the bug shows without one.</p>`;
  }
  const faults = Map.groupBy(scenario.faults, ({ id, kind, link }) => `${id}\n${kind}\n${link}`);
  const names = scenario.subjects.map((subject) => subject.name);
  return html`<table class="stack faults"><thead><tr><th scope="col">fault</th><th scope="col">what</th>${names.map(
    (name) => html`<th scope="col">strikes on ${name}</th>`,
  )}</tr></thead><tbody>
${[...faults.values()].map((same) => faultRow(same, names))}</tbody></table>`;
}

/** One fault, as it went in each subject's run. */
function faultRow(same: readonly FaultResult[], names: readonly string[]): Markup {
  const [fault] = same;
  if (fault === undefined) return html``;
  const params = fault.params === undefined ? '' : shorten(showValue(fault.params), paramsLimit);
  const cells = names.map((name) => {
    const met = same.find((one) => one.subject === name) ?? same.find((one) => one.subject === undefined);
    return html`<td data-label="strikes on ${name}">${strikesOf(met)}</td>`;
  });
  return html`<tr><th scope="row"><code>${fault.id}</code></th><td data-label="what">${fault.kind} on ${placeOf(fault)}${fault.engine === 'toxiproxy' && ', by Toxiproxy'}${params !== '' && html` <small>${params}</small>`}</td>${cells}</tr>
`;
}

/** The link; for a fault that strikes somewhere special, that as well. */
function placeOf({ link, place }: FaultResult): string {
  return place === undefined || place === 'link' || place === link ? link : `${link}, ${place}`;
}

function strikesOf(fault: FaultResult | undefined): Markup {
  if (fault === undefined) return html`<span class="tone-quiet">–</span>`;
  if (fault.strikes > 0) return html`<b class="measured">${fault.strikes}</b>`;
  const why = fault.reason === undefined ? '' : `: ${fault.reason}`;
  return html`<span class="tone-unsure">${prose(`? never struck${why}`)}</span>`;
}
