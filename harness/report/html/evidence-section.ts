/**
 * What happened in a scenario: the time axis of all its subjects, what is pointed at, and the entries behind it.
 */
import type { Recording } from '../../journal/store.ts';
import type { Journals } from '../read-run.ts';
import type { ScenarioResult, SubjectResult } from '../run-result.ts';
import { anchorOf, subjectAnchor } from './anchors.ts';
import { linkedEvidence } from './check-table.ts';
import { drawAxis, heightOfAxis, type Panel } from './draw-axis.ts';
import { entryList } from './entry-list.ts';
import { entriesWithin, journalData } from './journal-data.ts';
import type { Lane } from './lane.ts';
import { columnsOf } from './lane-columns.ts';
import { lanesOf } from './lanes.ts';
import type { Limits } from './limits.ts';
import { formatsOf } from './log-format.ts';
import { html, type Markup } from './markup.ts';
import { legend } from './symbols.ts';

interface Part {
  readonly subject: SubjectResult;
  readonly key: string;
  readonly journal: Recording;
  readonly cited: ReadonlySet<number>;
  readonly entries: Recording['entries'];
  readonly lanes: readonly Lane[];
}

/** `keys` are what the entries' keys begin with, one for each subject. */
export function evidenceSection(
  scenario: ScenarioResult,
  keys: readonly string[],
  journals: Journals,
  limits: Limits,
): Markup {
  const parts = scenario.subjects.flatMap((subject, place): Part[] => {
    const journal = journals.get(subject.journal);
    if (journal === undefined || !('entries' in journal)) return [];
    const cited = linkedEvidence(subject);
    const entries = entriesWithin(journal.entries, cited, limits);
    const end = journal.entries.at(-1)?.t ?? 0;
    const lanes = lanesOf({ entries, end, pace: journal.header.pace, cited });
    return [{ subject, key: keys[place] ?? '', journal, cited, entries, lanes }];
  });
  const missing = missingJournals(scenario, journals);
  if (parts.length === 0) return html`${missing}`;
  const end = Math.max(1, ...parts.map(({ journal }) => journal.entries.at(-1)?.t ?? 0));
  const panels = parts.map(panelOf);
  return html`${missing}${timeline(scenario, panels, end, limits, paceNote(parts[0]?.journal))}
${legend(parts.flatMap(({ lanes }) => lanes))}
${parts.map(({ subject, key, journal, cited, entries }) =>
  entryList({
    ...{ subject: subject.name, key, entries, cited, limits, total: journal.entries.length },
    ...{ anchor: subjectAnchor(scenario, subject.name), file: subject.journal },
    formats: formatsOf(journal.entries),
  }),
)}
${parts.map(({ key, entries }, place) => journalData({ key, entries, lanes: panels[place]?.lanes ?? [], limits }))}`;
}

function missingJournals(scenario: ScenarioResult, journals: Journals): Markup[] {
  return scenario.subjects.flatMap(({ name, journal: path }) => {
    const journal = journals.get(path);
    if (journal && 'entries' in journal) return [];
    return [
      html`<p class="tone-unsure">? ${name} has no axis: ${journal?.unreadable ?? 'it left no journal'}.</p>`,
    ];
  });
}

function panelOf({ subject, key, lanes }: Part): Panel {
  const remark = lanes.length === 0 ? 'nothing was recorded' : '';
  return { name: subject.name, remark, key, lanes: lanes.map(columnsOf) };
}

function timeline(
  scenario: ScenarioResult,
  panels: readonly Panel[],
  end: number,
  limits: Limits,
  pace: string,
): Markup {
  const drawing = { view: { from: 0, to: end }, limit: limits.drawn };
  const label = `Time axis of ${scenario.id}: left and right arrow keys walk through what happened, up and down through the lanes, Enter goes to the entry; plus and minus zoom, Shift with an arrow key pans, 0 shows all.`;
  return html`<div class="timeline" data-end="${end}">
<p class="tools js" role="group" aria-label="Time axis of ${scenario.id}"><button type="button" data-zoom="in" aria-label="Zoom in">+</button><button type="button" data-zoom="out" aria-label="Zoom out">−</button><button type="button" data-zoom="all">All</button><input type="range" min="0" max="1000" value="0" disabled aria-label="Position in time"><output class="span"></output></p>
<div class="time"><svg class="axis" width="100%" height="${heightOfAxis(panels)}" role="img" tabindex="0" aria-label="${label}">${drawAxis(panels, drawing)}</svg></div>
<div class="pointed js"><output class="probe" aria-live="polite">Point at a mark, or focus the axis and use the arrow keys. ${pace}</output><button type="button" class="link" data-link="${anchorOf(scenario)}" disabled>Copy link to entry</button></div>
</div>`;
}

function paceNote(journal: Recording | undefined): string {
  const times = journal?.header.pace;
  return times === undefined || times === 1 ? '' : `Lab time runs ${times} times as fast as the wall clock.`;
}
