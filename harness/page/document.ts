/** The page as HTML: its sections and forms; what is in them comes from the server while it is open (client/). */
import { documentOf } from '../report/html/document.ts';
import { html, type Markup } from '../report/html/markup.ts';
import { themeToggle } from '../report/html/theme.ts';
import { handScript } from './script.ts';
import { handStyles } from './styles.ts';

/** `title` says of what it is the page. */
export function pageDocument(title: string): string {
  return documentOf({
    title: `Shaketable · ${title}`,
    description: 'Play connection faults by hand, and save what was done.',
    body: body(title),
    script: handScript(),
    styles: handStyles,
    asksItsServer: true,
  });
}

function body(title: string): Markup {
  return html`<header class="top">
<h1>Shaketable <small>${title}</small></h1>
<output id="lab" role="status">connecting…</output>
<button type="button" id="lift-all">Lift everything</button>
<button type="button" data-save="scenario">Save as scenario…</button>
<button type="button" data-save="incident" hidden>Save as incident…</button>
${themeToggle()}
</header>
<p id="said" role="status"></p>
<noscript><p>This page needs JavaScript. Without it, the proxy’s HTTP API does the same.</p></noscript>
<main class="js">
<div class="column">
<section id="programs-section" aria-labelledby="programs-title" hidden>
<h2 id="programs-title">Programs</h2>
<ul id="programs"></ul>
</section>
<section id="links-section" aria-labelledby="links-title">
<h2 id="links-title">Links</h2>
<ul id="links"></ul>
<p id="links-more" class="more" hidden></p>
</section>
<section aria-labelledby="play-title">
<h2 id="play-title">Play a fault</h2>
${playForm()}
</section>
</div>
<div class="column">
<section aria-labelledby="connections-title">
<div class="head"><h2 id="connections-title">Connections</h2><output id="connections-count"></output>
<label>Link <select id="filter-link"><option value="">all</option></select></label>
<label class="tick"><input type="checkbox" id="filter-ended" checked> ended too</label></div>
<div class="scroll" id="connections-scroll" tabindex="0" role="group" aria-labelledby="connections-title">
<table class="stack"><thead><tr><th>Connection</th><th>State</th><th>Time</th><th>Bytes</th><th>Faults</th><th>Act</th></tr></thead><tbody id="connections"></tbody></table>
<p id="connections-none" class="none">No connection yet: let a program connect to a link.</p>
</div>
</section>
<section aria-labelledby="events-title">
<div class="head"><h2 id="events-title">What happens</h2>
<label>Find <input type="search" id="events-find" autocomplete="off"></label>
<label class="tick"><input type="checkbox" id="events-follow" checked> follow</label></div>
<ol class="scroll lines" id="events" tabindex="0" aria-labelledby="events-title"></ol>
</section>
</div>
<div class="column" id="logs-column" hidden>
<section aria-labelledby="logs-title">
<div class="head"><h2 id="logs-title">Logs</h2>
<label>Find <input type="search" id="logs-find" autocomplete="off"></label>
<label class="tick"><input type="checkbox" id="logs-follow" checked> follow</label></div>
<ol class="scroll lines" id="logs" tabindex="0" aria-labelledby="logs-title"></ol>
</section>
</div>
</main>
${saveDialog()}
`;
}

function saveDialog(): Markup {
  return html`<dialog id="save" aria-labelledby="save-title"><form method="dialog" id="save-form" autocomplete="off">
<h2 id="save-title">Save</h2>
<p class="hint" id="save-about"></p>
<div class="pair"><label>What it shows <input name="title" maxlength="200" placeholder="Played by hand"></label>
<label>File <input name="file" maxlength="500" placeholder="by-hand/…"></label></div>
<div id="save-command" hidden><label>Program <input name="command" maxlength="10000" placeholder="curl -sS http://{link}/"><small>{link} is the address of a link, by its name</small></label>
<label class="tick"><input type="checkbox" name="ends" checked> it ends by itself, with success</label></div>
<p class="wrong" id="save-wrong" role="alert" hidden></p>
<div id="save-shown"><h3>What was done</h3><ol id="save-deeds" class="plain"></ol>
<h3 id="save-judged-title">How it is judged</h3><ul id="save-judged" class="plain"></ul>
<h3>The file <output id="save-file"></output></h3>
<pre id="save-text" tabindex="0" aria-label="The file"></pre></div>
<p class="saved" id="save-done" role="status"></p>
<p class="buttons"><button type="button" class="main" id="save-write">Save</button> <button type="button" id="save-copy">Copy</button>
<button type="button" id="save-anew">Record anew</button> <button value="close">Close</button></p>
</form></dialog>`;
}

function playForm(): Markup {
  return html`<form id="play" autocomplete="off">
<div class="pair"><label>Link <select name="link" required></select></label>
<label>Direction <select name="stream"><option value="downstream">to the client</option><option value="upstream">to the server</option><option value="both">both</option></select></label></div>
<label>Toxic <select name="type" required></select></label>
<p id="play-summary" class="hint"></p>
<div id="play-attributes" class="fields"></div>
<details id="play-only"><summary>On which connections, and when</summary><div class="fields">
${onlyFields()}
<label>Toxicity <input name="toxicity" type="number" min="0" max="1" step="any" placeholder="1"><small>share of connections, 0 to 1</small></label>
<label>Name <input name="name" maxlength="100" placeholder="type and direction"></label>
</div></details>
<p class="wrong" id="play-wrong" role="alert" hidden></p>
<p class="buttons"><button class="main" id="play-do">Play it</button> <button type="button" id="play-cancel" hidden>Cancel</button></p>
</form>`;
}

/** The keys of `only`, with what they mean in a few words. */
const only: readonly (readonly [
  name: string,
  kind: 'count' | 'list' | 'share',
  label: string,
  hint: string,
])[] = [
  ['nth', 'list', 'The nth', 'as 1, 4: counted from now on'],
  ['first', 'count', 'The first', 'so many new connections'],
  ['every', 'count', 'Every nth', 'of the new connections'],
  ['connections', 'list', 'These', 'by their numbers, open ones too'],
  ['clients', 'list', 'Of clients', 'as 10.0.0.0/8, ::1'],
  ['above', 'count', 'Above', 'so many open ones'],
  ['share', 'share', 'A share', '0 to 1, drawn from the seed'],
  ['strikes', 'count', 'Strikes', 'then it lets everything pass'],
  ['from_bytes', 'count', 'From byte', 'of the connection'],
  ['after_ms', 'count', 'After ms', 'of the connection'],
  ['for_ms', 'count', 'For ms', 'then it is lifted there'],
];

function onlyFields(): Markup {
  return html`${only.map(([name, kind, label, hint]) => {
    const input =
      kind === 'list'
        ? html`<input name="only.${name}" data-kind="list">`
        : html`<input name="only.${name}" data-kind="number" type="number" min="0" step="${kind === 'share' ? 'any' : '1'}">`;
    return html`<label>${label} ${input}<small>${hint}</small></label>\n`;
  })}<label>Times count from <select name="only.since" data-kind="word"><option value="">the connection</option><option value="toxic">the toxic</option></select></label>`;
}
