/**
 * The lanes of what the subject's process held: a curve for each quantity that was sampled at least twice.
 */
import type { Entry, EntryOf } from '../../journal/entry.ts';
import { showNumber } from '../text.ts';
import type { Lane, LaneContext } from './lane.ts';

type Sample = EntryOf<'process.sample'>;
type Point = readonly [t: number, value: number];

interface Quantity {
  readonly name: string;
  readonly unit: string;
  readonly points: (samples: readonly Sample[], pace: number) => Point[];
}

const bytesPerMegabyte = 1e6;

const quantities: readonly Quantity[] = [
  { name: 'memory', unit: ' MB', points: (samples) => held(samples, 'rssBytes', bytesPerMegabyte) },
  { name: 'processor', unit: ' %', points: processorShare },
  { name: 'open sockets', unit: '', points: (samples) => held(samples, 'sockets') },
  { name: 'open descriptors', unit: '', points: (samples) => held(samples, 'fds') },
  { name: 'threads', unit: '', points: (samples) => held(samples, 'threads') },
];

export function processLanes({ entries, pace }: LaneContext): Lane[] {
  const samples = entries.filter(isSample);
  return quantities.flatMap(({ name, unit, points }) => curveLane(name, unit, points(samples, pace)) ?? []);
}

const isSample = (entry: Entry): entry is Sample => entry.kind === 'process.sample';

function held(
  samples: readonly Sample[],
  field: 'rssBytes' | 'sockets' | 'fds' | 'threads',
  per = 1,
): Point[] {
  return samples.flatMap((sample): Point[] => {
    const value = sample[field];
    return typeof value === 'number' ? [[sample.t, value / per]] : [];
  });
}

/** Processor time is in real milliseconds and so is the pace's share of lab time; 100 % is one processor. */
function processorShare(samples: readonly Sample[], pace: number): Point[] {
  const totals = samples.flatMap(({ t, cpuMs }): Point[] => (typeof cpuMs === 'number' ? [[t, cpuMs]] : []));
  return totals.flatMap(([t, total], index): Point[] => {
    const next = totals[index + 1];
    if (next === undefined || next[0] <= t) return [];
    return [[t, (Math.max(0, next[1] - total) * pace * 100) / (next[0] - t)]];
  });
}

function curveLane(name: string, unit: string, points: readonly Point[]): Lane | undefined {
  if (points.length < 2) return undefined;
  const values = points.map(([, value]) => value);
  const highest = values.reduce((most, value) => Math.max(most, value));
  const lowest = values.reduce((least, value) => Math.min(least, value));
  const said = (value: number): string => showNumber(Math.round(value * 10) / 10);
  const note = lowest === highest ? said(highest) : `${said(lowest)} to ${said(highest)}`;
  return { name, note: `${note}${unit}`, rows: 2, bars: [], marks: [], curve: { points, highest } };
}
