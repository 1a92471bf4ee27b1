/**
 * The time axis of a scenario: which part of the time it shows, what on it is pointed at, and what that has to do with
 * which fault. One view holds for all subjects.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { drawAxis, type Panel } from '../draw-axis.ts';
import type { LaneColumns } from '../lane-columns.ts';
import { position, timeText, type View } from '../time-scale.ts';
import { EntryPane } from './entry-pane.ts';
import { PageJournal } from './journal.ts';
import { type Relations, relationsOf } from './relations.ts';

/** Lab milliseconds that fill the axis at the closest look. */
const closest = 20;

/** Bars, and marks, in one lane: more would not be told apart. */
const drawnLimit = 160;

/** Entries that the line below the axis lists by number. */
const mostTold = 12;

interface Pointed {
  readonly key: string;
  readonly numbers: readonly number[];
  readonly t: number;
}

export class Timeline {
  readonly root: HTMLElement;
  readonly svg: SVGSVGElement;
  readonly end: number;
  readonly panes: readonly EntryPane[];
  readonly #journals: ReadonlyMap<string, PageJournal>;
  readonly #probe: HTMLElement | null;
  readonly #link: HTMLButtonElement | null;
  #panels: readonly Panel[] | undefined;
  #view: View;
  #pointed: Pointed | undefined;
  #relations: Relations = { strikes: [], struck: [] };
  #frame = 0;

  constructor(root: HTMLElement, svg: SVGSVGElement) {
    this.root = root;
    this.svg = svg;
    this.end = Number(root.dataset.end);
    this.#view = { from: 0, to: this.end };
    this.#probe = root.querySelector('.probe');
    this.#link = root.querySelector<HTMLButtonElement>('.pointed .link');
    svg.setAttribute('role', 'application');
    const lists = root.parentElement?.querySelectorAll<HTMLDetailsElement>('details.entries') ?? [];
    this.panes = [...lists].map((details) => {
      const key = details.dataset.j ?? '';
      return new EntryPane(details, new PageJournal(key), (n, t) => this.point(key, [n], t));
    });
    this.#journals = new Map(this.panes.map((pane) => [pane.key, pane.journal]));
    this.#tellView();
  }

  get view(): View {
    return this.#view;
  }

  get isWhole(): boolean {
    return this.#view.from === 0 && this.#view.to === this.end;
  }

