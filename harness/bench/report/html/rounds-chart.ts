/** The median of each round, so that a machine that changed meanwhile is seen. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { ChartGroup } from './chart-groups.ts';
import { drawPlot, type PlotLine } from './plot.ts';
import { three } from './provenance.ts';
import { legendOf } from './series.ts';
import { valueScale } from './value-scale.ts';

/** `name` is what of it is drawn, as `service`; nothing where there are not two rounds. */
export function roundsChart(workload: string, name: string, { title, rows }: ChartGroup): Markup {
  const drawn = rows.flatMap(({ name: label, look, row }) => {
    const medians = row.times[name]?.roundMedians ?? [];
    return medians.length > 1 ? [{ label, look, id: row.id, medians }] : [];
  });
  const last = Math.max(0, ...drawn.map(({ medians }) => medians.length - 1));
  if (last === 0) return nothing;
  const up = valueScale(drawn.flatMap(({ medians }) => medians));
  const lines: PlotLine[] = drawn.map(({ label, look, id, medians }) => {
    const points = medians.map((ms, round) => ({ x: round / last, y: up.place(ms) }));
    return {
      name: label,
      look,
      points,
      marks: points.map((point, round) => ({
        ...point,
        title: `${id}, round ${round + 1}: median ${three(medians[round] ?? Number.NaN)} ms`,
      })),
    };
  });
  const heading = [name, title].filter((part) => part !== '').join(', ');
  return html`<figure class="chart"><figcaption><b>${heading}</b></figcaption>
${drawPlot({
  label: `Medians of ${last + 1} rounds of ${workload}, ${heading}. Every round stands in the list of figures with their rounds.`,
  across: roundTicks(last),
  acrossTitle: 'round',
  up,
  upTitle: 'ms',
  lines,
})}
${legendOf(lines)}</figure>
`;
}

/** Eight at most, the first and whole steps from it. */
function roundTicks(last: number): { x: number; label: string }[] {
  const step = Math.ceil((last + 1) / 8);
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => ({
    x: (index * step) / last,
    label: String(index * step + 1),
  }));
}
