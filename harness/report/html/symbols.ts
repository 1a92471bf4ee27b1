/**
 * The shapes of marks, defined once a page and used by name. Each has a shape of its own: colour is never the only
 * signal. The unseen circle makes a mark as easy to hit as a bigger one.
 */

import { type BarLook, barLooks, type Lane, type MarkLook, markLooks } from './lane.ts';
import { html, Markup } from './markup.ts';

const shapes: Record<MarkLook, string> = {
  strike: '<path d="M-4-5h8L0 4z"/>',
  reset: '<path d="M-3-3 3 3M-3 3 3-3"/>',
  open: '<path d="M-3-3 1 0-3 3"/>',
  refused: '<path d="M-4-4 4 4M-4 4 4-4"/>',
  answered: '<path d="M0-4V4"/>',
  duplicate: '<path d="M0-4V4M3-4V4"/>',
  rejected: '<path d="M0-5 4 0 0 5-4 0z"/>',
  broken: '<path d="M0-5 5 4H-5z"/>',
  debug: '<circle r="1.5"/>',
  info: '<circle r="2.5"/>',
  warn: '<path d="M0-4 4 3H-4z"/>',
  error: '<path d="M-3.5-3.5h7v7h-7z"/>',
  fatal: '<path d="M-4.500-4.500h9v9h-9zM-2-2 2 2M-2 2 2-2"/>',
  state: '<path d="M-3-3h6v6h-6z"/>',
  note: '<path d="M-2 5V-5H4L2-2.500 4 0H-2"/>',
};

/** The definitions; they take no room. */
export function symbolDefinitions(): Markup {
  const symbols = Object.entries(shapes).map(
    ([look, shape]) => `<g id="k-${look}" class="k-${look}"><circle class="hit" r="6"/>${shape}</g>`,
  );
  const hatch =
    '<pattern id="k-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">' +
    '<rect class="hatch-ground" width="5" height="5"/><path class="hatch-line" d="M0 0V5"/></pattern>';
  return new Markup(
    `<svg class="symbols" width="0" height="0" aria-hidden="true"><defs>${hatch}${symbols.join('')}</defs></svg>`,
  );
}

/** What the looks in `lanes` mean, those only. */
export function legend(lanes: readonly Lane[]): Markup {
  const bars = new Set(lanes.flatMap((lane) => lane.bars.map((bar) => bar.look)));
  const marks = new Set(
    lanes.flatMap((lane) => [
      ...lane.marks.map((mark) => mark.look),
      ...lane.bars.flatMap((bar) => bar.ending ?? []),
    ]),
  );
  const barKeys = keysOf(barLooks).filter((look: BarLook) => bars.has(look));
  const markKeys = keysOf(markLooks).filter((look: MarkLook) => marks.has(look));
  return html`<ul class="legend">${barKeys.map(
    (look) =>
      html`<li><svg width="18" height="12" aria-hidden="true"><rect class="b-${look}" x="1" y="3" width="16" height="6"/></svg>${barLooks[look]}</li>`,
  )}${markKeys.map(
    (look) =>
      html`<li><svg width="14" height="12" aria-hidden="true"><use href="#k-${look}" x="7" y="6"/></svg>${markLooks[look]}</li>`,
  )}</ul>`;
}

const keysOf = <T extends object>(table: T): (keyof T)[] => Object.keys(table) as (keyof T)[];
