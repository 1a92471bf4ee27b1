/**
 * Ratios with their intervals below each other (a forest plot), each in the line of the table that says the same in figures.
 * The band is the threshold: an interval within it is equal, one beyond it decided.
 */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { NamedComparison } from '../../bench-result.ts';
import { decisionWords, ratioInWords } from '../figures.ts';
import { percent } from './plot.ts';
import { type RatioScale, ratioScale } from './ratio-scale.ts';

export interface Forest {
  readonly title: string;
  readonly comparisons: readonly NamedComparison[];
  /** The same beside the same: its interval is drawn in every line. */
  readonly control?: NamedComparison | undefined;
}

export function forestChart({ title, comparisons, control }: Forest): Markup {
  const all = control ? [...comparisons, control] : comparisons;
  if (all.length === 0) return nothing;
  const scale = ratioScale(
    all.flatMap(({ interval, ratio, threshold }) => [...interval, ratio, 1 + threshold, 1 / (1 + threshold)]),
  );
  const line = (one: NamedComparison, looks: string): Markup =>
    html`<tr class="${looks}"><th scope="row">${one.title} <small>${one.of}</small></th><td class="ratio">${drawRatio(one, scale, control)}</td><td>${ratioInWords(one)}</td><td class="d-${one.decision}">${symbols[one.decision]} ${decisionWords[one.decision]}</td><td>${one.rounds}</td></tr>
`;
  return html`<div class="wide" tabindex="0" role="region" aria-label="${title}"><table class="figures-of forest"><thead><tr><th scope="col">beside</th><th scope="col" class="ratio">${axis(scale)}<span class="unseen">interval</span></th><th scope="col">ratio (95 %)</th><th scope="col">decision</th><th scope="col">rounds</th></tr></thead><tbody>
${comparisons.map((one) => line(one, ''))}</tbody>${control ? html`<tbody class="control">${line({ ...control, title: `Control: ${control.title}` }, 'control')}</tbody>` : nothing}</table></div>
<ul class="legend"><li><svg width="18" height="12" aria-hidden="true"><rect class="band" width="18" height="12"/></svg>within the threshold</li>${control ? html`<li><svg width="18" height="12" aria-hidden="true"><path class="shadow" d="M3 0V12M15 0V12"/></svg>interval of the control</li>` : nothing}${Object.entries(marks).map(([decision, shape]) => html`<li><svg class="d-${decision}" width="16" height="12" aria-hidden="true"><path class="point" transform="translate(8,6)" d="${shape}"/></svg>${decisionWords[decision as keyof typeof marks]}</li>`)}</ul>`;
}

/** Points at where the other lies: left is less, and so faster. */
const marks = {
  improvement: 'M4-5-5 0 4 5z',
  regression: 'M-4-5 5 0-4 5z',
  equal: 'M-3.500-3.500h7v7h-7z',
  undecided: 'M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z',
} as const;
const symbols = { improvement: '◀', regression: '▶', equal: '■', undecided: '○' } as const;

const height = 26;

function axis({ ticks }: RatioScale): Markup {
  return html`<svg width="100%" height="16" aria-hidden="true">${ticks.map(({ x, label }) => html`<text x="${percent(x)}" y="12" text-anchor="${x > 0.93 ? 'end' : x < 0.07 ? 'start' : 'middle'}">${label}</text>`)}</svg>`;
}

function drawRatio(one: NamedComparison, scale: RatioScale, control: NamedComparison | undefined): Markup {
  const { ratio, interval, threshold, decision } = one;
  const at = (value: number): string => percent(scale.place(value));
  const width = (low: number, high: number): string => percent(scale.place(high) - scale.place(low));
  const [low, high] = interval;
  const band = 1 + threshold;
  const middle = height / 2;
  const shadow = control
    ? control.interval.map(
        (edge) => html`<line class="shadow" x1="${at(edge)}" x2="${at(edge)}" y1="0" y2="${height}"/>`,
      )
    : nothing;
  return html`<svg class="d-${decision}" width="100%" height="${height}" aria-hidden="true"><rect class="band" x="${at(1 / band)}" width="${width(1 / band, band)}" height="${height}"/><line class="one" x1="${at(1)}" x2="${at(1)}" y1="0" y2="${height}"/>${shadow}<line class="reach" x1="${at(low)}" x2="${at(high)}" y1="${middle}" y2="${middle}"/><svg x="${at(ratio)}" y="${middle}" overflow="visible"><path class="point" d="${marks[decision]}"/></svg></svg>`;
}
