/**
 * Elements made and changed in place. Text of others is set as text, never as HTML; what did not change is not touched, so that
 * the focus, the selection and what is read aloud stay where they are.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element with attributes; `true` is an empty one, `false` and undefined are none. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes))
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? '' : String(value));
  element.append(...children);
  return element;
}

/** The element of the page with that id. */
export function part<E extends HTMLElement = HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no ${id}`);
  return found as E;
}

export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Makes the children of `box` those of `rows`, in their order: known ones are updated and moved only when they have to. */
export function keep<Row>(
  box: Element,
  rows: readonly Row[],
  {
    key,
    create,
    update,
  }: {
    key: (row: Row) => string;
    create: (row: Row) => HTMLElement;
    update: (element: HTMLElement, row: Row) => void;
  },
): void {
  const known = new Map(
    [...box.children].map((child) => [(child as HTMLElement).dataset.key ?? '', child as HTMLElement]),
  );
  const wanted = new Set(rows.map(key));
  for (const [name, element] of known) if (!wanted.has(name)) element.remove();
  let next = box.firstElementChild;
  for (const row of rows) {
    const name = key(row);
    const element = known.get(name) ?? create(row);
    element.dataset.key = name;
    update(element, row);
    if (next === element) next = next.nextElementSibling;
    else if (next !== null && next.nextElementSibling === element) {
      // What stands between is the one that moved; the others stay where they are.
      const moved = next;
      next = element.nextElementSibling;
      moved.remove();
    } else box.insertBefore(element, next);
  }
}
