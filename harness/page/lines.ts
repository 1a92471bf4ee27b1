/** Entries as lines to read beside the links. */
import type { Entry } from '../journal/entry.ts';
import { entryHeadline, entryText, levelOf } from '../report/html/entry-text.ts';
import type { Line } from './messages.ts';

/** Characters of a line: a screen of them, not a book. */
const mostCharacters = 400;

/** Who reads them wants to know what happens to programs, and the lab's own housekeeping is none of it. */
const untold =
  /^(?:lab\.|database\.|process\.sample|log\.format|toxiproxy\.|connection\.through|tls\.client-hello)/;

/** Those of the entries that are told; `startedAt` is when their `t` is 0, epoch ms. */
export function linesOf(entries: readonly Entry[], { startedAt }: { readonly startedAt: number }): Line[] {
  return entries.filter(({ kind }) => !untold.test(kind)).map((entry) => toLine(entry, startedAt));
}

function toLine(entry: Entry, startedAt: number): Line {
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
    text: log ? recordText(entry) : `${whereOf(entry)}${entryHeadline(entry, mostCharacters)}`,
  };
}

/** What the program said: its own spelling of time and level stands beside it already. */
function recordText(entry: Entry): string {
  const {
    stamp: _stamp,
    severityText: _severity,
    log: _log,
    ...said
  } = entry as Entry & Record<string, unknown>;
  return entryText(said as Entry, mostCharacters);
}

/** The connection of what is told without it. */
function whereOf(entry: Entry): string {
  if (entry.kind !== 'fault.strike') return '';
  const { connection, link } = entry;
  return `#${connection} on ${link}: `;
}
