/**
 * From a journal to the lanes of its axis.
 */
import type { Entry, EntryKind } from '../../journal/entry.ts';
import { showNumber } from '../text.ts';
import { connectionLanes } from './connection-lanes.ts';
import { faultLanes } from './fault-lanes.ts';
import type { Lane, LaneContext, Mark, MarkLook } from './lane.ts';
import { processLanes } from './process-lanes.ts';
import { stallLane } from './stall-lane.ts';

/** Every lane that has something to show, from cause to effect. */
export function lanesOf(context: LaneContext): Lane[] {
  const lanes = [
    ...faultLanes(context),
    stallLane(context),
    ...connectionLanes(context),
    markLane('requests at the server', context, requestLook, ['rejected', 'broken', 'duplicate']),
    markLane('agent log', context, logLook('agent.log'), ['warn', 'error', 'fatal']),
    markLane('server log', context, serverLogLook, ['warn', 'error', 'fatal']),
    markLane('state and notes', context, noteLook, ['note']),
    ...processLanes(context),
  ];
  return lanes.filter((lane) => lane !== undefined);
}

type Looker = (entry: Entry) => MarkLook | undefined;

/** A lane of marks: one for each entry that `look` knows; those of `telling` looks go last when it has to be thinned. */
function markLane(
  name: string,
  context: LaneContext,
  look: Looker,
  telling: readonly MarkLook[],
): Lane | undefined {
  const marks = context.entries.flatMap((entry): Mark[] => {
    const found = look(entry);
    if (found === undefined) return [];
    const kept = telling.includes(found) || context.cited.has(entry.n);
    return [{ t: entry.t, row: 0, look: found, kept, entries: [entry.n] }];
  });
  if (marks.length === 0) return undefined;
  return { name, note: showNumber(marks.length), rows: 1, bars: [], marks };
}

function requestLook(entry: Entry): MarkLook | undefined {
  if (entry.kind !== 'server.log' || entry.event !== 'request') return undefined;
  const status = Number(entry.status);
  if (status >= 500) return 'broken';
  if (status >= 400) return 'rejected';
  return entry.effect === 'duplicate' ? 'duplicate' : 'answered';
}

function logLook(kind: 'agent.log' | 'server.log'): Looker {
  return (entry) => (entry.kind === kind ? (levelLooks[entry.level] ?? 'info') : undefined);
}

const levelLooks: Record<string, MarkLook> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
};

const anyServerLog = logLook('server.log');

const serverLogLook: Looker = (entry) => (requestLook(entry) === undefined ? anyServerLog(entry) : undefined);

/** Kinds that have a mark in the lane of state and notes; those without a mark anywhere are in the list of entries. */
const noteLooks: { readonly [K in EntryKind]?: MarkLook } = {
  'database.rows': 'state',
  'database.row': 'state',
  'process.exit': 'note',
  'subject.note': 'note',
};

const noteLook: Looker = ({ kind }) => (Object.hasOwn(noteLooks, kind) ? noteLooks[kind] : undefined);
