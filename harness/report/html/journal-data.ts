/**
 * A journal inside a page: compressed, in templates that nothing draws, for the page's script to unpack what is looked at. So a
 * page can hold a hundred thousand entries, open at once, and show any of them at once.
 *
 *     lanes   the lanes of the axis and who struck whom; see packed-lanes.ts
 *     rows    a line for each entry: n ⇥ t ⇥ kind ⇥ level ⇥ what it tells
 *     log     a line for each record of a log: n ⇥ t ⇥ whose log ⇥ level ⇥ the record as JSON
 *
 * Lines stand in blocks, each compressed by itself and marked with its number of lines, and n and t of the first one.
 */
import { deflateRawSync } from 'node:zlib';
import type { Entry } from '../../journal/entry.ts';
import { oneLine, visible } from '../text.ts';
import { entryText, levelOf } from './entry-text.ts';
import type { LaneColumns } from './lane-columns.ts';
import type { Limits } from './limits.ts';
import { html, type Markup, nothing } from './markup.ts';
import { packLanes } from './packed-lanes.ts';
import { strikeTable } from './strike-table.ts';
import { struckBy } from './strikes.ts';
import { thin } from './thin.ts';

/** Lines of a block: some 200 kB, which a browser unpacks in a millisecond or two. */
const blockLines = 2_000;

/** What the page has of one journal. */
export interface JournalPart {
  /** What the entries' keys on the page begin with. */
  readonly key: string;
  /** Those in the page; see {@link entriesWithin}. */
  readonly entries: readonly Entry[];
  readonly lanes: readonly LaneColumns[];
  readonly limits: Limits;
}

/** The entries that a page has room for: cited ones and strikes first, the others evenly spread. */
export function entriesWithin(
  entries: readonly Entry[],
  cited: ReadonlySet<number>,
  limits: Limits,
): readonly Entry[] {
  if (entries.length <= limits.entries) return entries;
  return thin(entries, limits.entries, ({ n, kind }) => cited.has(n) || kind === 'fault.strike');
}

export function journalData({ key, entries, lanes, limits }: JournalPart): Markup {
  const axis = packLanes({ lanes, strikes: strikeTable(struckBy(entries)) });
  const rows = blocksOf(entries.map((entry) => rowOf(entry, limits.characters)));
  const log = limits.records ? logOf(entries) : nothing;
  return html`<template data-lanes="${key}">${compressed(axis)}</template><template data-rows="${key}">${rows}</template><template data-log="${key}">${log}</template>
`;
}

const compressed = (content: string | Uint8Array): string => deflateRawSync(content).toString('base64');

function blocksOf(lines: readonly string[]): Markup {
  const blocks: Markup[] = [];
  for (let start = 0; start < lines.length; start += blockLines) {
    const block = lines.slice(start, start + blockLines);
    const [n, t] = block[0]?.split('\t', 2) ?? [];
    blocks.push(
      html`<i data-lines="${block.length}" data-n="${n}" data-t="${t}">${compressed(block.join('\n'))}</i>`,
    );
  }
  return html`${blocks}`;
}

/** A page may be made several times, with smaller limits, and the log stays what it is. */
const logs = new WeakMap<readonly Entry[], Markup>();

function logOf(entries: readonly Entry[]): Markup {
  const log = logs.get(entries) ?? blocksOf(entries.flatMap(recordOf));
  logs.set(entries, log);
  return log;
}

function rowOf(entry: Entry, characters: number): string {
  const level = levelOf(entry) ?? '';
  return [entry.n, entry.t, field(entry.kind), field(level), entryText(entry, characters)].join('\t');
}

function recordOf(entry: Entry): string[] {
  if (entry.kind !== 'agent.log' && entry.kind !== 'server.log') return [];
  const { n, t, source: _, kind, ...record } = entry;
  const whose = kind === 'agent.log' ? 'agent' : 'server';
  return [[n, t, whose, field(levelOf(entry) ?? ''), visible(JSON.stringify(record))].join('\t')];
}

/** Text that may stand between two tabs. */
const field = (text: string): string => oneLine(text).replaceAll('\t', ' ');
