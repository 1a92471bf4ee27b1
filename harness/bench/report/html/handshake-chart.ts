/** Handshakes of each round, as the proxy counted them: full, resumed and failed on top of each other. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { Row, WorkloadResult } from '../../bench-result.ts';
import { three } from './provenance.ts';

const kinds = ['full', 'resumed', 'failed'] as const;
type Kind = (typeof kinds)[number];
type Counts = Readonly<Record<Kind, readonly number[]>>;

const height = 34;

/** A line for each row of which handshakes were counted; nothing where there is none. */
export function handshakeChart({ name, rows }: WorkloadResult): Markup {
  const counted = rows.flatMap((row) => {
    const counts = countsOf(row);
    return counts ? [{ row, counts }] : [];
  });
  if (counted.length === 0) return nothing;
  const most = Math.max(1, ...counted.flatMap(({ counts }) => totals(counts)));
  const open = counted.some(({ counts }) => kinds.some((kind) => new Set(counts[kind]).size > 1));
  return html`<details class="entries"${open ? html` open` : nothing}><summary>Handshakes by round</summary>
<p class="file">Counted at the proxy, a bar for each round in which the row was taken; times within a round are not kept. All bars have one scale: the highest is ${three(most)}.</p>
<ul class="legend">${kinds.map((kind) => html`<li><svg width="14" height="12" aria-hidden="true"><rect class="h-${kind}" width="14" height="12"/></svg>${kind}</li>`)}</ul>
<div class="wide" tabindex="0" role="region" aria-label="Handshakes of ${name} by round"><table class="figures-of hands"><thead><tr><th scope="col"><span class="unseen">row</span></th><th scope="col">by round</th>${kinds.map((kind) => html`<th scope="col">${kind}, median</th>`)}</tr></thead><tbody>
${counted.map(
  ({
    row,
    counts,
  }) => html`<tr><th scope="row">${row.id}</th><td>${bars(row.id, counts, most)}</td>${kinds.map((kind) => html`<td>${three(row.figures[kind]?.median ?? 0)}</td>`)}</tr>
`,
)}</tbody></table></div></details>`;
}

function countsOf({ figures }: Row): Counts | undefined {
  const { full, resumed, failed } = figures;
  if (!full || !resumed || !failed) return undefined;
  return { full: full.rounds, resumed: resumed.rounds, failed: failed.rounds };
}

const totals = ({ full, resumed, failed }: Counts): number[] =>
  full.map((count, round) => count + (resumed[round] ?? 0) + (failed[round] ?? 0));

function bars(id: string, counts: Counts, most: number): Markup {
  const rounds = counts.full.length;
  const width = 100 / Math.max(1, rounds);
  const label = `${id}, full, resumed and failed by round: ${counts.full.map((_, round) => kinds.map((kind) => counts[kind][round] ?? 0).join('/')).join(', ')}`;
  return html`<svg class="bars" width="100%" height="${height}" role="img" aria-label="${label}">${counts.full.map((_, round) => stack(round, counts, most, width))}</svg>`;
}

function stack(round: number, counts: Counts, most: number, width: number): Markup {
  let y = height;
  const parts = kinds.map((kind) => {
    const value = counts[kind][round] ?? 0;
    const tall = (value / most) * height;
    y -= tall;
    return value === 0
      ? nothing
      : html`<rect class="h-${kind}" x="${tenth(round * width)}%" width="${tenth(width * 0.8)}%" y="${tenth(y)}" height="${tenth(Math.max(tall, 0.8))}"/>`;
  });
  const words = kinds.map((kind) => `${counts[kind][round] ?? 0} ${kind}`).join(', ');
  return html`<g><title>round ${round + 1}: ${words}</title>${parts}</g>`;
}

const tenth = (value: number): number => Math.round(value * 10) / 10;
