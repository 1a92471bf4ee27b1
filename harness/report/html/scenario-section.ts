/**
 * One scenario on the page: verdict, story, checks, faults, the time axis, and the entries behind it.
 */
import type { Journals } from '../read-run.ts';
import type { RunResult, ScenarioResult, SubjectResult } from '../run-result.ts';
import {
  aloneInWords,
  firstTryInWords,
  notApplicableInWords,
  outcomeWords,
  reasons,
  scenarioOutcome,
  talkedPastInWords,
} from '../scenario-outcome.ts';
import { shorten, showDuration } from '../text.ts';
import { anchorOf } from './anchors.ts';
import { checkTable } from './check-table.ts';
import { copyButton, linkButton } from './copy-button.ts';
import { evidenceSection } from './evidence-section.ts';
import { faultTable } from './fault-table.ts';
import type { Limits } from './limits.ts';
import { html, type Markup, nothing } from './markup.ts';
import { prose } from './prose.ts';

export interface SectionContext {
  readonly run: RunResult;
  readonly journals: Journals;
  readonly limits: Limits;
  /** What is copied for an issue tracker, whatever the limits. */
  readonly bugReportOf: (scenario: ScenarioResult) => string;
}

/** The section of `scenario`, which is number `index` of the run; open where a reader is needed. */
export function scenarioSection(scenario: ScenarioResult, index: number, context: SectionContext): Markup {
  const outcome = scenarioOutcome(scenario);
  const { symbol, word } = outcomeWords[outcome];
  const keys = scenario.subjects.map((_, place) => `e${index}${String.fromCharCode(97 + place)}`);
  const open = outcome !== 'expected' || context.run.scenarios.length === 1;
  const text = [scenario.id, scenario.title, ...scenario.requirements].join(' ').toLowerCase();
  return html`<details class="scenario is-${outcome}" id="${anchorOf(scenario)}" data-outcome="${outcome}" data-req="${scenario.requirements.join(' ')}" data-text="${text}"${open ? html` open` : nothing}>
<summary><span class="badge">${symbol} <span class="badge-word">${word}</span></span><span class="what"><span class="title">${scenario.title}</span> <code>${scenario.id}</code></span><span class="short">${scenario.subjects.map(inShort)}</span></summary>
<div class="body">
<p class="actions js">${linkButton(anchorOf(scenario), scenario.id)}${reportButton(context.bugReportOf(scenario))}</p>
${why(scenario)}${inPassing(aloneInWords([scenario]))}${inPassing(firstTryInWords(scenario))}${inPassing(notApplicableInWords(scenario))}${inPassing(talkedPastInWords([scenario]))}
<div class="tale">${story(scenario.story)}<p class="facts">${scenario.requirements.map((id) => html`<span class="req">${id}</span> `)}<span>seed ${scenario.seed}</span> <span>${scenario.world}</span> <span>${showDuration(scenario.durationMs)}</span></p></div>
<h4>Checks</h4>
${checkTable(scenario, keys)}
<h4>Faults</h4>
${faultTable(scenario)}
<h4>What happened, in lab time</h4>
${evidenceSection(scenario, keys, context.journals, context.limits)}
<h4>Play it again</h4>
${command(scenario.replay)}
</div></details>
`;
}

/** A command with a button that copies it. */
export function command(text: string): Markup {
  return html`<p class="command"><code>${text}</code>${copyButton(text)}</p>`;
}

/** Copies what somebody needs who has neither the run nor the page. */
function reportButton(bugReport: string): Markup {
  return html`<button type="button" class="report js">Copy for a bug report</button><template class="report-text">${bugReport}</template>`;
}

function inShort(subject: SubjectResult): Markup {
  const failed = subject.checks.filter((check) => check.outcome === 'fail').length;
  const total = subject.checks.length;
  const words = {
    pass: `passes ${total} of ${total}`,
    fail: `fails ${failed} of ${total}`,
    unknown: 'unknown',
  };
  return html`<span>${subject.name} ${words[subject.outcome]}</span>`;
}

function why(scenario: ScenarioResult): Markup {
  const lines = reasons(scenario);
  if (lines.length === 0) return nothing;
  return html`<ul class="why">${lines.map((line) => html`<li>${prose(shorten(line, 1_200))}</li>`)}</ul>`;
}

const inPassing = (words: string | undefined): Markup =>
  words === undefined ? nothing : html`<p class="facts">${words}</p>`;

function story(text: string | undefined): Markup {
  const paragraphs = (text ?? '').split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${prose(paragraph.trim())}</p>`)}`;
}
