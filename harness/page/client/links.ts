/** The links, each with the toxics in force on it. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { LinkRow, LinksShown, ToxicRow } from '../messages.ts';
import { keep, make, part, setText } from './dom.ts';
import { kindOf, unitsOf } from './kinds.ts';
import { askAndTell } from './server.ts';
import { valuesText } from './words.ts';

/** Is told which toxic is to be changed. */
type OnChange = (link: string, toxic: ToxicRow) => void;

export function showLinks({ rows, all }: LinksShown, onChange: OnChange): void {
  keep(part('links'), rows, {
    key: ({ name }) => name,
    create: ({ name }) => createLink(name),
    update: (card, row) => updateLink(card, row, onChange),
  });
  const more = part('links-more');
  more.hidden = all === rows.length && all > 0;
  setText(more, all === 0 ? 'No link yet.' : `${all - rows.length} more links are not shown.`);
}

function createLink(name: string): HTMLElement {
  const toggle = make('button', { type: 'button', class: 'link-switch' });
  toggle.addEventListener('click', () => {
    const enabled = toggle.dataset.on !== 'true';
    void askAndTell('switch-link', { link: name, enabled }, `${name} is ${enabled ? 'up' : 'down'}.`);
  });
  return make(
    'li',
    { class: 'link-card' },
    make(
      'div',
      { class: 'link-line' },
      make('span', { class: 'link-name' }, name),
      make('span', { class: 'link-open' }),
      toggle,
    ),
    make('div', { class: 'link-way' }),
    make('ul', { class: 'toxics' }),
  );
}

function updateLink(card: HTMLElement, link: LinkRow, onChange: OnChange): void {
  const { name, listen, upstream, enabled, open, toxics } = link;
  card.classList.toggle('off', !enabled);
  const within = (selector: string): HTMLElement => card.querySelector<HTMLElement>(selector) ?? card;
  setText(within('.link-open'), `${open} open${enabled ? '' : ', down'}`);
  setText(within('.link-way'), `${listen} → ${upstream}`);
  const toggle = within('.link-switch');
  toggle.dataset.on = String(enabled);
  setText(toggle, enabled ? 'Take down' : 'Bring up');
  toggle.setAttribute('aria-label', `${enabled ? 'Take down' : 'Bring up'} ${name}`);
  keep(within('.toxics'), toxics, {
    key: (toxic) => toxic.name,
    create: () => createToxic(),
    update: (row, toxic) => updateToxic(row, name, toxic, onChange),
  });
}

function createToxic(): HTMLElement {
  return make(
    'li',
    { class: 'toxic' },
    make('b'),
    make('span', { class: 'values' }),
    make('span', { class: 'strikes' }),
    make('button', { type: 'button', class: 'change' }, 'Change'),
    make('button', { type: 'button', class: 'lift' }, 'Lift'),
  );
}

function updateToxic(row: HTMLElement, link: string, toxic: ToxicRow, onChange: OnChange): void {
  const within = (selector: string): HTMLElement => row.querySelector<HTMLElement>(selector) ?? row;
  setText(within('b'), toxic.name);
  setText(within('.values'), describeToxic(toxic));
  setText(within('.strikes'), toxic.strikes === 1 ? '1 strike' : `${toxic.strikes} strikes`);
  const change = within('.change');
  change.setAttribute('aria-label', `Change ${toxic.name} on ${link}`);
  change.onclick = () => onChange(link, toxic);
  const lift = within('.lift');
  lift.setAttribute('aria-label', `Lift ${toxic.name} on ${link}`);
  lift.onclick = () =>
    void askAndTell('remove-toxic', { link, name: toxic.name }, `${toxic.name} is lifted from ${link}.`);
}

/** What it does and to whom: what is as it would be anyway is left out. */
function describeToxic({ name, type, stream, attributes, toxicity, only = {} }: ToxicRow): string {
  const given = Object.fromEntries(
    Object.entries(attributes).filter(([key, value]) => {
      const field = kindOf(type)?.attributes.find((one) => one.name === key);
      return JSON.stringify(field?.initial) !== JSON.stringify(value);
    }),
  );
  const direction = { downstream: 'to the client', upstream: 'to the server', both: 'both ways' }[stream];
  return [
    name.startsWith(type) ? '' : type,
    direction,
    valuesText(given, unitsOf(type)),
    toxicity === 1 ? '' : `toxicity ${toxicity}`,
    Object.keys(only).length === 0 ? '' : `only ${valuesText(only, new Map())}`,
  ]
    .filter((text) => text !== '')
    .join(' · ');
}
