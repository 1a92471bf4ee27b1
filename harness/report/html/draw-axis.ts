/**
 * The inside of an axis as SVG: a panel for each subject, all under one time scale, so that the same moment of naive and
 * hardened stands in one vertical line. Along x everything is in percent, along y in pixels. The page's script draws with
 * this too, whenever the reader looks at another part of the time.
 */

import type { Bar, Mark } from './lane.ts';
import { barAt, type CurveColumns, type LaneColumns, markAt, thingsIn, timesOf } from './lane-columns.ts';
import { html, type Markup } from './markup.ts';
import { thin } from './thin.ts';
import { position, shareOf, ticks, type View } from './time-scale.ts';

/** One subject's part of an axis. */
export interface Panel {
  readonly name: string;
  /** Behind the name: what the subject came to. */
  readonly remark: string;
  /** What its entries' ids on the page begin with. */
  readonly key: string;
  readonly lanes: readonly LaneColumns[];
}

/** What is drawn: which time, and how many bars, and marks, a lane may have. */
export interface Drawing {
  readonly view: View;
  readonly limit: number;
}

const headHeight = 20;
const panelHead = 24;
const laneHead = 16;
const rowHeight = 10;
const laneGap = 8;

/** Places that guide lines may stand at: strikes closer together share one. */
const guidePlaces = 250;

/** Pixels from top to bottom; it does not depend on the view. */
export function heightOfAxis(panels: readonly Panel[]): number {
  return headHeight + panels.reduce((sum, panel) => sum + heightOf(panel), 0);
}

export function drawAxis(panels: readonly Panel[], drawing: Drawing): Markup {
  const height = heightOfAxis(panels);
  const tops = panels.map((_, index) => heightOfAxis(panels.slice(0, index)));
  return html`<g class="grid">${ticks(drawing.view).map(({ t, label }) => gridLine(t, label, drawing.view, height))}</g>
${panels.map((panel, index) => drawPanel(panel, tops[index] ?? 0, drawing))}`;
}

function gridLine(t: number, label: string, view: View, height: number): Markup {
  const [x, share] = [position(t, view), shareOf(t, view)];
  const anchor = share > 0.97 ? 'end' : share < 0.03 ? 'start' : 'middle';
  return html`<line x1="${x}" x2="${x}" y1="${headHeight - 5}" y2="${height}"/><text x="${x}" y="11" text-anchor="${anchor}">${label}</text>`;
}

const laneHeight = (lane: LaneColumns): number => laneHead + lane.rows * rowHeight + laneGap;

const heightOf = (panel: Panel): number =>
  panelHead + panel.lanes.reduce((sum, lane) => sum + laneHeight(lane), 0) + laneGap;

function drawPanel(panel: Panel, top: number, drawing: Drawing): Markup {
  let y = panelHead;
  const lanes = panel.lanes.map((lane) => {
    const drawn = drawLane(lane, y, drawing);
    y += laneHeight(lane);
    return drawn;
  });
  return html`<g class="panel" data-j="${panel.key}" transform="translate(0,${top})"><line class="edge" x1="0" x2="100%" y1="0" y2="0"/><text class="who" y="16"><tspan class="name">${panel.name}</tspan> ${panel.remark}</text>${guides(panel, drawing.view)}${lanes}
</g>`;
}

/** Thin lines from the strikes down through the panel: what stands right of one may be its doing. */
function guides(panel: Panel, view: View): Markup {
  const bottom = heightOf(panel) - laneGap;
  const places = new Set(
    panel.lanes.flatMap(({ marks }) =>
      [...timesOf(marks, 'strike')]
        .filter((t) => isInView(t, view))
        .map((t) => Math.round(shareOf(t, view) * guidePlaces)),
    ),
  );
  return html`${[...places].map((place) => {
    const x = `${(place * 100) / guidePlaces}%`;
    return html`<line class="guide" x1="${x}" x2="${x}" y1="${panelHead}" y2="${bottom}"/>`;
  })}`;
}

const isInView = (t: number, { from, to }: View): boolean => t >= from && t <= to;

function drawLane(lane: LaneColumns, y: number, { view, limit }: Drawing): Markup {
  const [bars, marks] = [thingsIn(lane.bars, view, limit), thingsIn(lane.marks, view, limit)];
  const [all, shown] = [bars.all + marks.all, bars.drawn.length + marks.drawn.length];
  const left = shown < all ? `, ${shown} of ${all} shown` : '';
  return html`
<g class="lane" transform="translate(0,${y})"><text class="lane-name" y="10">${lane.name} <tspan>${lane.note}${left}</tspan></text>${bars.drawn.map((index) => drawBar(barAt(lane.bars, index), view))}${marks.drawn.map((index) => drawMark(markAt(lane.marks, index), view))}${lane.curve ? drawCurve(lane.curve, lane.rows, view) : ''}</g>`;
}

const middleOf = (row: number): number => laneHead + row * rowHeight + rowHeight / 2;

function drawBar(bar: Bar, view: View): Markup {
  const [from, to] = [shareOf(bar.from, view), shareOf(bar.to, view)];
  const width = `${Math.round((to - from) * 10_000) / 100}%`;
  const y = middleOf(bar.row) - 3;
  const n = bar.entries.join(' ');
  const ending =
    bar.ending !== undefined &&
    isInView(bar.to, view) &&
    html`<use href="#k-${bar.ending}" x="${position(bar.to, view)}" y="${y + 3}" data-n="${n}"/>`;
  return html`<rect class="b-${bar.look}" x="${position(bar.from, view)}" y="${y}" width="${width}" height="6" data-n="${n}"/>${ending}`;
}

function drawMark(mark: Mark, view: View): Markup {
  return html`<use href="#k-${mark.look}" x="${position(mark.t, view)}" y="${middleOf(mark.row)}" data-n="${mark.entries.join(' ')}"/>`;
}

/** Points that a curve has at most: about one for each pixel of a wide screen would be more than one can see. */
const mostPoints = 500;

function drawCurve({ times, values, highest }: CurveColumns, rows: number, view: View): Markup {
  const height = rows * rowHeight;
  const first = Math.max(
    0,
    times.findLastIndex((t) => t <= view.from),
  );
  const next = times.findIndex((t) => t > view.to);
  const seen = [...times.keys()].slice(first, next < 0 ? undefined : next);
  const drawn = thin(seen, mostPoints, (index) => values[index] === highest);
  const at = (t = 0): number => Math.round(shareOf(t, view) * 10_000) / 10;
  const up = (value = 0): number => Math.round((1 - value / Math.max(1, highest)) * height * 10) / 10;
  const path = drawn.map(
    (index, place) =>
      `${place === 0 ? 'M' : 'H'}${at(times[index])}${place === 0 ? ' ' : 'V'}${up(values[index])}`,
  );
  return html`<svg y="${laneHead}" width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none"><path class="curve" d="${path.join('')}"/></svg>`;
}
