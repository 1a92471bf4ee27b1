/** Entries as lines to read beside the links. */
import type { Entry } from '../journal/entry.ts';
import { entryHeadline, entryText, levelOf } from '../report/html/entry-text.ts';
import type { Line } from './messages.ts';

/** Characters of a line: a screen of them, not a book. */
const mostCharacters = 600;

/** `startedAt` is when the `t` of the entry is 0, epoch ms. */
export function toLine(entry: Entry, startedAt: number): Line {
  const { n, t, source, kind } = entry;
  const level = levelOf(entry);
  const log = level !== undefined || kind === 'process.output';
  return {
    n,
    at: startedAt + t,
    log,
    source,
    kind,
    ...(level !== undefined && { level }),
    text: log ? entryText(entry, mostCharacters) : `${whereOf(entry)}${entryHeadline(entry, mostCharacters)}`,
  };
}

/** The connection of what is told without it. */
function whereOf(entry: Entry): string {
  if (entry.kind !== 'fault.strike') return '';
  const { connection, link } = entry;
  return `#${connection} on ${link}: `;
}
