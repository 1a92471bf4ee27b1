/**
 * One scenario on the page: verdict, story, checks, faults, the time axis, and the entries behind it.
 */
import type { Recording } from '../../journal/store.ts';
import type { Journals } from '../read-run.ts';
import type { RunResult, ScenarioResult, SubjectResult } from '../run-result.ts';
import { outcomeWords, reasons, scenarioOutcome } from '../scenario-outcome.ts';
import { shorten, showDuration } from '../text.ts';
import { drawAxis, type Panel } from './axis.ts';
import { checkTable, linkedEvidence } from './check-table.ts';
import { entryList } from './entry-list.ts';
import { faultTable } from './fault-table.ts';
import { lanesOf } from './lanes.ts';
import type { Limits } from './limits.ts';
import { html, type Markup, nothing } from './markup.ts';
import { prose } from './prose.ts';
import { legend } from './symbols.ts';

export interface SectionContext {
  readonly run: RunResult;
  readonly journals: Journals;
  readonly limits: Limits;
}

/** The id of a scenario's element: a link to it stays good from run to run. */
export const anchorOf = (scenario: ScenarioResult): string => `s-${scenario.id.replaceAll(/[^\w-]/g, '.')}`;

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
${why(scenario)}
<div class="tale">${story(scenario.story)}<p class="facts">${scenario.requirements.map((id) => html`<span class="req">${id}</span> `)}<span>seed ${scenario.seed}</span> <span>${scenario.world}</span> <span>${showDuration(scenario.durationMs)}</span></p></div>
<h4>Checks</h4>
${checkTable(scenario, keys)}
<h4>Faults</h4>
${faultTable(scenario)}
<h4>What happened, in lab time</h4>
${evidence(scenario, keys, context)}
<h4>Play it again</h4>
${command(scenario.replay)}
</div></details>
`;
}

/** A command with a button that copies it. */
export function command(text: string): Markup {
  return html`<p class="command"><code>${text}</code><button type="button" class="copy" data-copy="${text}">Copy</button></p>`;
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

function story(text: string | undefined): Markup {
  const paragraphs = (text ?? '').split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '');
  return html`${paragraphs.map((paragraph) => html`<p>${prose(paragraph.trim())}</p>`)}`;
}

/** Axis, legend, the place where an entry is shown, and the lists. */
function evidence(scenario: ScenarioResult, keys: readonly string[], context: SectionContext): Markup {
  const { journals, limits } = context;
  const parts = scenario.subjects.map((subject, place) => ({
    subject,
    key: keys[place] ?? '',
    journal: journals.get(subject.journal),
  }));
  const readable = parts.flatMap(({ subject, key, journal }) =>
    journal && 'entries' in journal ? [{ subject, key, journal, cited: linkedEvidence(subject) }] : [],
  );
  const missing = parts.flatMap(({ subject, journal }) => {
    if (journal && 'entries' in journal) return [];
    return [
      html`<p class="tone-unsure">? ${subject.name} has no axis: ${journal?.unreadable ?? 'it left no journal'}.</p>`,
    ];
  });
  const end = Math.max(1, ...readable.map(({ journal }) => journal.entries.at(-1)?.t ?? 0));
  const panels = readable.map(({ subject, key, journal, cited }): Panel => {
    const lanes = lanesOf({
      entries: journal.entries,
      end: journal.entries.at(-1)?.t ?? 0,
      limit: limits.drawn,
      cited,
    });
    return { name: subject.name, remark: lanes.length === 0 ? 'nothing was recorded' : '', key, lanes };
  });
  const lists = readable.map(({ subject, key, journal, cited }, place) =>
    entryList({
      subject: subject.name,
      key,
      file: subject.journal,
      entries: journal.entries,
      wanted: new Set([...cited, ...drawnEntries(panels[place])]),
      limits,
    }),
  );
  if (panels.length === 0) return html`${missing}`;
  return html`${missing}<div class="time">${drawAxis(scenario.id, panels, end)}</div>
<output class="probe" aria-live="polite">Point at a mark, or focus the axis and use the arrow keys. ${pace(readable[0]?.journal)}</output>
${legend(panels.flatMap((panel) => panel.lanes))}
${lists}`;
}

function drawnEntries(panel: Panel | undefined): number[] {
  const lanes = panel?.lanes ?? [];
  return lanes.flatMap((lane) => [...lane.bars, ...lane.marks].flatMap((thing) => [...thing.entries]));
}

function pace(journal: Recording | undefined): string {
  const times = journal?.header.pace;
  return times === undefined || times === 1 ? '' : `Lab time runs ${times} times as fast as the wall clock.`;
}
