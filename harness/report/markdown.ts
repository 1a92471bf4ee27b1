/**
 * Markdown of GitHub's kind in which text of subjects stays text.
 */
import { oneLine, visible } from './text.ts';

/** A row of a table. Cells are Markdown already. */
export const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/**
 * Text that Markdown and HTML leave as it is, on one line and inside one table cell: no list, no rule, no mention, and no link but
 * to an address of mail, which nothing stops. A bar is written as an entity, since GitHub drops one backslash of several before it.
 */
export const plain = (text: string): string =>
  oneLine(text)
    .trimStart()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_[\]#~@!$]/g, '\\$&')
    .replaceAll('|', '&#124;')
    .replaceAll(/:(?=\/\/)|(?<=\bwww)\./gi, '\\$&')
    .replace(/^[-+=](?=[-+=\s]|$)|(?<=^\d+)[.)](?=\s|$)/, '\\$&');

/** Text as inline code: a bar would end the table cell and a backtick the code. */
export const code = (text: string): string =>
  `\`${oneLine(text).replaceAll('`', '´').replaceAll('|', '¦')}\``;

/** Lines as a block of code, with a fence that none of them can close. */
export function fence(text: string, language = 'sh'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((found) => found[0].length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${visible(text)}\n${ticks}`;
}
