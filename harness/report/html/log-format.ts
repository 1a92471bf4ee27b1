/** Which format each log of a run had, in words. */
import type { Entry, EntryOf } from '../../journal/entry.ts';
import { showValue } from '../text.ts';

/** A log in words: `agent-1: pino, 99.2 % of 1204 lines`. */
export function formatText({ log, format, read, lines, leftOut = 0 }: EntryOf<'log.format'>): string {
  const percent = lines > leftOut ? Math.floor((read / (lines - leftOut)) * 1_000) / 10 : 0;
  const name = format === 'unknown' ? 'no known format' : format;
  return `${showValue(log)}: ${showValue(name)}, ${percent} % of ${showValue(lines)} ${lines === 1 ? 'line' : 'lines'}`;
}

/** All logs of a journal that have a format in it. */
export function formatsOf(entries: readonly Entry[]): string[] {
  return entries.filter((entry) => entry.kind === 'log.format').map(formatText);
}
