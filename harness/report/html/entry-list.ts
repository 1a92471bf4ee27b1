/**
 * A journal's entries as a list to look into, with the raw log beside it. What stands in the page as rows is for readers
 * without JavaScript: the first entries and all that a check cites; the script lists whatever the page has.
 */
import type { Entry } from '../../journal/entry.ts';
import { count, showNumber } from '../text.ts';
import { entryText, levelOf } from './entry-text.ts';
import type { Limits } from './limits.ts';
import { escapeHtml, html, Markup, nothing } from './markup.ts';
import { timeText } from './time-scale.ts';
import { toneOf } from './tone.ts';

export interface EntryListOptions {
  readonly subject: string;
  /** What its entries' keys on the page begin with. */
  readonly key: string;
  /** What the ids of the rows begin with: a link to one stays good from run to run. */
  readonly anchor: string;
  /** Path of the journal's file from the page. */
  readonly file: string;
  /** Those that the page has, out of `total`. */
  readonly entries: readonly Entry[];
  readonly total: number;
  /** Numbers of entries that checks cite. */
  readonly cited: ReadonlySet<number>;
  readonly limits: Limits;
  /** Which formats the logs had, each in words. */
  readonly formats: readonly string[];
}

export function entryList(options: EntryListOptions): Markup {
  const { subject, key, anchor, file, entries, total, cited, limits, formats } = options;
  const listed = entries.filter((entry, index) => index < limits.listed || cited.has(entry.n));
  const here =
    entries.length < total ? html` <small>${showNumber(entries.length)} of them here</small>` : nothing;
  const missing = entries.length < total ? 'The rest stands in' : 'They stand in';
  return html`<details class="entries" data-j="${key}" data-subject="${subject}" data-anchor="${anchor}"><summary>${subject}: ${count(total, 'journal entry')}${here}</summary>
<p class="file">${missing} <a href="./${encodeURI(file.toWellFormed())}">${file}</a>.<noscript> Listed are the first ones and those that checks cite; the others need JavaScript.</noscript></p>
<div class="panes">
<div class="pane"><p class="sift js"><input type="search" placeholder="Filter entries" aria-label="Filter entries of ${subject}" autocomplete="off"><output aria-live="polite"></output></p>
<div class="scroll" tabindex="0" role="group" aria-label="Journal entries of ${subject}"><table class="rows"><thead><tr><th scope="col">n</th><th scope="col">lab time</th><th scope="col">kind</th><th scope="col">what</th></tr></thead><tbody>
${rows(listed, anchor, limits.characters)}</tbody></table></div></div>
${logPane(subject, limits, formats)}</div></details>`;
}

function logPane(subject: string, { records }: Limits, formats: readonly string[]): Markup {
  if (!records) {
    return html`<p class="pane raw js tone-quiet">The page would be too big with the raw log; it stands in the journal.</p>`;
  }
  const read = formats.length === 0 ? nothing : html` <small>${formats.join(' · ')}</small>`;
  return html`<div class="pane raw js"><p class="sift">Raw log, as agent and server wrote it${read}</p>
<div class="scroll" tabindex="0" role="group" aria-label="Raw log in the run of ${subject}"><table class="rows"><thead><tr><th scope="col">lab time</th><th scope="col">log</th><th scope="col">record</th></tr></thead><tbody></tbody></table></div></div>`;
}

/** Rows without their optional end tags. */
function rows(entries: readonly Entry[], anchor: string, characters: number): Markup {
  const lines = entries.map((entry) => {
    const text = escapeHtml(entryText(entry, characters));
    const tone = toneOf(entry.kind, levelOf(entry) ?? '');
    return `<tr id="${escapeHtml(anchor)}/${entry.n}" class="${tone}"><td>${entry.n}<td>${timeText(entry.t)}<td>${escapeHtml(entry.kind)}<td>${text}\n`;
  });
  return new Markup(lines.join(''));
}
