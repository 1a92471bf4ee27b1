/** Incident, reproduction and fix above each other, as one HTML file that needs nothing else: `incident.html` in the run’s directory. */
import { documentOf } from '../report/html/document.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { position, ticks } from '../report/html/time-scale.ts';
import type { Axis, Lane, Moment } from './axis.ts';
import type { Reproduction } from './reproduction.ts';
import { valueText } from './text.ts';

const [headHeight, laneHeight] = [24, 44];
/** More marks than a screen has room for are no better. */
const mostMarks = 400;

const styles = `
.axis{width:100%;overflow:visible;font-size:12px}
.axis text{fill:currentColor}
.axis .grid{stroke:currentColor;stroke-opacity:.15}
.axis .held{fill:currentColor;fill-opacity:.12}
.axis .failed{stroke:#c0392b;stroke-width:2}
.axis .went{stroke:currentColor;stroke-opacity:.5}
table td,table th{padding-inline-end:1.5em;text-align:start}
`;

/** The page of all that was reproduced. */
export function incidentPage(reproductions: readonly Reproduction[]): string {
  return documentOf({
    title: 'Incident and reproduction',
    description: 'Incident, reproduction and fix on one axis of time',
    styles,
    script: '',
    body: html`<main><h1>Incident and reproduction</h1>${reproductions.map(sectionOf)}</main>`,
  });
}

function sectionOf({ diagnosis, comparison, programs, axis }: Reproduction): Markup {
  const signature = diagnosis.ranked[0]?.signature;
  return html`<section><h2>${diagnosis.incident.title ?? signature?.title ?? 'Incident'}</h2>
<p>${signature?.id}: ${signature?.title}. <strong>${comparison.verdict}</strong></p>
${drawing(axis)}
<p>Thick strokes are failures, thin ones answers; grey is when faults were in force. Time runs from the first failure of each.</p>
<table><thead><tr><th>feature</th><th>incident</th><th>played</th><th></th></tr></thead><tbody>${comparison.features.map(
    ({ id, unit, incident, reproduction, agrees }) =>
      html`<tr><td>${id}</td><td>${valueText(incident, unit)}</td><td>${valueText(reproduction, unit)}</td><td>${agrees ? '✓' : '✗'}</td></tr>`,
  )}</tbody></table>
<ul>${programs.map(({ name, outcome, alarms }) => html`<li>${name}: ${outcome}, ${alarms} records above INFO</li>`)}</ul></section>`;
}

function drawing({ lanes, to }: Axis): Markup {
  const view = { from: 0, to };
  const height = headHeight + lanes.length * laneHeight;
  return html`<svg class="axis" role="img" aria-label="${lanes.map(laneInWords).join('; ')}" height="${height}">${ticks(
    view,
  ).map(
    ({ t, label }) =>
      html`<line class="grid" x1="${position(t, view)}" x2="${position(t, view)}" y1="16" y2="${height}"/><text x="${position(t, view)}" y="12">${label}</text>`,
  )}${lanes.map((lane, index) => laneMarkup(lane, headHeight + index * laneHeight, to))}</svg>`;
}

const laneInWords = ({ name, failures, successes }: Lane): string =>
  `${name}: ${failures.length} failures, ${successes.length} answers`;

function laneMarkup({ name, failures, successes, faults }: Lane, y: number, to: number): Markup {
  const view = { from: 0, to };
  const later = failures.filter(({ t }) => t > to).length;
  const marks = (moments: readonly Moment[], look: string, half: number): Markup[] =>
    moments
      .filter(({ t }) => t >= 0 && t <= to)
      .slice(0, mostMarks)
      .map(({ t, says }) => {
        const x = position(t, view);
        return html`<line class="${look}" x1="${x}" x2="${x}" y1="${y + 28 - half}" y2="${y + 28 + half}"><title>${says}</title></line>`;
      });
  return html`<g><text x="0" y="${y + 12}">${name}${later > 0 && ` (${later} more failures later)`}</text>${faults.map(
    ({ from, to: end }) => {
      const [left, right] = [Math.max(0, from), Math.min(to, end)];
      const width = `${Math.max(0, Math.round(((right - left) / to) * 10_000) / 100)}%`;
      return html`<rect class="held" x="${position(left, view)}" y="${y + 16}" width="${width}" height="24"/>`;
    },
  )}${marks(successes, 'went', 5)}${marks(failures, 'failed', 10)}</g>`;
}
