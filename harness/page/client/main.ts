/**
 * The page to play faults by hand: shows what the server tells, and has it do what is asked for.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { LinkRow, ToxicKind, Update } from '../messages.ts';
import { showAges, showConnections } from './connections.ts';
import { make, part } from './dom.ts';
import { takeKinds } from './kinds.ts';
import { LineList } from './line-list.ts';
import { showLinks } from './links.ts';
import { changeToxic, offerLinks, startPlay } from './play.ts';
import { showPrograms } from './programs.ts';
import { showRecording, startSave } from './save.ts';
import { askAndTell, getJson, LiveStream, tellUser } from './server.ts';

/** How far the server's clock is ahead of the browser's, ms. */
let aheadMs = 0;

function startPage(): void {
  const [events, logs] = [new LineList('events'), new LineList('logs')];
  const stream = new LiveStream((update, isFirst) => {
    if (isFirst) for (const list of [events, logs]) list.clear();
    show(update, events, logs);
  });
  const filter = (): void => {
    const query = new URLSearchParams({
      link: part<HTMLSelectElement>('filter-link').value,
      ended: part<HTMLInputElement>('filter-ended').checked ? 'yes' : 'no',
    });
    stream.follow(`?${query}`);
  };
  for (const id of ['filter-link', 'filter-ended']) part(id).addEventListener('change', filter);
  part('lift-all').addEventListener('click', () => {
    void askAndTell('lift-all', {}, 'Every toxic is lifted, and every link is up.');
  });
  setInterval(() => showAges(Date.now() + aheadMs), 1_000);
  filter();
}

function show(update: Update, events: LineList, logs: LineList): void {
  aheadMs = update.now - Date.now();
  const { links, connections, lines, leftOut, programs, recording } = update;
  if (programs) showPrograms(programs);
  if (recording) showRecording(recording);
  if (links) {
    showLinks(links, changeToxic);
    offerLinks(links.rows);
    offerFilter(links.rows);
  }
  if (connections) showConnections(connections, update.now);
  if (lines) {
    events.add(
      lines.filter(({ log }) => !log),
      leftOut,
    );
    const records = lines.filter(({ log }) => log);
    logs.add(records);
    if (records.length > 0) showLogs();
  }
}

/** Where there are logs, they have a column. */
function showLogs(): void {
  part('logs-column').hidden = false;
  for (const button of document.querySelectorAll<HTMLElement>('[data-save=incident]')) button.hidden = false;
  document.querySelector('main')?.classList.add('with-logs');
}

function offerFilter(links: readonly LinkRow[]): void {
  const select = part<HTMLSelectElement>('filter-link');
  const names = links.map(({ name }) => name);
  if (JSON.stringify(names) === JSON.stringify([...select.options].slice(1).map(({ value }) => value)))
    return;
  const chosen = select.value;
  select.replaceChildren(
    make('option', { value: '' }, 'all'),
    ...names.map((name) => make('option', { value: name }, name)),
  );
  select.value = names.includes(chosen) ? chosen : '';
}

async function begin(): Promise<void> {
  try {
    takeKinds(await getJson<ToxicKind[]>('/catalogue'));
  } catch (error) {
    return tellUser(
      `The page could not start: ${error instanceof Error ? error.message : String(error)}`,
      true,
    );
  }
  startPlay();
  startSave();
  startPage();
}

void begin();
