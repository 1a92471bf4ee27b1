/**
 * What changed since the run before, near the top of the page.
 */
import type { ChangeItem, ChangeReport, ChangeSection } from '../history/change-section.ts';
import type { RunResult, ScenarioResult } from '../run-result.ts';
import { anchorOf } from './anchors.ts';
import { html, type Markup, nothing } from './markup.ts';

/** Items of a section, and details of an item; the rest is counted. */
const most = 20;

export function changesSection(run: RunResult, report: ChangeReport | undefined): Markup {
  if (report === undefined) return nothing;
  const scenarios = new Map(run.scenarios.map((scenario) => [scenario.id, scenario]));
  const { since, headline, conditions, sections } = report;
  return html`<section class="changes" aria-labelledby="changes"><h2 id="changes">What changed</h2>
<p>${since === undefined ? nothing : html`Since <code>${since}</code>: `}${headline}</p>
${conditions.length === 0 ? nothing : html`<p><small>Differs in ${conditions.join(', ')}.</small></p>`}
${sections.map((section) => part(section, scenarios))}</section>`;
}

function part({ tone, symbol, title, items, note }: ChangeSection, scenarios: Scenarios): Markup {
  const list = html`<ul class="urgent">${items.slice(0, most).map((one) => html`<li class="is-${tone}">${item(one, scenarios)}</li>`)}${more(items.length)}</ul>`;
  return html`<h3 style="margin-top:1.4rem">${symbol} ${title}</h3>
${note === undefined ? list : html`<p>${note}</p>`}
`;
}

type Scenarios = ReadonlyMap<string, ScenarioResult>;

function item({ id, says, details }: ChangeItem, scenarios: Scenarios): Markup {
  const scenario = scenarios.get(id);
  const name =
    scenario === undefined ? html`<code>${id}</code>` : html`<a href="#${anchorOf(scenario)}">${id}</a>`;
  const left = details.length - most;
  return html`${name} <span>${says}</span>${details.slice(0, most).map((detail) => html`<span>${detail}</span>`)}${left > 0 ? html`<span>and ${left} more</span>` : nothing}`;
}

const more = (number: number): Markup => (number > most ? html`<li>and ${number - most} more</li>` : nothing);
