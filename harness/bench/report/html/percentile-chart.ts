/** Percentile curves of rows that share a chart, from their stored histograms. */
import { html, type Markup } from '../../../report/html/markup.ts';
import { showNumber } from '../../../report/text.ts';
import type { Times } from '../../bench-result.ts';
import type { ChartGroup } from './chart-groups.ts';
import { namedPoints, percentilePoints } from './percentile-points.ts';
import { ninesOf, percentileTicks, placeOfShare } from './percentile-scale.ts';
import { drawPlot, type PlotLine } from './plot.ts';
import { three } from './provenance.ts';
import { legendOf } from './series.ts';
import { valueScale } from './value-scale.ts';

/** `name` is what of it is drawn, as `service`. */
export function percentileChart(workload: string, name: string, { title, rows }: ChartGroup): Markup {
  const drawn = rows.flatMap(({ name: label, look, row }) => {
    const times = row.times[name];
    return times ? [{ label, look, id: row.id, times, points: percentilePoints(times) }] : [];
  });
  const nines = Math.max(...drawn.map(({ times }) => ninesOf(times.count)));
  const up = valueScale(drawn.flatMap(({ points }) => points.map(({ ms }) => ms)));
  const place = ({ share, ms }: { share: number; ms: number }) => ({
    x: placeOfShare(share, nines),
    y: up.place(ms),
  });
  const lines: PlotLine[] = drawn.map(({ label, look, id, times, points }) => ({
    name: label,
    look,
    points: points.map(place),
    marks: namedPoints(times).map((point) => ({
      ...place(point),
      title: `${id}: p${percentOf(point.share)} ${three(point.ms)} ms, of ${showNumber(times.count)}`,
    })),
  }));
  const heading = [name, title].filter((part) => part !== '').join(', ');
  return html`<figure class="chart"><figcaption><b>${heading}</b></figcaption>
${drawPlot({
  label: `Percentile curves of ${workload}, ${heading}: ${drawn.map(({ label, times }) => `${label} ${three(times.p50)} ms at the median`).join(', ')}. The table below has the figures.`,
  across: percentileTicks(nines),
  acrossTitle: 'percentile; each nine as wide as the one before',
  up,
  upTitle: 'ms',
  lines,
})}
${legendOf(lines)}
${table(heading, drawn)}</figure>
`;
}

function table(heading: string, drawn: readonly { readonly label: string; readonly times: Times }[]): Markup {
  return html`<details class="same"><summary>The same as a table</summary><div class="wide" tabindex="0" role="region" aria-label="Percentiles of ${heading}"><table class="figures-of"><thead><tr><th scope="col"><span class="unseen">row</span></th><th scope="col">values</th><th scope="col">p50</th><th scope="col">p90</th><th scope="col">p99</th><th scope="col">p99, 95 %</th><th scope="col">p99.9</th><th scope="col">max</th></tr></thead><tbody>
${drawn.map(
  ({
    label,
    times,
  }) => html`<tr><th scope="row">${label}</th>${cells(times).map((text) => html`<td>${text}</td>`)}</tr>
`,
)}</tbody></table></div></details>`;
}

/** Percentiles that nothing lies beyond are no figures. */
function cells(times: Times): string[] {
  const { count, p99Interval, max } = times;
  const named = namedPoints(times);
  const at = (share: number): string => three(named.find((point) => point.share === share)?.ms ?? Number.NaN);
  return [
    showNumber(count),
    at(0.5),
    at(0.9),
    at(0.99),
    p99Interval ? p99Interval.map(three).join('–') : '–',
    at(0.999),
    three(max),
  ].map((text) => (text === 'NaN' ? '–' : text));
}

const percentOf = (share: number): number => Math.round(share * 1_000) / 10;
