/**
 * The top of the page: the verdict, how to get it again, and a map of all scenarios.
 */
import type { RunResult, ScenarioResult } from '../run-result.ts';
import {
  byFieldReport,
  byUrgency,
  countOutcomes,
  headline,
  outcomeWords,
  reasons,
  scenarioOutcome,
  subjectSentence,
} from '../scenario-outcome.ts';
import { shorten, showDuration, showNumber } from '../text.ts';
import { anchorOf } from './anchors.ts';
import { html, type Markup, nothing } from './markup.ts';
import { prose } from './prose.ts';
import { command } from './scenario-section.ts';
import { themeToggle } from './theme.ts';

/** Scenarios named at the top before the page is left to say the rest. */
const mostUrgent = 12;

export function masthead(run: RunResult): Markup {
  const { symbol, word } = outcomeWords[run.outcome];
  return html`<header class="masthead is-${run.outcome}">
<p class="brand">Shaketable <span>${run.id}</span>${themeToggle()}</p>
<h1><span class="seal" aria-hidden="true">${symbol}</span> ${capital(word)}</h1>
<p class="headline">${headline(run)}.</p>
${subject(run)}
${urgent(run)}
${map(run)}
<dl class="figures">${figures(run).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<h2 class="minor">Play it again</h2>
${command(runReplay(run))}
<p class="versions">${Object.entries(run.versions).map(([name, version]) => html`<span>${name} <b>${version}</b></span> `)}</p>
</header>`;
}

/** Which program of the user's own was judged. */
function subject(run: RunResult): Markup {
  const sentence = subjectSentence(run);
  return sentence === undefined ? nothing : html`<p class="headline">${prose(sentence)}</p>`;
}

/** A run of so few scenarios was asked for by name. */
const fewScenarios = 6;

/** The command that plays the whole run again. */
function runReplay(run: RunResult): string {
  const named = run.scenarios.length <= fewScenarios ? run.scenarios.map(({ id }) => id) : [];
  const pace = run.pace === 1 ? ['--pace', 'real'] : [];
  const { file = '' } = run.subject ?? {};
  const subject = file === '' ? [] : ['--subject', file];
  return ['npm run lab --', ...named, ...subject, '--world', run.world, '--seed', run.seed, ...pace].join(
    ' ',
  );
}

function figures(run: RunResult): [string, string][] {
  const counts = countOutcomes(run);
  const checks = run.scenarios.flatMap((scenario) => scenario.subjects.flatMap((subject) => subject.checks));
  const strikes = run.scenarios
    .flatMap((scenario) => scenario.faults)
    .reduce((sum, fault) => sum + fault.strikes, 0);
  return [
    ['as expected', `${counts.expected} of ${run.scenarios.length}`],
    ['not as expected', String(counts.unexpected)],
    ['inconclusive', String(counts.inconclusive)],
    ['checks run', showNumber(checks.length)],
    ['fault strikes', showNumber(strikes)],
    ['seed', String(run.seed)],
    ['world', run.world],
    ['pace', run.pace === 1 ? 'real time' : `${run.pace} × real time`],
    ['started', run.startedAt.replace('T', ' ').replace(/:\d\d(\.\d+)?Z$/, ' UTC')],
    ['took', showDuration(run.durationMs)],
  ];
}

function urgent(run: RunResult): Markup {
  const found = byUrgency(run.scenarios).filter((scenario) => scenarioOutcome(scenario) !== 'expected');
  if (found.length === 0) return nothing;
  const more = found.length - mostUrgent;
  return html`<ul class="urgent">${found.slice(0, mostUrgent).map((scenario) => {
    const outcome = scenarioOutcome(scenario);
    return html`<li class="is-${outcome}"><a href="#${anchorOf(scenario)}">${outcomeWords[outcome].symbol} ${scenario.id}</a> <span>${prose(shorten(reasons(scenario)[0] ?? '', 240))}</span></li>`;
  })}${more > 0 ? html`<li>and ${more} more below</li>` : ''}</ul>`;
}

/** A cell for each scenario, so that the whole run is seen at a glance. */
function map(run: RunResult): Markup {
  return html`<nav class="map" aria-label="All scenarios">${[...byFieldReport(run)].map(
    ([name, scenarios]) =>
      html`<div><span class="map-name">${name}</span><span class="cells">${scenarios.map(cell)}</span></div>`,
  )}</nav>`;
}

function cell(scenario: ScenarioResult): Markup {
  const outcome = scenarioOutcome(scenario);
  const { symbol, word } = outcomeWords[outcome];
  return html`<a class="cell is-${outcome}" href="#${anchorOf(scenario)}" title="${scenario.id}: ${word}" aria-label="${scenario.id}: ${word}">${symbol}</a>`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
