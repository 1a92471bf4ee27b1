/**
 * How the lines of a chart are told apart: each has a mark of its own shape and a dash, so that colour is never the only
 * signal.
 */
import { html, Markup } from '../../../report/html/markup.ts';

/** A line of a chart: which row it is of, and its number, which decides its look. */
export interface Series {
  readonly name: string;
  readonly look: number;
}

/** Paths around 0,0, ten pixels wide at most; filled, except where the shape is of strokes. */
const shapes = [
  'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
  'M-3.500-3.500h7v7h-7z',
  'M0-4.600 4.500 3.400h-9z',
  'M0-5 5 0 0 5-5 0z',
  'M0 4.600-4.500-3.400h9z',
  'M-4-4 4 4M-4 4 4-4',
  'M0-5V5M-5 0H5',
  'M-5-2.500h10v5h-10z',
] as const;
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '12 4', '4 2', '1 4', '8 2 1 2 1 2'] as const;

/** How many lines can be told apart. */
export const looks: number = shapes.length;

const indexOf = (look: number): number => look % shapes.length;

/** The definitions of the marks; they take no room. */
export function markDefinitions(): Markup {
  const symbols = shapes.map((shape, index) => `<g id="m-${index}"><path d="${shape}"/></g>`);
  return html`<svg class="symbols" width="0" height="0" aria-hidden="true"><defs>${new Markup(symbols.join(''))}<pattern id="p-failed" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch-ground" width="6" height="6"/><line class="hatch-line" x1="0" x2="0" y1="0" y2="6"/></pattern></defs></svg>`;
}

/** A mark of a series. */
export function mark(look: number, x: string, y: string, title: string): Markup {
  return html`<use class="mark" href="#m-${indexOf(look)}" x="${x}" y="${y}"><title>${title}</title></use>`;
}

/** What the line of a series is dashed like. */
export const dashOf = (look: number): string => dashes[indexOf(look)] ?? 'none';

/** Class that gives a series its colour. */
export const toneOf = (look: number): string => `s s${indexOf(look)}`;

/** The names of the lines with how they look. A button brings its line forward. */
export function legendOf(series: readonly Series[]): Markup {
  return html`<ul class="keys">${series.map(
    ({ name, look }) =>
      html`<li><button type="button" class="key" aria-pressed="false" data-s="${look}"><svg class="${toneOf(look)}" width="34" height="12" aria-hidden="true"><path class="line" d="M0 6H34" stroke-dasharray="${dashOf(look)}"/><use class="mark" href="#m-${indexOf(look)}" x="17" y="6"/></svg>${name}</button></li>`,
  )}</ul>`;
}
