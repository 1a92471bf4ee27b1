/**
 * The checks of a scenario, its subjects side by side: measured, expected, and the entries that show it.
 */
import type { CheckResult, ScenarioResult, SubjectResult } from '../run-result.ts';
import { isReported, isUnexpected } from '../scenario-outcome.ts';
import { shorten, showValue } from '../text.ts';
import { checkAnchor, subjectAnchor } from './anchors.ts';
import { linkButton } from './copy-button.ts';
import { type Content, html, type Markup, nothing } from './markup.ts';

/** Evidence that is linked one by one; more is counted. */
const mostLinks = 8;

/** Longest value that is shown; run.json has the rest. */
const valueLimit = 400;

/** The table; `keys` are what the entries' keys begin with, one for each subject. */
export function checkTable(scenario: ScenarioResult, keys: readonly string[]): Markup {
  const ids = [...new Set(scenario.subjects.flatMap((subject) => subject.checks.map((check) => check.id)))];
  if (ids.length === 0) return html`<p class="tone-quiet">No check was run.</p>`;
  const [kept = [], other = []] = [true, false].map((holds) =>
    ids.filter((id) => isKept(scenario, id) === holds),
  );
  return html`${rowsOf(scenario, keys, other)}${folded(scenario, keys, kept)}`;
}

/** Whether it holds in every scenario, and does here: nobody has to read that first. */
function isKept({ subjects }: ScenarioResult, id: string): boolean {
  const found = subjects.flatMap(({ checks }) => checks.filter((check) => check.id === id));
  return id.startsWith('standing-') && found.every(({ outcome }) => outcome === 'pass');
}

function folded(scenario: ScenarioResult, keys: readonly string[], ids: readonly string[]): Markup {
  if (ids.length === 0) return nothing;
  const words = ids.length === 1 ? '1 standing check holds' : `${ids.length} standing checks hold`;
  return html`<details class="held"><summary>${words}, as in every scenario</summary>
${rowsOf(scenario, keys, ids)}</details>`;
}

function rowsOf(scenario: ScenarioResult, keys: readonly string[], ids: readonly string[]): Markup {
  if (ids.length === 0) return nothing;
  return html`<table class="stack checks"><thead><tr><th scope="col">check</th>${scenario.subjects.map(
    (subject) => html`<th scope="col">${subject.name}</th>`,
  )}<th scope="col">expected</th></tr></thead><tbody>
${ids.map((id) => checkRow(scenario, keys, id))}</tbody></table>`;
}

function checkRow(scenario: ScenarioResult, keys: readonly string[], id: string): Markup {
  const results = scenario.subjects.map((subject) => subject.checks.find((check) => check.id === id));
  const title = results.find((check) => check?.title !== undefined)?.title;
  const known = results.filter((check) => check !== undefined);
  const expectations = new Set(known.map((check) => showValue(check.expected)));
  const anchor = checkAnchor(scenario, id);
  const shared = expectations.size === 1 ? [...expectations][0] : undefined;
  const cells = scenario.subjects.map((subject, index) =>
    checkCell(scenario, subject, results[index], keys[index] ?? '', shared === undefined),
  );
  return html`<tr id="${anchor}" tabindex="-1"><th scope="row">${title ?? id}${title === undefined ? nothing : html` <code>${id}</code>`}${reportedNote(scenario, id)}${linkButton(anchor, `check ${id}`)}</th>${cells}<td data-label="expected">${shared === undefined ? 'see each' : shorten(shared, valueLimit)}</td></tr>
`;
}

function reportedNote(scenario: ScenarioResult, id: string): Content {
  const failing = scenario.subjects.filter((subject) => isReported(scenario, subject, id));
  return failing.map(
    (subject) => html` <small class="reported">reported: ${subject.name} fails this</small>`,
  );
}

function checkCell(
  scenario: ScenarioResult,
  subject: SubjectResult,
  check: CheckResult | undefined,
  key: string,
  withExpected: boolean,
): Markup {
  if (check === undefined) return html`<td data-label="${subject.name}" class="tone-quiet">– not run</td>`;
  const { symbol, words, tone } = verdictOn(scenario, subject, check);
  const expected = withExpected
    ? html` <small>expected ${shorten(showValue(check.expected), valueLimit)}</small>`
    : nothing;
  return html`<td data-label="${subject.name}"><span class="verdict tone-${tone}">${symbol} ${words}</span> <b class="measured">${shorten(showValue(check.measured), valueLimit)}</b>${expected}${evidence(scenario, subject, check, key)}</td>`;
}

function verdictOn(
  scenario: ScenarioResult,
  subject: SubjectResult,
  check: CheckResult,
): { symbol: string; words: string; tone: string } {
  if (check.outcome === 'unknown') return { symbol: '?', words: 'unknown', tone: 'unsure' };
  const symbol = check.outcome === 'pass' ? '✓' : '✕';
  if (isUnexpected(scenario, subject, check)) {
    return { symbol, words: check.outcome === 'fail' ? 'fails' : 'passes, against the report', tone: 'bad' };
  }
  if (check.outcome === 'pass') return { symbol, words: 'passes', tone: 'good' };
  return {
    symbol,
    words: isReported(scenario, subject, check.id) ? 'fails as reported' : 'fails',
    tone: 'asked',
  };
}

function evidence(scenario: ScenarioResult, subject: SubjectResult, check: CheckResult, key: string): Markup {
  if (check.evidence.length === 0) return nothing;
  const anchor = subjectAnchor(scenario, subject.name);
  const links = check.evidence
    .slice(0, mostLinks)
    .map((n) => html` <a href="#${anchor}/${n}" data-j="${key}" data-e="${n}">${n}</a>`);
  const more = check.evidence.length - mostLinks;
  return html`<small class="evidence">evidence${links}${more > 0 ? ` and ${more} more` : ''}</small>`;
}

/** Numbers of the entries that the page links to as evidence of `subject`. */
export function linkedEvidence(subject: SubjectResult): Set<number> {
  return new Set(subject.checks.flatMap((check) => check.evidence.slice(0, mostLinks)));
}
