/** The lane of the machine: a bar for each time that it stood still. */
import { showDuration } from '../text.ts';
import type { Bar, Lane, LaneContext } from './lane.ts';

export function stallLane({ entries, cited, pace }: LaneContext): Lane | undefined {
  const stalls = entries.filter((entry) => entry.kind === 'lab.stall');
  if (stalls.length === 0) return undefined;
  const bars = stalls.map(
    ({ n, t, lateMs }): Bar => ({
      from: t - Number(lateMs),
      to: t,
      row: 0,
      look: 'stall',
      kept: cited.has(n),
      entries: [n],
    }),
  );
  const realMs = stalls.reduce((sum, { lateMs }) => sum + Number(lateMs), 0) / pace;
  return { name: 'this machine stood still', note: showDuration(realMs), rows: 1, bars, marks: [] };
}
