/**
 * A journal entry as a line to read.
 */
import type { Entry, Json } from '../../journal/entry.ts';
import { oneLine, shorten, showDuration, showValue } from '../text.ts';

/** What `entry` tells, on one line of at most `limit` characters. */
export function entryText(entry: Entry, limit: number): string {
  const { told, fields } = (tellers[entry.kind] ?? tellNothing)(entry);
  const rest = Object.entries(entry)
    .filter(([name]) => !always.has(name) && !fields.includes(name))
    .map(([name, value]) => `${name}=${showField(value)}`);
  return shorten(oneLine([told, ...rest].filter((part) => part !== '').join(' · ')), limit);
}

/** The log level of `entry`, or undefined if it is no log record. */
export function levelOf(entry: Entry): string | undefined {
  const isLog = entry.kind === 'agent.log' || entry.kind === 'server.log';
  return isLog && typeof entry.level === 'string' ? entry.level : undefined;
}

/** Lab time as the axis and the list write it: seconds with milliseconds. */
export const timeText = (t: number): string => `${(t / 1_000).toFixed(3)} s`;

interface Told {
  readonly told: string;
  /** Fields that `told` has said. */
  readonly fields: readonly string[];
}

const always = new Set(['n', 't', 'source', 'kind']);

const tellNothing = (): Told => ({ told: '', fields: [] });

const tellers: Record<string, (entry: Entry) => Told> = {
  'connection.open': (entry) => ({
    told: `#${show(entry, 'connection')} opens on ${show(entry, 'link')}`,
    fields: ['connection', 'link'],
  }),
  'connection.close': (entry) => ({
    told:
      `#${show(entry, 'connection')} closes on ${show(entry, 'link')}: ${show(entry, 'end')} by ${show(entry, 'by')} ` +
      `after ${duration(entry, 'ageMs')}, ↑ ${show(entry, 'bytesUp')} B ↓ ${show(entry, 'bytesDown')} B`,
    fields: ['connection', 'link', 'end', 'by', 'ageMs', 'bytesUp', 'bytesDown'],
  }),
  'connection.through': tellConnection,
  'tls.client-hello': tellConnection,
  'connection.refused': (entry) => ({
    told: `refused on ${show(entry, 'link')}: ${show(entry, 'code')}`,
    fields: ['link', 'code'],
  }),
  'tls.handshake': (entry) => ({
    told:
      `#${show(entry, 'connection')} TLS handshake ${show(entry, 'outcome')} in ${duration(entry, 'durationMs')}` +
      `${entry.resumed === true ? ', resumed' : ''}`,
    fields: ['connection', 'outcome', 'durationMs', 'resumed'],
  }),
  'fault.installed': (entry) => ({ told: `fault ${show(entry, 'fault')} in force`, fields: ['fault'] }),
  'fault.strike': (entry) => ({
    told: `fault ${show(entry, 'fault')} strikes${'reason' in entry ? `: ${show(entry, 'reason')}` : ''}`,
    fields: ['fault', 'reason'],
  }),
  'fault.lifted': (entry) => ({ told: `fault ${show(entry, 'fault')} lifted`, fields: ['fault'] }),
  'server.log': tellRecord,
  'agent.log': tellRecord,
  'subject.note': (entry) => ({ told: show(entry, 'name'), fields: ['name'] }),
  'lab.note': (entry) => ({ told: show(entry, 'name'), fields: ['name'] }),
};

function tellConnection(entry: Entry): Told {
  return {
    told: `#${show(entry, 'connection')} on ${show(entry, 'link')}`,
    fields: ['connection', 'link'],
  };
}

function tellRecord(entry: Entry): Told {
  const level = (levelOf(entry) ?? 'log').toUpperCase();
  if (entry.event !== 'request') {
    const told = 'message' in entry ? `${level} ${show(entry, 'message')}` : level;
    return { told, fields: ['level', 'message'] };
  }
  const effect = 'effect' in entry ? `, ${show(entry, 'effect')}` : '';
  const line = `${show(entry, 'method')} ${show(entry, 'path')} → ${show(entry, 'status')}`;
  return {
    told: `${level} ${line} in ${duration(entry, 'durationMs')}${effect}`,
    fields: ['level', 'message', 'event', 'method', 'path', 'status', 'durationMs', 'effect'],
  };
}

const show = (entry: Entry, field: string): string => showValue(entry[field]);

function duration(entry: Entry, field: string): string {
  const value = entry[field];
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
