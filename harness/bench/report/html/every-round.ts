/** Every figure of every row with its rounds: what titles of cells say, for those who point at nothing. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { Row, WorkloadResult } from '../../bench-result.ts';
import { deviation } from '../../statistics/order.ts';
import { listOf, three } from './provenance.ts';

export function everyRound({ name, rows }: WorkloadResult): Markup {
  const lines = rows.flatMap(linesOf);
  if (lines.length === 0) return nothing;
  return html`<details class="entries"><summary>Every figure with its rounds (${lines.length})</summary>
<div class="wide tall" tabindex="0" role="region" aria-label="Every figure of ${name} with its rounds"><table class="figures-of rounds"><thead><tr><th scope="col">row</th><th scope="col">figure</th><th scope="col">unit</th><th scope="col">median</th><th scope="col">deviation</th><th scope="col">rounds</th></tr></thead><tbody>
${lines}</tbody></table></div></details>`;
}

function linesOf({ id, times, figures }: Row): Markup[] {
  const medians = Object.entries(times).map(([of, { p50, roundMedians }]) =>
    line(id, `${of}, median`, 'ms', p50, roundMedians.length > 0 ? deviation(roundMedians) : 0, roundMedians),
  );
  const counts = Object.entries(figures).map(([of, figure]) =>
    line(id, of, figure.unit, figure.median, figure.deviation, figure.rounds),
  );
  return [...medians, ...counts];
}

function line(
  id: string,
  of: string,
  unit: string,
  middle: number,
  apart: number,
  rounds: readonly number[],
): Markup {
  return html`<tr><th scope="row">${id}</th><td>${of}</td><td>${unit}</td><td>${three(middle)}</td><td>${three(apart)}</td><td>${listOf(rounds)}</td></tr>
`;
}
