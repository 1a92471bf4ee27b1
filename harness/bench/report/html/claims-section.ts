/** The figures of the field reports beside measured ones, with their ratios. */
import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import type { Claim } from '../../../report/run-result.ts';
import { unitNote, withUnit } from '../../../report/text.ts';
import { ratioOf } from '../text.ts';

export function claimsSection(claims: readonly Claim[]): Markup {
  if (claims.length === 0) return nothing;
  const heads = ['figure', 'reported', 'ratio', 'naive → hardened', 'ratio', 'holds'];
  return html`<h3>Reported figures beside measured ones</h3>
<table class="stack claims-of"><thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>
${claims.map(claimRow)}</tbody></table>`;
}

function claimRow(claim: Claim): Markup {
  const { figure, unit, requirement, reportedBefore, reportedAfter, naive, hardened } = claim;
  const pair = (before: Claim['naive'], after: Claim['naive']): string =>
    `${withUnit(before, unit)} → ${withUnit(after, unit)}`;
  return html`<tr><th scope="row">${figure}${unitNote(unit)} <small class="req">${requirement}</small></th><td data-label="reported">${pair(reportedBefore, reportedAfter)}</td><td data-label="ratio">${ratioOf(reportedBefore, reportedAfter)}</td><td data-label="measured" class="measured">${pair(naive, hardened)}</td><td data-label="ratio">${ratioOf(naive, hardened)}</td><td data-label="holds">${holding(claim)}</td></tr>
`;
}

function holding({ holds }: Claim): Markup {
  if (holds === null) return html`<span class="tone-quiet">– not measured</span>`;
  return holds
    ? html`<span class="tone-good">✓ holds</span>`
    : html`<span class="tone-bad">✕ does not hold</span>`;
}
