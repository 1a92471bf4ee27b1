/** summary.md as its readers take it: parsed as GitHub's Markdown, every cell has what it is meant to have, and nothing else is there. */
import { marked, type Token, type Tokens } from 'marked';
import { expect, it } from 'vitest';
import { changeReport } from '../../../harness/report/history/change-report.ts';
import type { ChangeReport } from '../../../harness/report/history/change-section.ts';
import { compareRuns } from '../../../harness/report/history/compare-runs.ts';
import { toPastRun } from '../../../harness/report/history/past-run.ts';
import type { RunResult } from '../../../harness/report/run-result.ts';
import { toSummaryMarkdown } from '../../../harness/report/summary.ts';
import { oneLine } from '../../../harness/report/text.ts';
import { check, fixtureRun, runOf, scenario, subject } from './fixture-run.ts';

const hostileTexts = [
  'a | b || c',
  'line\nbreak | here\r\n| x | y |',
  '<img src=x onerror=alert(1)> <b>bold</b> <!-- gone --> &lt; &amp;',
  '`code` ``two`` ``` | ` |',
  '\\| \\\\| \\` \\<b>',
  '[link](https://example.invalid) ![image](x) https://example.invalid/a www.example.invalid <https://a.invalid>',
  '**bold** _it_ ~~gone~~ # heading @everyone #1 $x$',
  '- item',
  '+ item',
  '1. item',
  '2) item',
  '---',
  '- - -',
  '===',
  '> quote',
  '    indented\n\n# heading\n\n```sh\nrm -rf\n```',
  '| --- | --- |',
  '[x]: https://example.invalid',
];

/** Everything that a subject or a scenario can name, named `text`. */
function runThatSays(text: string): RunResult {
  const failing = (name: string) => subject(name, [check('quiet', 'fail', { measured: text, title: text })]);
  return runOf(
    [
      scenario('a/b', {
        title: text,
        requirements: [text],
        asExpected: false,
        replay: text,
        subjects: [failing('naive'), failing('hardened'), failing(text)],
      }),
      scenario('a/c', { asExpected: false, inconclusive: [text], requirements: [text] }),
    ],
    {
      claims: [
        {
          id: 'c',
          figure: text,
          requirement: text,
          reportedBefore: text,
          reportedAfter: text,
          naive: null,
          hardened: 1,
          unit: '',
          holds: null,
        },
      ],
      versions: { ...runOf([]).versions, database: text },
    },
  );
}

const tablesOf = (markdown: string): Tokens.Table[] =>
  marked.lexer(markdown).filter((token): token is Tokens.Table => token.type === 'table');

/** The text that a reader sees. */
function textOf(tokens: readonly Token[]): string {
  const text = tokens.map((token) =>
    'tokens' in token && token.tokens ? textOf(token.tokens) : literal(token),
  );
  return text.join('');
}

function literal(token: Token): string {
  const text = 'text' in token ? String(token.text) : token.raw;
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#124;', '|')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}

/** What the text is made of, nested as it is, without the text itself. */
function shapeOf(tokens: readonly Token[]): unknown[] {
  return tokens.flatMap((token) => {
    const parts = shapeOf(partsOf(token));
    return silent.has(token.type) ? parts : [[token.type, ...parts]];
  });
}

/** Kinds that are text. */
const silent = new Set(['text', 'escape', 'space']);

function partsOf(token: Token): Token[] {
  if (token.type === 'list') return (token as Tokens.List).items;
  if (token.type !== 'table') return 'tokens' in token ? (token.tokens ?? []) : [];
  const { header, rows } = token as Tokens.Table;
  return [...header, ...rows.flat()].flatMap((cell) => cell.tokens);
}

/** What changed, with `text` wherever a name may stand. */
function changesFor(text: string): ChangeReport {
  const before = toPastRun(runOf([scenario('a/b'), scenario(text)]));
  const changes = compareRuns(
    { ...before, id: text, versions: { [text]: text } },
    toPastRun(runThatSays(text)),
  );
  return changeReport(changes, [{ id: text, notAsExpected: 1, runs: 2 }]);
}

/** How a report shows `text`: on one line, without the blanks before it, which Markdown drops. */
const asShown = (text: string): string => oneLine(text).trim();

it('gives each table of a run the cells that are meant', () => {
  const [scenarios, claims] = tablesOf(toSummaryMarkdown(fixtureRun().run));

  expect(scenarios?.header.map(({ tokens }) => textOf(tokens))).toEqual([
    'scenario',
    'outcome',
    'naive',
    'hardened',
    'checks',
    'requirements',
  ]);
  expect(scenarios?.rows.map((cells) => cells.map(({ tokens }) => textOf(tokens)))).toContainEqual([
    'unreachable/refused',
    '✓ as expected',
    'fails handshakes',
    'passes',
    '1',
    'R2.1 R2.10',
  ]);
  expect(claims?.header).toHaveLength(7);
  expect(claims?.rows).toHaveLength(4);
});

it.each(hostileTexts)('keeps %j in its cells, as text', (text) => {
  const markdown = toSummaryMarkdown(runThatSays(text));
  const [scenarios, claims, ...others] = tablesOf(markdown);
  const [first] = claims?.rows ?? [];

  expect(others).toEqual([]);
  expect(scenarios?.header).toHaveLength(7);
  expect(scenarios?.rows.map((cells) => cells.length)).toEqual([7, 7]);
  expect(textOf(scenarios?.rows[0]?.[6]?.tokens ?? [])).toBe(asShown(text));
  expect(first?.map(({ tokens }) => textOf(tokens))).toEqual([
    asShown(text),
    asShown(text),
    asShown(text),
    '–',
    '1',
    'not measured',
    asShown(text),
  ]);
});

it.each(hostileTexts)('makes of %j no markup anywhere', (text) => {
  const run = runThatSays(text);
  const before = {
    ...toPastRun(runOf([scenario('a/b'), scenario(text)])),
    id: text,
    versions: { [text]: text },
  };
  const changes = changeReport(compareRuns(before, toPastRun(run)), [
    { id: text, notAsExpected: 1, runs: 2 },
  ]);
  const tokens = marked.lexer(toSummaryMarkdown(run, changes));

  expect(shapeOf(tokens)).toEqual(
    shapeOf(marked.lexer(toSummaryMarkdown(runThatSays('x'), changesFor('x')))),
  );
});