  /** Unpacks what drawing needs; it takes a moment for a long journal. */
  async load(): Promise<void> {
    this.#panels ??= await Promise.all(
      this.panes.map(async ({ key, details }): Promise<Panel> => {
        const { lanes } = await this.#journal(key).axis();
        const remark = lanes.length === 0 ? 'nothing was recorded' : '';
        return { name: details.dataset.subject ?? '', remark, key, lanes };
      }),
    );
  }

  /** Shows lab time `from` to `to`, or as much of that as there is. */
  async show(from: number, to: number): Promise<void> {
    const span = Math.min(this.end, Math.max(closest, to - from));
    const middle = (from + to) / 2;
    const start = Math.min(this.end - span, Math.max(0, middle - span / 2));
    this.#view = { from: start, to: start + span };
    this.#tellView();
    await this.load();
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.draw());
  }

  /** Makes the time shown `factor` times as long, around lab time `t`. */
  zoom(factor: number, t: number = (this.#view.from + this.#view.to) / 2): Promise<void> {
    const { from, to } = this.#view;
    const span = Math.min(this.end, Math.max(closest, (to - from) * factor));
    const start = t - ((t - from) / (to - from)) * span;
    return this.show(start, start + span);
  }

  /** Moves by `share` of what is shown. */
  pan(share: number): Promise<void> {
    const { from, to } = this.#view;
    const by = share * (to - from);
    const bounded = Math.min(this.end - to, Math.max(-from, by));
    return this.show(from + bounded, to + bounded);
  }

  showAll(): Promise<void> {
    return this.show(0, this.end);
  }

  /** Draws what is in view, now. */
  draw(): void {
    if (this.#panels === undefined) return;
    this.svg.innerHTML = drawAxis(this.#panels, { view: this.#view, limit: drawnLimit }).text;
    this.#markPointed();
    this.#markRelations();
  }

  /** Points at what stands for the entries `numbers` of a journal, at lab time `t`. */
  async point(key: string, numbers: readonly number[], t: number): Promise<void> {
    const pointed = { key, numbers, t };
    this.#pointed = pointed;
    this.#relations = { strikes: [], struck: [] };
    this.#markPointed();
    this.#markRelations();
    for (const pane of this.panes) void pane.follow(pane.key === key ? numbers[0] : undefined, t);
    const journal = this.#journal(key);
    const relations = relationsOf(numbers, await journal.axis());
    const lines = await Promise.all(numbers.map((n) => lineOf(journal, n)));
    lines.push(...(await relationLines(journal, numbers, relations)));
    if (this.#pointed !== pointed) return;
    this.#relations = relations;
    this.#markRelations();
    this.#tell(lines.join('\n'));
  }

  /** The lanes of all panels, from top to bottom. */
  get lanes(): readonly LaneColumns[] {
    return (this.#panels ?? []).flatMap(({ lanes }) => lanes);
  }

  /** What is pointed at. */
  get pointed(): Pointed | undefined {
    return this.#pointed;
  }

  /** Makes sure that lab time `t` is in view. */
  async reveal(t: number): Promise<void> {
    const { from, to } = this.#view;
    if (t >= from && t <= to) return;
    await this.show(t - (to - from) / 2, t + (to - from) / 2);
  }

  /** The marks and bars of a journal's entry that are drawn now. */
  marksOf(key: string, n: number): Element[] {
    return [...this.svg.querySelectorAll(`.panel[data-j="${key}"] [data-n~="${n}"]`)];
  }

  paneOf(key: string): EntryPane | undefined {
    return this.panes.find((pane) => pane.key === key);
  }

  #journal(key: string): PageJournal {
    return this.#journals.get(key) ?? new PageJournal(key);
  }

  #tellView(): void {
    const { from, to } = this.#view;
    const output = this.root.querySelector<HTMLOutputElement>('.span');
    if (output) output.value = `${timeText(from)} to ${timeText(to)}`;
    const range = this.root.querySelector<HTMLInputElement>('input[type=range]');
    if (range === null) return;
    range.disabled = this.isWhole;
    const room = this.end - (to - from);
    range.value = String(room > 0 ? Math.round((from / room) * 1_000) : 0);
    range.setAttribute('aria-valuetext', `${timeText(from)} to ${timeText(to)}`);
  }

  #tell(text: string): void {
    if (this.#probe === null) return;
    this.#probe.textContent = text;
    this.#probe.classList.add('told');
    this.#probe.scrollTop = 0;
  }

  #markPointed(): void {
    for (const mark of this.svg.querySelectorAll('.on')) mark.classList.remove('on');
    this.svg.querySelector('.cursor')?.remove();
    if (this.#pointed === undefined) return;
    const { key, numbers, t } = this.#pointed;
    const [first] = numbers;
    if (first === undefined) return;
    for (const mark of this.marksOf(key, first)) mark.classList.add('on');
    if (this.#link) {
      this.#link.disabled = false;
      this.#link.dataset.link = `${this.paneOf(key)?.anchor}/${first}`;
    }
    const { from, to } = this.#view;
    if (t < from || t > to) return;
    const x = position(t, this.#view);
    const cursor = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    const attributes = { class: 'cursor', x1: x, x2: x, y1: '15', y2: '100%' };
    for (const [name, value] of Object.entries(attributes)) cursor.setAttribute(name, value);
    this.svg.append(cursor);
  }

  #markRelations(): void {
    const { strikes, struck } = this.#relations;
    this.svg.classList.toggle('related', strikes.length + struck.length > 0);
    for (const one of this.svg.querySelectorAll('.striking,.struck'))
      one.classList.remove('striking', 'struck');
    if (strikes.length + struck.length === 0) return;
    const [striking, hit] = [new Set(strikes.map(String)), new Set(struck.map(String))];
    const panel = `.panel[data-j="${this.#pointed?.key}"]`;
    for (const mark of this.svg.querySelectorAll<SVGElement>(`${panel} [data-n]`)) {
      const numbers = (mark.dataset.n ?? '').split(' ');
      mark.classList.toggle(
        'striking',
        numbers.some((n) => striking.has(n)),
      );
      mark.classList.toggle(
        'struck',
        numbers.some((n) => hit.has(n)),
      );
    }
  }
}

/** Entry `n` of a journal in one line. */
async function lineOf(journal: PageJournal, n: number): Promise<string> {
  const [, at = '', kind = '', , ...told] = (await journal.rows.find(n)) ?? [];
  return at === ''
    ? `(${n}) stands in the journal`
    : `${timeText(Number(at))}  ${kind}  ${told.join(' ')}  (${n})`;
}

/** In words, for who does not see the marks light up. */
async function relationLines(
  journal: PageJournal,
  numbers: readonly number[],
  { strikes, struck }: Relations,
): Promise<string[]> {
  if (struck.length > 0) {
    const more = struck.length > mostTold ? ` and ${struck.length - mostTold} more` : '';
    const which = `${struck.slice(0, mostTold).join(', ')}${more}`;
    return [`▼ struck ${struck.length === 1 ? 'entry' : `${struck.length} entries`} ${which}`];
  }
  const by = strikes.filter((n) => !numbers.includes(n)).slice(0, mostTold);
  return Promise.all(by.map(async (n) => `▼ struck by  ${await lineOf(journal, n)}`));
}
