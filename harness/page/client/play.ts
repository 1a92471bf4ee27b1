/** The form that plays a fault: made from what the kinds of toxics say about their attributes. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { AttributeField, LinkRow, ToxicRow } from '../messages.ts';
import { make, part, setText } from './dom.ts';
import { allKinds, kindOf } from './kinds.ts';
import { ask, tellUser } from './server.ts';

type Field = HTMLInputElement | HTMLSelectElement;

/** The toxic that the form changes; undefined while it plays a new one. */
let changing: { readonly link: string; readonly name: string } | undefined;

const playForm = (): HTMLFormElement => part<HTMLFormElement>('play');
const field = (name: string): Field => playForm().elements.namedItem(name) as Field;

/** Begins to work; the kinds have to be there. */
export function startPlay(): void {
  const select = field('type');
  for (const [group, kinds] of Map.groupBy(allKinds(), (kind) => kind.group)) {
    const options = kinds.map(({ type, summary }) => make('option', { value: type, title: summary }, type));
    select.append(make('optgroup', { label: group }, ...options));
  }
  select.value = 'latency';
  select.addEventListener('change', () => showType(select.value));
  showType(select.value);
  playForm().addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  part('play-cancel').addEventListener('click', () => stopChange());
}

/** The links that a fault can be played on. */
export function offerLinks(links: readonly LinkRow[]): void {
  const select = field('link') as HTMLSelectElement;
  const names = links.map(({ name }) => name);
  const known = [...select.options].map(({ value }) => value);
  if (JSON.stringify(names) === JSON.stringify(known)) return;
  const chosen = select.value;
  select.replaceChildren(...names.map((name) => make('option', { value: name }, name)));
  if (names.includes(chosen)) select.value = chosen;
}

/** Takes a toxic that is in force into the form. */
export function changeToxic(link: string, toxic: ToxicRow): void {
  changing = { link, name: toxic.name };
  field('link').value = link;
  field('type').value = toxic.type;
  field('stream').value = toxic.stream;
  showType(toxic.type);
  for (const [name, value] of Object.entries(toxic.attributes)) setField(field(`attribute.${name}`), value);
  field('toxicity').value = String(toxic.toxicity);
  for (const input of onlyInputs())
    setField(input, (toxic.only as Record<string, unknown>)?.[keyIn(input)] ?? '');
  (part('play-only') as HTMLDetailsElement).open = toxic.toxicity !== 1 || toxic.only !== undefined;
  for (const name of ['link', 'type', 'stream', 'name']) field(name).disabled = true;
  setText(part('play-title'), `Change ${toxic.name}`);
  setText(part('play-do'), 'Change it');
  part('play-cancel').hidden = false;
  showWrong('');
  playForm().querySelector<HTMLElement>('#play-attributes input, #play-attributes select')?.focus();
}

function stopChange(): void {
  changing = undefined;
  for (const name of ['link', 'type', 'stream', 'name']) field(name).disabled = false;
  for (const input of onlyInputs()) input.value = '';
  field('toxicity').value = '';
  setText(part('play-title'), 'Play a fault');
  setText(part('play-do'), 'Play it');
  part('play-cancel').hidden = true;
  showType(field('type').value);
  showWrong('');
}

function showType(type: string): void {
  const kind = kindOf(type);
  setText(part('play-summary'), kind?.summary ?? '');
  part('play-attributes').replaceChildren(...(kind?.attributes ?? []).map(attributeField));
}

function attributeField(attribute: AttributeField): HTMLElement {
  const { name, unit, range, form } = attribute;
  const label = unit ? `${name} (${unit})` : name;
  if (form.kind === 'flag') {
    const box = make('input', { type: 'checkbox', name: `attribute.${name}`, 'data-kind': 'flag' });
    return make('label', { class: 'tick' }, box, ` ${label}`);
  }
  const hint = form.kind === 'choice' ? '' : range;
  const words = make('label', {}, `${label} `, inputFor(attribute));
  if (hint !== '') words.append(make('small', {}, hint));
  return words;
}

function inputFor({ name, initial, form }: AttributeField): HTMLElement {
  const base = { name: `attribute.${name}` };
  switch (form.kind) {
    case 'choice': {
      const options = form.words.map((word) =>
        make('option', { value: word, selected: word === initial }, word),
      );
      return make('select', { ...base, 'data-kind': 'word' }, ...options);
    }
    case 'integer':
      return make('input', {
        ...base,
        'data-kind': 'number',
        type: 'number',
        step: 1,
        min: form.min,
        max: form.max,
        value: String(initial),
      });
    case 'decimal':
      return make('input', {
        ...base,
        'data-kind': 'number',
        type: 'number',
        step: 'any',
        min: form.min,
        max: form.max,
        value: String(initial),
      });
    case 'text':
      return make('input', { ...base, 'data-kind': 'text', maxlength: form.max, value: String(initial) });
    default:
      return make('input', { ...base, 'data-kind': 'list', placeholder: '10, 20, 30' });
  }
}

function setField(input: Field | null, value: unknown): void {
  if (input instanceof HTMLInputElement && input.type === 'checkbox') input.checked = value === true;
  else if (input) input.value = Array.isArray(value) ? value.join(', ') : String(value);
}

/** What stands in a field; undefined where nothing does. */
function valueIn(input: Field): unknown {
  const { kind } = input.dataset;
  if (kind === 'flag') return (input as HTMLInputElement).checked;
  if (input.value.trim() === '') return kind === 'text' ? input.value : undefined;
  if (kind === 'number') return Number(input.value);
  if (kind !== 'list') return input.value;
  const items = input.value.split(/[\s,]+/).filter((item) => item !== '');
  return items.every((item) => /^\d{1,15}$/.test(item)) ? items.map(Number) : items;
}

const onlyInputs = (): Field[] => [...playForm().querySelectorAll<Field>('[name^="only."]')];
const keyIn = (input: Field): string => input.name.slice(input.name.indexOf('.') + 1);

function valuesIn(inputs: Iterable<Field>): Record<string, unknown> {
  return Object.fromEntries(
    [...inputs].map((input) => [keyIn(input), valueIn(input)]).filter(([, value]) => value !== undefined),
  );
}

async function submit(): Promise<void> {
  const attributes = valuesIn(playForm().querySelectorAll<Field>('[name^="attribute."]'));
  const only = valuesIn(onlyInputs());
  const toxicity = field('toxicity').value.trim() === '' ? 1 : Number(field('toxicity').value);
  if (changing) {
    const { link, name } = changing;
    const answer = await ask('change-toxic', { link, name, change: { attributes, toxicity, only } });
    if ('wrong' in answer) return showWrong(answer.wrong);
    tellUser(`${name} on ${link} is changed.`);
    return stopChange();
  }
  const [link, type, stream, name] = ['link', 'type', 'stream', 'name'].map((one) => field(one).value);
  const toxic = {
    type,
    stream,
    attributes,
    toxicity,
    ...(name && { name }),
    ...(Object.keys(only).length > 0 && { only }),
  };
  const answer = await ask<{ readonly name: string }>('add-toxic', { link, toxic });
  if ('wrong' in answer) return showWrong(answer.wrong);
  showWrong('');
  field('name').value = '';
  tellUser(`${answer.value.name} is in force on ${link}.`);
}

function showWrong(text: string): void {
  const wrong = part('play-wrong');
  wrong.hidden = text === '';
  setText(wrong, text);
}
