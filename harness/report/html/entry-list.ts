/**
 * A journal's entries as a list to look into: the first ones, and all that the axis draws or a check cites.
 */
import type { Entry } from '../../journal/entry.ts';
import { count, showNumber } from '../text.ts';
import { entryText, levelOf, timeText } from './entry-text.ts';
import type { Limits } from './limits.ts';
import { escapeHtml, html, Markup } from './markup.ts';

export interface EntryListOptions {
  readonly subject: string;
  /** What the ids of the rows begin with. */
  readonly key: string;
  /** Path of the journal's file from the page. */
  readonly file: string;
  readonly entries: readonly Entry[];
  /** Numbers of entries to list wherever they stand. */
  readonly wanted: ReadonlySet<number>;
  readonly limits: Limits;
}

export function entryList({ subject, key, file, entries, wanted, limits }: EntryListOptions): Markup {
  const listed = entries.filter((entry, index) => index < limits.listed || wanted.has(entry.n));
  const first = Math.min(limits.listed, entries.length);
  const more = listed.length - first;
  const shown =
    listed.length === entries.length
      ? 'all listed'
      : `the first ${showNumber(first)} listed${more > 0 ? `, and ${showNumber(more)} that are drawn or cited` : ''}`;
  return html`<details class="entries" data-j="${key}"><summary>${subject}: ${count(entries.length, 'journal entry')} <small>${shown}</small></summary>
<p class="file">${listed.length < entries.length ? 'The rest stands' : 'They stand'} in <a href="./${encodeURI(file.toWellFormed())}">${file}</a>.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Journal entries of ${subject}"><table><thead><tr><th scope="col">n</th><th scope="col">lab time</th><th scope="col">kind</th><th scope="col">what</th></tr></thead><tbody>
${rows(listed, key, limits.characters)}</tbody></table></div></details>`;
}

/** Rows without their optional end tags: there are tens of thousands of them in a page. */
function rows(entries: readonly Entry[], key: string, characters: number): Markup {
  const lines = entries.map((entry) => {
    const tone = tones[levelOf(entry) ?? ''] ?? (entry.kind === 'fault.strike' ? ' class=lv-strike' : '');
    const text = escapeHtml(entryText(entry, characters));
    return `<tr id=${key}-${entry.n}${tone}><td>${entry.n}<td>${timeText(entry.t)}<td>${escapeHtml(entry.kind)}<td>${text}\n`;
  });
  return new Markup(lines.join(''));
}

const tones: Record<string, string> = {
  warn: ' class=lv-warn',
  error: ' class=lv-error',
  fatal: ' class=lv-error',
};
