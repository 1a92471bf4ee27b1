/** The table of connections, with what can be done to one of them. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ConnectionRow, ConnectionsShown } from '../messages.ts';
import { keep, make, part, setText } from './dom.ts';
import { askAndTell } from './server.ts';
import { agoText, bytesText } from './words.ts';

/** What a row shows, and the places where it does: looking them up costs more than all the rest. */
interface ShownRow {
  one: ConnectionRow;
  json: string;
  readonly cells: Readonly<Record<string, Element>>;
  readonly buttons: readonly HTMLButtonElement[];
}

const shownRows = new WeakMap<HTMLElement, ShownRow>();

export function showConnections({ rows, open, fitting }: ConnectionsShown, now: number): void {
  const body = part('connections');
  keep(body, rows, {
    key: ({ id }) => id,
    create: createRow,
    update: (row, one) => updateRow(row, one, now),
  });
  const more = fitting > rows.length ? `, the first ${rows.length} of ${fitting} shown` : '';
  setText(part('connections-count'), `${open} open${more}`);
  part('connections-none').hidden = rows.length > 0;
}

/** Ages go on while nothing is told. */
export function showAges(now: number): void {
  for (const row of part('connections').children) {
    const shown = shownRows.get(row as HTMLElement);
    if (shown && !shown.one.end) updateAges(shown, now);
  }
}

function cell(label: string, ...children: readonly (Node | string)[]): HTMLElement {
  return make(
    'td',
    { 'data-label': label, class: label === 'Connection' ? 'who' : label.toLowerCase() },
    make('span', {}, ...children),
  );
}

function createRow(one: ConnectionRow): HTMLElement {
  const { id, link, number, client } = one;
  const acts: readonly (readonly [word: string, about: string, act: string, how?: string])[] = [
    ['Pause', 'nothing passes', 'pause'],
    ['Release', 'it goes on', 'release'],
    ['Reset', 'RST to both ends', 'end', 'reset'],
    ['Close', 'FIN to both ends', 'end', 'close'],
    ['Forget', 'gone without a word, as by a NAT', 'end', 'forget'],
  ];
  const buttons = acts.map(([word, about, act, how]) => {
    const button = make('button', {
      type: 'button',
      title: about,
      'aria-label': `${word} ${id}`,
      'data-act': how ?? act,
    });
    button.textContent = word;
    button.addEventListener('click', () => {
      const given = { link, connection: number, ...(how && { how }) };
      void askAndTell(act, given, `${word} ${id}: ${about}.`);
    });
    return button;
  });
  const row = make(
    'tr',
    {},
    cell('Connection', make('b', {}, `#${number}`), ` ${link}`, make('small', {}, client)),
    cell('State'),
    cell('Time'),
    cell('Bytes'),
    cell('Faults'),
    make('td', { 'data-label': 'Act' }, make('span', { class: 'acts' }, ...buttons)),
  );
  const cells = Object.fromEntries(
    [...row.querySelectorAll('td > span')].map((span) => [span.parentElement?.className ?? '', span]),
  );
  shownRows.set(row, { one, json: '', cells, buttons });
  return row;
}

function updateRow(row: HTMLElement, one: ConnectionRow, now: number): void {
  const shown = shownRows.get(row);
  const json = JSON.stringify(one);
  if (!shown || shown.json === json) return;
  Object.assign(shown, { one, json });
  const { state, protocol, end, bytesUp, bytesDown, strikes, toxics, paused } = one;
  row.classList.toggle('is-over', end !== undefined);
  row.classList.toggle('is-paused', paused && end === undefined);
  const what = protocol === 'unknown' ? '' : ` · ${protocol}`;
  setCell(shown, 'state', end === undefined ? `${paused ? 'paused' : state}${what}` : `${end}${what}`);
  setCell(shown, 'bytes', `↑\u00a0${bytesText(bytesUp)} ↓\u00a0${bytesText(bytesDown)}`);
  setCell(shown, 'faults', faultsText(strikes, toxics));
  updateAges(shown, now);
  // Of a connection that was forgotten nothing is left to act on.
  const isBeyond = end !== undefined || state === 'forgotten';
  for (const button of shown.buttons) {
    const { act } = button.dataset;
    button.hidden = isBeyond || (act === 'pause' && paused) || (act === 'release' && !paused);
  }
}

function updateAges(shown: ShownRow, now: number): void {
  const { openedAt, lastAt, end } = shown.one;
  const text = end === undefined ? `${agoText(now - openedAt)}, idle\u00a0${agoText(now - lastAt)}` : '';
  setCell(shown, 'time', text);
}

function setCell({ cells }: ShownRow, name: string, text: string): void {
  const span = cells[name];
  if (span) setText(span, text);
}

/** What struck it, and what is in force and has not yet. */
function faultsText(strikes: readonly string[], toxics: readonly string[]): string {
  const struck = strikes.map((text) => `▼ ${text}`);
  const waiting = toxics.filter(
    (name) => !strikes.some((text) => text.replace(/^\(|\)$/g, '').replace(/ ×\d+$/, '') === name),
  );
  return [...struck, ...waiting].join(', ');
}
