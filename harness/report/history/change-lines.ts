/**
 * What changed, as lines for a terminal.
 */
import type { Colors } from 'picocolors/types.js';
import { oneLine } from '../text.ts';
import type { ChangeItem, ChangeReport, ChangeSection } from './change-section.ts';

export interface LineOptions {
  /** Widest line, in characters. */
  readonly columns: number;
  /** Items of a section, and details of an item; the rest is counted. */
  readonly most: number;
  readonly colours: Colors;
}

/** `report` as lines of at most `columns` characters. */
export function changeLines(report: ChangeReport, options: LineOptions): string[] {
  const { columns, colours } = options;
  const since = report.since === undefined ? '' : `since ${report.since}: `;
  const conditions = report.conditions.length === 0 ? [] : [`differs in ${report.conditions.join(', ')}`];
  return [
    ...wrap(`${since}${report.headline}`, 2, columns, 4),
    ...conditions.flatMap((text) => wrap(text, 4, columns)).map(colours.dim),
    ...report.sections.flatMap((section) => sectionLines(section, options)),
  ];
}

function sectionLines({ tone, symbol, title, items, note }: ChangeSection, options: LineOptions): string[] {
  const { columns, most, colours } = options;
  const tint = {
    expected: colours.green,
    unexpected: colours.red,
    inconclusive: colours.yellow,
    plain: plain,
  }[tone];
  return [
    ...wrap(`${symbol} ${title}`, 4, columns, 6).map(tint),
    ...(note === undefined ? [] : wrap(note, 6, columns)),
    ...items.slice(0, most).flatMap((item) => itemLines(item, options)),
    ...more(items.length - most, 6),
  ];
}

function itemLines({ id, says, details }: ChangeItem, { columns, most, colours }: LineOptions): string[] {
  return [
    ...wrap(says === '' ? id : `${id}: ${says}`, 6, columns, 8),
    ...details.slice(0, most).flatMap((detail) => wrap(detail, 8, columns, 10).map(colours.dim)),
    ...more(details.length - most, 8),
  ];
}

const plain = (line: string): string => line;

const more = (left: number, indent: number): string[] =>
  left > 0 ? [`${' '.repeat(indent)}and ${left} more`] : [];

/** `text` on lines of at most `columns` characters, the first indented by `first`; words too long for a line are broken. */
export function wrap(text: string, first: number, columns: number, next = first): string[] {
  const lines: string[] = [];
  let line = ' '.repeat(first);
  let empty = true;
  const end = (): void => {
    lines.push(line);
    line = ' '.repeat(next);
    empty = true;
  };
  for (const word of oneLine(text)
    .split(' ')
    .filter((one) => one !== '')) {
    let rest = word;
    if (!empty && line.length + 1 + rest.length > columns) end();
    while (line.length + rest.length > columns) {
      const room = Math.max(1, columns - line.length);
      line += rest.slice(0, room);
      rest = rest.slice(room);
      end();
    }
    line += `${empty ? '' : ' '}${rest}`;
    empty = false;
  }
  return empty ? lines : [...lines, line];
}
