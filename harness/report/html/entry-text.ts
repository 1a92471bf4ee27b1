/**
 * A journal entry as a line to read.
 */
import type { Entry, EntryKind, EntryOf, Json } from '../../journal/entry.ts';
import { oneLine, shorten, showDuration, showValue } from '../text.ts';
import { formatText } from './log-format.ts';

/** What entries tell. A page is made again with smaller limits until it fits, and the entries stay the same. */
const lines = new WeakMap<Entry, string>();

/** What `entry` tells, on one line of at most `limit` characters. */
export function entryText(entry: Entry, limit: number): string {
  const line = lines.get(entry) ?? lineOf(entry);
  lines.set(entry, line);
  return shorten(line, limit);
}

/** The same without the fields that no words were found for, as far as words were found. */
export function entryHeadline(entry: Entry, limit: number): string {
  const { told } = tell(entry);
  return told === '' ? entryText(entry, limit) : shorten(oneLine(told), limit);
}

function lineOf(entry: Entry): string {
  const { told, fields } = tell(entry);
  const rest = Object.entries(entry)
    .filter(([name]) => !always.has(name) && !fields.some((field) => field === name))
    .map(([name, value]) => `${name}=${showField(value)}`);
  return oneLine([told, ...rest].filter((part) => part !== '').join(' · '));
}

/** The log level of `entry`, or undefined if it is no log record. */
export function levelOf(entry: Entry): string | undefined {
  const isLog = entry.kind === 'agent.log' || entry.kind === 'server.log';
  return isLog && typeof entry.level === 'string' ? entry.level : undefined;
}

const always = new Set(['n', 't', 'source', 'kind']);

function tell<K extends EntryKind>(entry: EntryOf<K>): Told<K> {
  const teller: Teller<K> | undefined = Object.hasOwn(tellers, entry.kind) ? tellers[entry.kind] : undefined;
  return teller === undefined ? { told: '', fields: [] } : teller(entry);
}

/** How a kind reads; one that is not here is told by its fields alone, with their names. */
const tellers: Tellers = {
  'connection.open': (entry) => ({
    told: `#${showValue(entry.connection)} opens on ${showValue(entry.link)}`,
    fields: ['connection', 'link'],
  }),
  'connection.end': (entry) => ({
    told: `#${showValue(entry.connection)} on ${showValue(entry.link)}: ${showValue(entry.how)} of the ${showValue(entry.side)}`,
    fields: ['connection', 'link', 'how', 'side'],
  }),
  'connection.close': (entry) => ({
    told:
      `#${showValue(entry.connection)} closes on ${showValue(entry.link)}: ${showValue(entry.end)} by ${showValue(entry.by)} ` +
      `after ${duration(entry.ageMs)}, ↑ ${showValue(entry.bytesUp)} B ↓ ${showValue(entry.bytesDown)} B`,
    fields: ['connection', 'link', 'end', 'by', 'ageMs', 'bytesUp', 'bytesDown'],
  }),
  'connection.through': tellConnection,
  'tls.client-hello': tellConnection,
  'connection.refused': (entry) => ({
    told: `refused on ${showValue(entry.link)}: ${showValue(entry.code)}`,
    fields: ['link', 'code'],
  }),
  'tls.handshake': (entry) => ({
    told:
      `#${showValue(entry.connection)} TLS handshake ${showValue(entry.outcome)} in ${duration(entry.durationMs)}` +
      `${entry.resumed === true ? ', resumed' : ''}`,
    fields: ['connection', 'outcome', 'durationMs', 'resumed'],
  }),
  'fault.installed': (entry) => ({ told: `fault ${showValue(entry.fault)} in force`, fields: ['fault'] }),
  'fault.strike': (entry) => ({
    told: `fault ${showValue(entry.fault)} strikes${'reason' in entry ? `: ${showValue(entry.reason)}` : ''}`,
    fields: ['fault', 'reason'],
  }),
  'fault.skipped': (entry) => ({
    told: `fault ${showValue(entry.fault)} leaves #${showValue(entry.connection)} alone: ${showValue(entry.reason)}`,
    fields: ['fault', 'connection', 'reason'],
  }),
  'fault.lifted': (entry) => ({ told: `fault ${showValue(entry.fault)} lifted`, fields: ['fault'] }),
  'lab.held': ({ realMs, lateMs }) => ({
    told: `a call held the lab’s thread for ${duration(realMs)}, which is ${duration(lateMs)} of lab time`,
    fields: ['realMs', 'lateMs'],
  }),
  'lab.stall': ({ realMs, lateMs }) => ({
    told: `this machine stood still for ${duration(realMs)}, which is ${duration(lateMs)} of lab time`,
    fields: ['realMs', 'lateMs'],
  }),
  'server.log': tellRecord,
  'agent.log': tellRecord,
  'log.format': (entry) => ({ told: formatText(entry), fields: ['log', 'format', 'read', 'lines'] }),
  'subject.note': (entry) => ({ told: showValue(entry.name), fields: ['name'] }),
};

/** A field that `told` says is one of the kind's: what a program adds of its own to an open kind may be any. */
interface Told<K extends EntryKind = EntryKind> {
  readonly told: string;
  /** Fields that `told` has said. */
  readonly fields: readonly (keyof EntryOf<K> & string)[];
}

type Teller<K extends EntryKind> = (entry: EntryOf<K>) => Told<K>;

type Tellers = { readonly [K in EntryKind]?: Teller<K> };

function tellConnection(entry: EntryOf<'connection.through' | 'tls.client-hello'>) {
  return {
    told: `#${showValue(entry.connection)} on ${showValue(entry.link)}`,
    fields: ['connection', 'link'] as const,
  };
}

function tellRecord(entry: EntryOf<'server.log'> | EntryOf<'agent.log'>) {
  const level = (levelOf(entry) ?? 'log').toUpperCase();
  if (entry.event !== 'request') {
    const told = 'message' in entry ? `${level} ${showValue(entry.message)}` : level;
    return { told, fields: ['level', 'message'] };
  }
  const effect = 'effect' in entry ? `, ${showValue(entry.effect)}` : '';
  const line = `${showValue(entry.method)} ${showValue(entry.path)} → ${showValue(entry.status)}`;
  return {
    told: `${level} ${line} in ${duration(entry.durationMs)}${effect}`,
    fields: ['level', 'message', 'event', 'method', 'path', 'status', 'durationMs', 'effect'],
  };
}

function duration(value: Json | undefined): string {
  return typeof value === 'number' ? showDuration(value) : showValue(value);
}

/** A field of a record; of an error what it is and says, since its stack is in the journal. */
function showField(value: Json | undefined): string {
  if (typeof value === 'number') return String(Math.round(value * 1_000) / 1_000);
  if (typeof value !== 'object' || value === null) return showValue(value);
  if ('stack' in value) {
    const { stack: _, ...rest } = value;
    return JSON.stringify(rest);
  }
  return JSON.stringify(value);
}
