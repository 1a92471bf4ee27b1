/**
 * The figures of the field reports beside those that the run measured.
 */
import type { Claim } from '../run-result.ts';
import { unitNote, withUnit } from '../text.ts';
import { html, type Markup, nothing } from './markup.ts';

export function claimsTable(claims: readonly Claim[]): Markup {
  if (claims.length === 0) return nothing;
  return html`<section class="claims" aria-labelledby="claims"><h2 id="claims">Reported figures beside measured ones</h2>
<table class="stack"><thead><tr><th scope="col">figure</th><th scope="col">reported before</th><th scope="col">reported after</th><th scope="col">measured naive</th><th scope="col">measured hardened</th><th scope="col">holds</th></tr></thead><tbody>
${claims.map(claimRow)}</tbody></table></section>`;
}

function claimRow(claim: Claim): Markup {
  const { reportedBefore, reportedAfter, naive, hardened, unit } = claim;
  return html`<tr><th scope="row">${claim.figure}${unitNote(unit)} <small class="req">${claim.requirement}</small></th><td data-label="reported before">${withUnit(reportedBefore, unit)}</td><td data-label="reported after">${withUnit(reportedAfter, unit)}</td><td data-label="measured naive" class="measured">${withUnit(naive, unit)}</td><td data-label="measured hardened" class="measured">${withUnit(hardened, unit)}</td><td data-label="holds">${holding(claim)}</td></tr>
`;
}

function holding({ holds }: Claim): Markup {
  if (holds === null) return html`<span class="tone-quiet">– not measured</span>`;
  return holds
    ? html`<span class="tone-good">✓ holds</span>`
    : html`<span class="tone-bad">✕ does not hold</span>`;
}
