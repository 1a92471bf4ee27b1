/**
 * Walking along an axis by keyboard: left and right through a lane, up and down through the lanes. Where the lane goes on
 * beyond the view, the view goes along.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Timeline } from './timeline.ts';

/** Points at what a mark or a bar on the axis stands for. */
export function pointAt(timeline: Timeline, mark: SVGElement): Promise<void> {
  const key = mark.closest<SVGElement>('[data-j]')?.dataset.j ?? '';
  const numbers = (mark.dataset.n ?? '').split(' ').map(Number);
  return timeline.point(key, numbers, timeOf(timeline, mark));
}

export async function walk(timeline: Timeline, key: string): Promise<void> {
  await timeline.load();
  const lanes = lanesIn(timeline.svg);
  const row = lanes.findIndex((marks) => marks.some(isPointedAt));
  const mark = row < 0 ? lanes.find((marks) => marks.length > 0)?.[0] : next(timeline, lanes, row, key);
  if (mark !== undefined) return pointAt(timeline, mark);
  const t = row < 0 ? undefined : beyond(timeline, row, key);
  if (t === undefined) return;
  const span = timeline.view.to - timeline.view.from;
  await timeline.show(t - span / 2, t + span / 2);
  timeline.draw();
  const found = nearest(timeline, lanesIn(timeline.svg)[row] ?? [], t);
  if (found !== undefined) await pointAt(timeline, found);
}

const isPointedAt = (mark: Element): boolean => mark.classList.contains('on');

/** The mark that `key` leads to; undefined where the lane ends, at least in this view. */
function next(
  timeline: Timeline,
  lanes: readonly SVGElement[][],
  row: number,
  key: string,
): SVGElement | undefined {
  const lane = lanes[row] ?? [];
  const place = lane.findIndex(isPointedAt);
  if (key === 'ArrowRight') return lane[place + 1];
  if (key === 'ArrowLeft') return place > 0 ? lane[place - 1] : undefined;
  if (key === 'Home') return lane[0];
  if (key === 'End') return lane.at(-1);
  const others = key === 'ArrowDown' ? lanes.slice(row + 1) : lanes.slice(0, row).toReversed();
  const other = others.find((marks) => marks.length > 0) ?? lane;
  return nearest(timeline, other, timeline.pointed?.t ?? timeline.view.from);
}

/** When the lane goes on behind, or before, what is in view. */
function beyond({ lanes, view }: Timeline, row: number, key: string): number | undefined {
  const lane = lanes[row];
  const times = lane ? [lane.bars.from, lane.marks.from] : [];
  if (key === 'ArrowRight')
    return pick(
      times.map((own) => own.find((t) => t > view.to)),
      Math.min,
    );
  if (key === 'ArrowLeft')
    return pick(
      times.map((own) => own.findLast((t) => t < view.from)),
      Math.max,
    );
  return undefined;
}

function pick(
  times: readonly (number | undefined)[],
  which: (...times: number[]) => number,
): number | undefined {
  const known = times.filter((t) => t !== undefined);
  return known.length === 0 ? undefined : which(...known);
}

function nearest(timeline: Timeline, marks: readonly SVGElement[], t: number): SVGElement | undefined {
  const distance = (mark: SVGElement): number => Math.abs(timeOf(timeline, mark) - t);
  return marks.toSorted((a, b) => distance(a) - distance(b))[0];
}

/** What is drawn, lane by lane (as in `Timeline.lanes`) in order of time; how a bar ends belongs to the bar. */
function lanesIn(svg: SVGSVGElement): SVGElement[][] {
  return [...svg.querySelectorAll('.lane')]
    .map((lane) => [...lane.querySelectorAll<SVGElement>('rect[data-n], use:not(rect + use)')])
    .map((marks) => marks.toSorted((a, b) => xOf(a) - xOf(b)));
}

const xOf = (mark: Element): number => Number.parseFloat(mark.getAttribute('x') ?? '0');

function timeOf({ view }: Timeline, mark: Element): number {
  return view.from + (xOf(mark) / 100) * (view.to - view.from);
}
