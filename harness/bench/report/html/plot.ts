/**
 * The ground that charts of lines share: an axis each way, a grid, and lines. Along x everything is in percent and along y
 * in pixels, so that a chart fits any width while its letters keep their size.
 */
import { html, type Markup } from '../../../report/html/markup.ts';
import { dashOf, mark, type Series, toneOf } from './series.ts';
import type { ValueScale } from './value-scale.ts';

/** A point of a line: both 0 to 1, from the left and from the low end. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
}

export interface PlotLine extends Series {
  readonly points: readonly PlotPoint[];
  /** Points that have a mark, with what it says. */
  readonly marks: readonly (PlotPoint & { readonly title: string })[];
}

export interface Plot {
  /** What a screen reader says in its place; the same figures stand in a table. */
  readonly label: string;
  readonly across: readonly { readonly x: number; readonly label: string }[];
  readonly acrossTitle: string;
  readonly up: ValueScale;
  readonly upTitle: string;
  readonly lines: readonly PlotLine[];
}

const height = 230;
const foot = 36;
const head = 18;

export function drawPlot(plot: Plot): Markup {
  const { label, across, acrossTitle, up, upTitle, lines } = plot;
  return html`<div class="plot"><svg width="100%" height="${head + height + foot}" role="img" aria-label="${label}">
<text class="unit" x="-2.6rem" y="9">${upTitle}${up.kind === 'logarithmic' ? ', logarithmic' : ''}</text>
<g class="grid">${up.ticks.map(({ place, label: text }) => html`<line x1="0" x2="100%" y1="${yOf(place)}" y2="${yOf(place)}"/><text x="-6" y="${Number(yOf(place)) + 4}" text-anchor="end">${text}</text>`)}
${across.map(({ x, label: text }) => html`<line x1="${percent(x)}" x2="${percent(x)}" y1="${head}" y2="${head + height}"/><text x="${percent(x)}" y="${head + height + 15}" text-anchor="${anchorOf(x)}">${text}</text>`)}</g>
<text class="unit" x="100%" y="${head + height + 32}" text-anchor="end">${acrossTitle}</text>
${lines.map(drawLine)}</svg></div>`;
}

function drawLine({ look, points, marks }: PlotLine): Markup {
  const path = points.map(
    ({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${short(x * 1_000)} ${short((1 - y) * height)}`,
  );
  return html`<g class="${toneOf(look)}" data-s="${look}"><svg y="${head}" width="100%" height="${height}" viewBox="0 0 1000 ${height}" preserveAspectRatio="none"><path class="line" d="${path.join('')}" stroke-dasharray="${dashOf(look)}"/></svg>${marks.map(({ x, y, title }) => mark(look, percent(x), yOf(y), title))}</g>
`;
}

const short = (value: number): string => String(Math.round(value * 10) / 10);
const yOf = (place: number): string => short(head + (1 - place) * height);

/** 0 to 1 as percent, for attributes along x. */
export const percent = (place: number): string => `${Math.round(place * 10_000) / 100}%`;

const anchorOf = (x: number): string => (x > 0.97 ? 'end' : x < 0.03 ? 'start' : 'middle');
