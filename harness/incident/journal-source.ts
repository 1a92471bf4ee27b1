/** A stored journal as the sources of an incident: the same reading as of any other log, on the same words. */
import type { Entry } from '../journal/entry.ts';
import type { LogRecord } from '../logs/record.ts';
import type { Names } from '../names/names.ts';
import type { IncidentEvent } from './event.ts';
import { toldByRecord } from './reading/log.ts';
import type { IncidentSource } from './reading/source.ts';

/** The logs in a journal, from the moment at which the first fault was put in force. */
export function sourcesOfJournal(entries: readonly Entry[], names: Names): IncidentSource[] {
  const begun = entries.find(({ kind }) => kind === 'fault.installed')?.t ?? 0;
  const side = (kind: 'agent.log' | 'server.log', name: string): IncidentSource => {
    const closes = kind === 'agent.log' ? closeFramesIn(entries, names, name) : [];
    const records = entries.filter((entry) => entry.kind === kind && entry.t >= begun && isAsked(entry));
    const events = records.flatMap((entry): IncidentEvent[] => {
      const record = entry as unknown as LogRecord;
      const quote = names.replace(`${String(record.level)} ${record.message}`).slice(0, 300);
      return toldByRecord(record).map((told) => ({
        ...told,
        t: entry.t,
        source: name,
        side: kind === 'agent.log' ? 'client' : 'server',
        line: entry.n,
        quote,
      }));
    });
    return {
      name,
      format: 'journal',
      side: kind === 'agent.log' ? 'client' : 'server',
      events: [...events, ...closes].toSorted((a, b) => (a.t ?? 0) - (b.t ?? 0)),
      read: records.length,
      timed: records.length,
      untimed: 0,
      notes: [],
    };
  };
  return [side('agent.log', 'agent log'), side('server.log', 'server log')];
}

/** Close frames that the lab sent to the program: its own agents tell of a close, and not of the code. */
function closeFramesIn(entries: readonly Entry[], names: Names, source: string): IncidentEvent[] {
  return entries.flatMap((entry): IncidentEvent[] => {
    if (entry.kind !== 'fault.strike') return [];
    const [said, code] = /^close frame (\d{4})$/.exec(entry.reason ?? '') ?? [];
    if (said === undefined || code === undefined) return [];
    const place = { source, side: 'client', line: entry.n, quote: names.replace(said) } as const;
    return [{ kind: 'ws-close', detail: code, t: entry.t, ...place }];
  });
}

/** Of its server’s log, the requests alone: what the server says of itself no incident’s log has. */
const isAsked = (entry: Entry): boolean => entry.kind !== 'server.log' || entry.event === 'request';
