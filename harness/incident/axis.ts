/** An incident, its reproduction and the fix on one axis of time: the moments of each, counted from the first failure that the faults caused. */
import type { Entry } from '../journal/entry.ts';
import { familyOf, type IncidentEvent } from './event.ts';

/** What one of them shows. */
export interface Lane {
  readonly name: string;
  /** Failures, ms on the axis. */
  readonly failures: readonly Moment[];
  /** What went well. */
  readonly successes: readonly Moment[];
  /** When faults were in force; empty for the incident, whose faults nobody saw. */
  readonly faults: readonly { readonly from: number; readonly to: number }[];
}

/** One moment, with what stands there. */
export interface Moment {
  readonly t: number;
  readonly says: string;
}

/** The lanes, and how much of time they share. */
export interface Axis {
  readonly lanes: readonly Lane[];
  readonly to: number;
}

/** One that was played. */
export interface PlayedLane {
  readonly name: string;
  readonly events: readonly IncidentEvent[];
  readonly entries: readonly Entry[];
}

/**
 * Puts them above each other. The incident begins with its first failure; what was played, all of it, with the first failure of the first
 * program, so that the same moment of naive and hardened stands in one line. It ends where what was played does.
 */
export function axisOf(incident: readonly IncidentEvent[], played: readonly PlayedLane[]): Axis {
  const ownStart = incident.find((event) => event.t !== undefined && familyOf(event) !== undefined)?.t ?? 0;
  const [first] = played;
  const begun = first === undefined ? 0 : faultAt(first.entries);
  const after = (first?.events ?? []).find((event) => familyOf(event) !== undefined)?.t ?? begun;
  const lanes = [
    laneOf('incident', incident, ownStart, []),
    // Each run has its own clock: they meet where their faults begin.
    ...played.map(({ name, events, entries }) =>
      laneOf(name, events, faultAt(entries) + after - begun, entries),
    ),
  ];
  const ends = lanes
    .slice(1)
    .flatMap(({ failures, successes, faults }) => [
      ...[...failures, ...successes].map(({ t }) => t),
      ...faults.map(({ to }) => to),
    ]);
  return { lanes, to: Math.max(1_000, ...ends) };
}

const faultAt = (entries: readonly Entry[]): number =>
  entries.find(({ kind }) => kind === 'fault.installed')?.t ?? 0;

function laneOf(
  name: string,
  events: readonly IncidentEvent[],
  start: number,
  entries: readonly Entry[],
): Lane {
  const moments = (of: (event: IncidentEvent) => boolean): Moment[] =>
    events.flatMap((event) =>
      event.t === undefined || !of(event) ? [] : [{ t: event.t - start, says: event.quote }],
    );
  return {
    name,
    failures: moments((event) => familyOf(event) !== undefined),
    successes: moments(
      (event) => familyOf(event) === undefined && (event.kind === 'request' || event.kind === 'exchange'),
    ),
    faults: faultsIn(entries, start),
  };
}

function faultsIn(entries: readonly Entry[], start: number): Lane['faults'] {
  const open = new Map<string, number>();
  const held: { from: number; to: number }[] = [];
  const end = (entries.at(-1)?.t ?? start) - start;
  for (const entry of entries) {
    if (entry.kind === 'fault.installed') open.set(entry.fault, entry.t - start);
    const from = entry.kind === 'fault.lifted' ? open.get(entry.fault) : undefined;
    if (entry.kind !== 'fault.lifted' || from === undefined) continue;
    held.push({ from, to: entry.t - start });
    open.delete(entry.fault);
  }
  return [...held, ...[...open.values()].map((from) => ({ from, to: end }))];
}

const columns = 60;

/** The axis as text: `x` a failure, `·` what went well, and how many more come later than it shows. */
export function axisLines({ lanes, to }: Axis): string[] {
  const width = Math.max(...lanes.map(({ name }) => name.length));
  const rows = lanes.map(({ name, failures, successes }) => {
    const cells = Array.from({ length: columns }, () => ' ');
    for (const [mark, moments] of [
      ['·', successes],
      ['x', failures],
    ] as const)
      for (const { t } of moments) {
        const at = Math.floor((t / to) * (columns - 1));
        if (at >= 0 && at < columns) cells[at] = mark;
      }
    const later = failures.filter(({ t }) => t > to).length;
    return `    ${name.padEnd(width)} │${cells.join('').trimEnd()}${later === 0 ? '' : ` … ${later} later`}`;
  });
  return [
    `  from the first failure, ${Number((to / 1_000).toPrecision(3))} s; x a failure, · an answer`,
    ...rows,
  ];
}
