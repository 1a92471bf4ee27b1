/** The top of a benchmark's page: what came of it, where it was measured, and how to measure it again. */

import { html, type Markup, nothing } from '../../../report/html/markup.ts';
import { prose } from '../../../report/html/prose.ts';
import { command } from '../../../report/html/scenario-section.ts';
import { themeToggle } from '../../../report/html/theme.ts';
import { outcomeWords } from '../../../report/scenario-outcome.ts';
import { count, shorten, showDuration } from '../../../report/text.ts';
import type { BenchResult } from '../../bench-result.ts';
import { outcomeMeanings } from '../figures.ts';
import { anchorOf, problemsOf } from './problems.ts';

/** Problems named at the top before the page is left to say the rest. */
const mostProblems = 12;

export function masthead(bench: BenchResult): Markup {
  const { symbol, word } = outcomeWords[bench.outcome];
  return html`<header class="masthead is-${bench.outcome}">
<p class="brand">Shaketable bench <span>${bench.id}</span>${themeToggle()}</p>
<h1><span class="seal" aria-hidden="true">${symbol}</span> ${capital(word)}</h1>
<p class="headline">${capital(headline(bench))}.</p>
${bench.quick ? html`<p class="why is-inconclusive">A quick look: whether it works. Not figures to keep.</p>` : nothing}
${problems(bench)}
<dl class="figures">${facts(bench).map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
<nav class="jump" aria-label="Workloads"><ul>${bench.workloads.map(({ name, title }) => html`<li><a href="#${anchorOf(name)}">${name}</a> <small>${title}</small></li>`)}</ul></nav>
<h2 class="minor">Measure it again</h2>
${bench.workloads.map(({ replay }) => command(replay))}
<p class="versions">${Object.entries(bench.versions).map(([name, version]) => html`<span>${name} <b>${version}</b></span> `)}</p>
</header>`;
}

/** What the outcome means, in a sentence without its full stop. */
export function headline({ outcome, workloads }: BenchResult): string {
  const rows = workloads.flatMap((workload) => workload.rows);
  const measured = rows.filter(({ status }) => status === 'measured').length;
  return `${outcomeMeanings[outcome]}; ${measured} of ${count(rows.length, 'row')} measured`;
}

function facts({ seed, startedAt, durationMs, machine, workloads, server }: BenchResult): [string, string][] {
  return [
    ...(server === undefined ? [] : ([['server', server]] as [string, string][])),
    ['seed', String(seed)],
    ['rounds', workloads.map(({ name, rounds }) => `${name} ${rounds}`).join(', ')],
    ['started', startedAt.replace('T', ' ').replace(/:\d\d(\.\d+)?Z$/, ' UTC')],
    ['took', showDuration(durationMs)],
    ['processor', `${machine.cores} × ${machine.processor}`],
    ['memory', `${Math.round(machine.memoryBytes / 2 ** 30)} GiB`],
    ['platform', machine.platform],
  ];
}

function problems(bench: BenchResult): Markup {
  const found = problemsOf(bench);
  if (found.length === 0) return nothing;
  const more = found.length - mostProblems;
  return html`<ul class="urgent">${found.slice(0, mostProblems).map(({ tone, anchor, name, text }) => html`<li class="is-${tone}"><a href="#${anchor}">${outcomeWords[tone].symbol} ${name}</a> <span>${prose(shorten(text, 240))}</span></li>`)}${more > 0 ? html`<li>and ${more} more below</li>` : ''}</ul>`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
