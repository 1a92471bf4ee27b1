/**
 * A run as one HTML file: a pure function of `run.json` and the journals.
 */
import type { ChangeReport } from '../history/change-section.ts';
import type { Journals } from '../read-run.ts';
import type { RunResult, ScenarioResult } from '../run-result.ts';
import { byFieldReport, headline, outcomeWords } from '../scenario-outcome.ts';
import { bugReport } from './bug-report.ts';
import { changesSection } from './changes.ts';
import { claimsTable } from './claims-table.ts';
import { documentOf } from './document.ts';
import { filterBar } from './filter-bar.ts';
import { type Limits, limitLevels, pageBytes } from './limits.ts';
import { html, type Markup, nothing } from './markup.ts';
import { masthead } from './masthead.ts';
import { type SectionContext, scenarioSection } from './scenario-section.ts';
import { pageScript } from './script.ts';
import { symbolDefinitions } from './symbols.ts';
import { workersTable } from './workers-table.ts';

/** The run's page, with what changed, and as much of the journals as fits into `pageBytes`. */
export function toHtml(run: RunResult, journals: Journals, changes?: ChangeReport): string {
  const context = { run, journals, bugReportOf: bugReportsOf(run, journals) };
  for (const limits of limitLevels.slice(0, -1)) {
    const sections = sectionsWithin(pageBytes, { ...context, limits });
    const page = sections && render(run, sections, changes);
    if (page !== undefined && Buffer.byteLength(page) <= pageBytes) return page;
  }
  const frugal = limitLevels.at(-1) as Limits;
  const sections = sectionsWithin(Number.POSITIVE_INFINITY, { ...context, limits: frugal });
  return render(run, sections ?? [], changes);
}

/** Each bug report is made once, however often the page is made again with smaller limits. */
function bugReportsOf(run: RunResult, journals: Journals): SectionContext['bugReportOf'] {
  const made = new Map<ScenarioResult, string>();
  return (scenario) => {
    const report = made.get(scenario) ?? bugReport(run, scenario, journals);
    made.set(scenario, report);
    return report;
  };
}

/** The section of each scenario, in the order of the run; undefined as soon as they are more than `mostBytes`. */
function sectionsWithin(mostBytes: number, context: SectionContext): readonly Markup[] | undefined {
  const sections: Markup[] = [];
  let bytes = 0;
  for (const [index, scenario] of context.run.scenarios.entries()) {
    const section = scenarioSection(scenario, index, context);
    bytes += Buffer.byteLength(section.text);
    if (bytes > mostBytes) return undefined;
    sections.push(section);
  }
  return sections;
}

function render(run: RunResult, sections: readonly Markup[], changes?: ChangeReport): string {
  const sectionOf = new Map(run.scenarios.map((scenario, index) => [scenario, sections[index]]));
  const groups = [...byFieldReport(run)].map(
    ([name, scenarios]) => html`<section class="group" aria-label="${name}"><h3>${name}</h3>
${scenarios.map((scenario) => sectionOf.get(scenario) ?? nothing)}</section>
`,
  );
  const { symbol, word } = outcomeWords[run.outcome];
  return documentOf({
    title: `${symbol} ${word} · Shaketable ${run.id}`,
    description: headline(run),
    script: pageScript(),
    body: html`${symbolDefinitions()}
${masthead(run)}
<main>
${changesSection(run, changes)}
${claimsTable(run.claims)}
${workersTable(run)}
<section aria-labelledby="scenarios"><h2 id="scenarios">Scenarios</h2>
${filterBar(run)}
${groups}</section>
</main>`,
  });
}
