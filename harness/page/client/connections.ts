/** The table of connections, with what can be done to one of them. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { ConnectionRow, ConnectionsShown } from '../messages.ts';
import { keep, make, part, setText } from './dom.ts';
import { askAndTell } from './server.ts';
import { agoText, bytesText } from './words.ts';

/** By row, what it shows. */
const shownRows = new WeakMap<HTMLElement, ConnectionRow>();

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
    const one = shownRows.get(row as HTMLElement);
    if (one && !one.end) updateAges(row as HTMLElement, one, now);
  }
}

function cell(label: string, ...children: readonly (Node | string)[]): HTMLElement {
  return make(
    'td',
    { 'data-label': label, class: label === 'Connection' ? 'who' : label.toLowerCase() },
    make('span', {}, ...children),
  );
}

function createRow({ id, link, number, client }: ConnectionRow): HTMLElement {
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
  return make(
    'tr',
    {},
    cell('Connection', make('b', {}, `#${number}`), ` ${link}`, make('small', {}, client)),
    cell('State'),
    cell('Time'),
    cell('Bytes'),
    cell('Faults'),
    make('td', { 'data-label': 'Act' }, make('span', { class: 'acts' }, ...buttons)),
  );
}

function updateRow(row: HTMLElement, one: ConnectionRow, now: number): void {
  shownRows.set(row, one);
  const { state, protocol, end, bytesUp, bytesDown, strikes, toxics, paused } = one;
  row.classList.toggle('is-over', end !== undefined);
  row.classList.toggle('is-paused', paused && end === undefined);
  const what = protocol === 'unknown' ? '' : ` · ${protocol}`;
  setCell(row, 'state', end === undefined ? `${paused ? 'paused' : state}${what}` : `${end}${what}`);
  setCell(row, 'bytes', `↑\u00a0${bytesText(bytesUp)} ↓\u00a0${bytesText(bytesDown)}`);
  setCell(row, 'faults', faultsText(strikes, toxics));
  updateAges(row, one, now);
  // Of a connection that was forgotten nothing is left to act on.
  const isBeyond = end !== undefined || state === 'forgotten';
  for (const button of row.querySelectorAll<HTMLButtonElement>('button')) {
    const { act } = button.dataset;
    button.hidden = isBeyond || (act === 'pause' && paused) || (act === 'release' && !paused);
  }
}

function updateAges(row: HTMLElement, { openedAt, lastAt, end }: ConnectionRow, now: number): void {
  setCell(
    row,
    'time',
    end === undefined ? `${agoText(now - openedAt)}, idle\u00a0${agoText(now - lastAt)}` : '',
  );
}

function setCell(row: HTMLElement, name: string, text: string): void {
  const span = row.querySelector(`td.${name} span`);
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
