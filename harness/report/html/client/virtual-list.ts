/**
 * A table of any length of which only the rows in sight are in the page. All rows are of one height.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { html, type Markup } from '../markup.ts';

export interface VirtualListOptions {
  /** What scrolls. */
  readonly box: HTMLElement;
  /** The cells of a row, and a class for it. */
  readonly render: (index: number) => { readonly tone: string; readonly cells: Markup };
  /** Resolves when rows `first` to `last` can be rendered; undefined if they can. */
  readonly ready: (first: number, last: number) => Promise<unknown> | undefined;
  /** Hears of a row that is chosen by keyboard or pointer. */
  readonly onChoose: (index: number) => void;
}

/** Rows above and below those in sight, so that scrolling by keyboard meets no gap. */
const margin = 8;

export class VirtualList {
  readonly #options: VirtualListOptions;
  readonly #body: HTMLElement;
  readonly #table: HTMLTableElement | null;
  readonly #columns: number;
  #count = 0;
  #rowHeight = 22;
  #chosen = -1;
  #linked = -1;

  constructor(options: VirtualListOptions) {
    this.#options = options;
    const { box } = options;
    this.#table = box.querySelector('table');
    this.#body = box.querySelector('tbody') ?? box;
    this.#columns = box.querySelectorAll('thead th').length;
    this.#table?.classList.add('live');
    box.addEventListener('scroll', () => requestAnimationFrame(() => void this.#draw()));
    box.addEventListener('keydown', (event) => this.#onKey(event));
    box.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-i]') : null;
      if (row) options.onChoose(Number(row.dataset.i));
    });
  }

  get chosen(): number {
    return this.#chosen;
  }

  /** Shows rows 0 to `count`, from the top. */
  async reset(count: number): Promise<void> {
    this.#chosen = -1;
    this.#linked = -1;
    this.#options.box.scrollTop = 0;
    await this.resize(count);
    const height = this.#body.querySelector<HTMLElement>('tr[data-i]')?.offsetHeight || this.#rowHeight;
    if (height === this.#rowHeight) return;
    this.#rowHeight = height;
    await this.#draw();
  }

  /** Shows as many rows, from where the box is. */
  async resize(count: number): Promise<void> {
    this.#count = count;
    this.#table?.setAttribute('aria-rowcount', String(count + 1));
    await this.#draw();
  }

  /** Marks row `index` and brings it to the middle of the box, unless it is in sight already. */
  async choose(index: number): Promise<void> {
    this.#chosen = index;
    const { box } = this.#options;
    const top = index * this.#rowHeight;
    const isInSight = top >= box.scrollTop && top + 3 * this.#rowHeight <= box.scrollTop + box.clientHeight;
    if (!isInSight) box.scrollTop = top - box.clientHeight / 2;
    await this.#draw();
  }

  /** Marks the chosen row as what a link led to. */
  async linkChosen(): Promise<void> {
    this.#linked = this.#chosen;
    await this.#draw();
  }

  /** Puts the focus on the chosen row. */
  focusChosen(): void {
    const row = this.#body.querySelector<HTMLElement>('tr.hit-row');
    (row ?? this.#options.box).focus({ preventScroll: true });
  }

  /** Draws the rows in sight, once they are ready: by then it may be others. */
  async #draw(): Promise<void> {
    const { box, render, ready } = this.#options;
    const inSight = Math.ceil(box.clientHeight / this.#rowHeight);
    const first = Math.max(0, Math.floor(box.scrollTop / this.#rowHeight) - margin);
    const last = Math.min(this.#count, first + inSight + 2 * margin);
    const waiting = first < last ? ready(first, last - 1) : undefined;
    if (waiting) {
      await waiting;
      return this.#draw();
    }
    const hadFocus = this.#body.contains(document.activeElement);
    const rows = Array.from({ length: Math.max(0, last - first) }, (_, place) => {
      const index = first + place;
      const { tone, cells } = render(index);
      const isChosen = index === this.#chosen;
      return html`<tr data-i="${index}" aria-rowindex="${index + 2}" class="${tone}${isChosen ? ' hit-row' : ''}${index === this.#linked ? ' linked' : ''}"${isChosen && html` aria-current="true" tabindex="-1"`}>${cells}</tr>`;
    });
    this.#body.innerHTML = html`${this.#space(first)}${rows}${this.#space(this.#count - last)}`.text;
    if (hadFocus) this.focusChosen();
  }

  #space(rows: number): Markup {
    if (rows <= 0) return html``;
    return html`<tr class="space"><td colspan="${this.#columns}" style="height:${rows * this.#rowHeight}px"></td></tr>`;
  }

  #onKey(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(this.#options.box.clientHeight / this.#rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -this.#count,
      End: this.#count,
    };
    const step = steps[event.key];
    if (step === undefined || this.#count === 0) return;
    event.preventDefault();
    this.#options.onChoose(Math.min(this.#count - 1, Math.max(0, this.#chosen + step)));
  }
}
