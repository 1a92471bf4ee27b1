/** A list of lines that grows at its end: what happens, or the logs. It keeps the latest and follows them. */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import type { Line } from '../messages.ts';
import { make, part } from './dom.ts';
import { timeText } from './words.ts';

/** Lines that are kept in the page. */
const mostKept = 400;

export class LineList {
  readonly #list: HTMLElement;
  readonly #find: HTMLInputElement;
  readonly #follow: HTMLInputElement;

  /** `name` is the id of the list; `name-find` and `name-follow` are its controls. */
  constructor(name: string) {
    this.#list = part(name);
    this.#find = part<HTMLInputElement>(`${name}-find`);
    this.#follow = part<HTMLInputElement>(`${name}-follow`);
    this.#find.addEventListener('input', () => {
      for (const line of this.#list.children) this.#sift(line as HTMLElement);
      this.#toEnd();
    });
    this.#follow.addEventListener('change', () => this.#toEnd());
  }

  clear(): void {
    this.#list.replaceChildren();
  }

  add(lines: readonly Line[], leftOut = 0): void {
    if (leftOut > 0)
      this.#list.append(
        make(
          'li',
          { class: 'lv-quiet' },
          make('time'),
          make('span', {}, `${leftOut} more were left out: too fast to read`),
        ),
      );
    const created = document.createDocumentFragment();
    created.append(...lines.slice(-mostKept).map((line) => this.#create(line)));
    this.#list.append(created);
    const over = this.#list.childElementCount - mostKept;
    for (let left = over; left > 0; left -= 1) this.#list.firstElementChild?.remove();
    this.#toEnd();
  }

  #create({ at, source, kind, level, log, text }: Line): HTMLElement {
    const tone =
      kind === 'fault.strike'
        ? 'lv-strike'
        : level === 'warn'
          ? 'lv-warn'
          : level === 'error' || level === 'fatal'
            ? 'lv-error'
            : level === 'debug' || level === 'trace'
              ? 'lv-quiet'
              : '';
    const shown = log ? `${source} ${text}` : text === '' ? kind : text;
    const line = make(
      'li',
      { class: tone, title: kind },
      make('time', {}, timeText(at)),
      make('span', {}, shown),
    );
    this.#sift(line);
    return line;
  }

  #sift(line: HTMLElement): void {
    const wanted = this.#find.value.trim().toLowerCase();
    line.hidden = wanted !== '' && !(line.textContent ?? '').toLowerCase().includes(wanted);
  }

  #toEnd(): void {
    if (this.#follow.checked) this.#list.scrollTop = this.#list.scrollHeight;
  }
}
