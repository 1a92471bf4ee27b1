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
      events,
      read: records.length,
      timed: records.length,
      untimed: 0,
      notes: [],
    };
  };
  return [side('agent.log', 'agent log'), side('server.log', 'server log')];
}

/** Of its server’s log, the requests alone: what the server says of itself no incident’s log has. */
const isAsked = (entry: Entry): boolean => entry.kind !== 'server.log' || entry.event === 'request';
