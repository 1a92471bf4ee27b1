/**
 * A journal inside a page: compressed, in templates that nothing draws, for the page's script to unpack when its scenario
 * is opened. So a page can hold a hundred thousand entries and still open at once.
 *
 *     lanes   JSON: the lanes of the axis and who struck whom
 *     rows    a line for each entry: n ⇥ t ⇥ kind ⇥ level ⇥ what it tells
 *     log     a line for each record of a log: n ⇥ t ⇥ whose log ⇥ level ⇥ the record as JSON
 */
import { deflateRawSync } from 'node:zlib';
import type { Entry } from '../../journal/entry.ts';
import { oneLine, visible } from '../text.ts';
import { entryText, levelOf } from './entry-text.ts';
import type { Lane } from './lane.ts';
import { packLane } from './lane-rows.ts';
import type { Limits } from './limits.ts';
import { html, type Markup } from './markup.ts';
import { type Struck, struckBy } from './strikes.ts';
import { thin } from './thin.ts';

/** What the page has of one journal. */
export interface JournalPart {
  /** What the entries' keys on the page begin with. */
  readonly key: string;
  /** Those in the page; see {@link entriesWithin}. */
  readonly entries: readonly Entry[];
  readonly lanes: readonly Lane[];
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
  const head = JSON.stringify({ lanes: lanes.map(packLane), struck: struckRows(struckBy(entries)) });
  const rows = entries.map((entry) => rowOf(entry, limits.characters)).join('\n');
  const log = limits.records ? logOf(entries) : compressed('');
  return html`<template data-lanes="${key}">${compressed(head)}</template><template data-rows="${key}">${compressed(rows)}</template><template data-log="${key}">${log}</template>
`;
}

const struckRows = (struck: Struck): number[][] => [...struck].map(([n, strikes]) => [n, ...strikes]);

const compressed = (text: string): string => deflateRawSync(text).toString('base64');

/** A page may be made several times, with smaller limits, and the log stays what it is. */
const logs = new WeakMap<readonly Entry[], string>();

function logOf(entries: readonly Entry[]): string {
  const log = logs.get(entries) ?? compressed(entries.flatMap(recordOf).join('\n'));
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
