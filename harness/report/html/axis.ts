/**
 * The time axis of a scenario as SVG: a panel for each subject, all under one time scale, so that the same moment of
 * naive and hardened stands in one vertical line. Along x everything is in percent, along y in pixels.
 */

import type { Bar, Curve, Lane, Mark } from './lane.ts';
import { html, type Markup } from './markup.ts';
import { position, ticks } from './time-scale.ts';

/** One subject's part of an axis. */
export interface Panel {
  readonly name: string;
  /** Behind the name: what the subject came to. */
  readonly remark: string;
  /** What its entries' ids on the page begin with. */
  readonly key: string;
  readonly lanes: readonly Lane[];
}

const headHeight = 20;
const panelHead = 24;
const laneHead = 16;
const rowHeight = 10;
const laneGap = 8;

/** Places that guide lines may stand at: strikes closer together share one. */
const guidePlaces = 250;

/** Draws `panels` from lab time 0 to `end` milliseconds. */
export function drawAxis(title: string, panels: readonly Panel[], end: number): Markup {
  const heights = panels.map(heightOf);
  const height = headHeight + heights.reduce((sum, one) => sum + one, 0);
  const tops = heights.map(
    (_, index) => headHeight + heights.slice(0, index).reduce((sum, one) => sum + one, 0),
  );
  const label = `Time axis of ${title}. Left and right arrow keys walk through what happened, up and down through the lanes.`;
  return html`<svg class="axis" width="100%" height="${height}" role="img" tabindex="0" aria-label="${label}">
<g class="grid">${ticks(end).map(({ t, label }) => gridLine(position(t, end), label, t / end, height))}</g>
${panels.map((panel, index) => drawPanel(panel, tops[index] ?? 0, heights[index] ?? 0, end))}</svg>`;
}

function gridLine(x: string, label: string, share: number, height: number): Markup {
  const anchor = share > 0.97 ? 'end' : share < 0.03 ? 'start' : 'middle';
  return html`<line x1="${x}" x2="${x}" y1="${headHeight - 5}" y2="${height}"/><text x="${x}" y="11" text-anchor="${anchor}">${label}</text>`;
}

const laneHeight = (lane: Lane): number => laneHead + lane.rows * rowHeight + laneGap;

const heightOf = (panel: Panel): number =>
  panelHead + panel.lanes.reduce((sum, lane) => sum + laneHeight(lane), 0) + laneGap;

function drawPanel(panel: Panel, top: number, height: number, end: number): Markup {
  let y = panelHead;
  const lanes = panel.lanes.map((lane) => {
    const drawn = drawLane(lane, y, end);
    y += laneHeight(lane);
    return drawn;
  });
  return html`<g class="panel" data-j="${panel.key}" transform="translate(0,${top})"><line class="edge" x1="0" x2="100%" y1="0" y2="0"/><text class="who" y="16"><tspan class="name">${panel.name}</tspan> ${panel.remark}</text>${guides(panel, height, end)}${lanes}
</g>`;
}

/** Thin lines from the strikes down through the panel: what stands right of one may be its doing. */
function guides(panel: Panel, height: number, end: number): Markup {
  const strikes = panel.lanes.flatMap((lane) => lane.marks.filter((mark) => mark.look === 'strike'));
  const apart = new Map(strikes.map(({ t }) => [Math.round((t / end) * guidePlaces), position(t, end)]));
  return html`${[...apart.values()].map(
    (x) => html`<line class="guide" x1="${x}" x2="${x}" y1="${panelHead}" y2="${height - laneGap}"/>`,
  )}`;
}

function drawLane(lane: Lane, y: number, end: number): Markup {
  return html`
<g class="lane" transform="translate(0,${y})"><text class="lane-name" y="10">${lane.name} <tspan>${lane.note}</tspan></text>${lane.bars.map((bar) => drawBar(bar, end))}${lane.marks.map((mark) => drawMark(mark, end))}${lane.curve ? drawCurve(lane.curve, lane.rows, end) : ''}</g>`;
}

const middleOf = (row: number): number => laneHead + row * rowHeight + rowHeight / 2;

function drawBar(bar: Bar, end: number): Markup {
  const x = position(bar.from, end);
  const width = position(bar.to - bar.from, end);
  const y = middleOf(bar.row) - 3;
  const n = bar.entries.join(' ');
  return html`<rect class="b-${bar.look}" x="${x}" y="${y}" width="${width}" height="6" data-n="${n}"/>${bar.ending ? html`<use href="#k-${bar.ending}" x="${position(bar.to, end)}" y="${y + 3}" data-n="${n}"/>` : ''}`;
}

function drawMark(mark: Mark, end: number): Markup {
  return html`<use href="#k-${mark.look}" x="${position(mark.t, end)}" y="${middleOf(mark.row)}" data-n="${mark.entries.join(' ')}"/>`;
}

function drawCurve({ points, highest }: Curve, rows: number, end: number): Markup {
  const height = rows * rowHeight;
  const at = (t: number): number => Math.round((t / end) * 10_000) / 10;
  const up = (value: number): number => Math.round((1 - value / Math.max(1, highest)) * height * 10) / 10;
  const path = points.map(
    ([t, value], index) => `${index === 0 ? 'M' : 'H'}${at(t)}${index === 0 ? ' ' : 'V'}${up(value)}`,
  );
  return html`<svg y="${laneHead}" width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none"><path class="curve" d="${path.join('')}"/></svg>`;
}
