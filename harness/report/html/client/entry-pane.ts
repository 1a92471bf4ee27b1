/**
 * The entries of one journal as a list that can be filtered, and the raw log that follows the selected time beside it.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { html } from '../markup.ts';
import { timeText } from '../time-scale.ts';
import { toneOf } from '../tone.ts';
import type { Lanes, PageJournal } from './journal.ts';
import type { Lines } from './lines.ts';
import { VirtualList } from './virtual-list.ts';

export class EntryPane {
  readonly details: HTMLDetailsElement;
  readonly key: string;
  /** What the addresses of its entries begin with. */
  readonly anchor: string;
  readonly journal: PageJournal;
  readonly #onChoose: (n: number, t: number) => void;
  #parts: Promise<Parts> | undefined;
  #t = 0;

  /** `onChoose` hears of an entry that is chosen in one of the lists. */
  constructor(details: HTMLDetailsElement, journal: PageJournal, onChoose: (n: number, t: number) => void) {
    this.details = details;
    this.key = journal.key;
    this.anchor = details.dataset.anchor ?? '';
    this.journal = journal;
    this.#onChoose = onChoose;
    details.addEventListener('toggle', () => {
      if (details.open) void this.#ready().then(({ log }) => log?.follow(this.#t));
    });
  }

  /** The lab time of entry `n`; undefined when the page does not have it. */
  async timeOf(n: number): Promise<number | undefined> {
    const rows = await this.journal.rows();
    const index = rows.indexOf(n);
    return index < 0 ? undefined : Number(rows.at(index)[1]);
  }

  /** Opens the list at entry `n`, and gives it the focus, and the mark of a link's target. */
  async show(n: number, how: 'shown' | 'focused' | 'linked' = 'shown'): Promise<void> {
    this.details.open = true;
    const { entries } = await this.#ready();
    entries.show(n);
    if (how === 'linked') entries.list.linkChosen();
    if (how !== 'shown') entries.list.focusChosen();
  }

  /** Marks entry `n` if it is listed, and lets the log follow to `t`; nothing is opened. */
  async follow(n: number | undefined, t: number): Promise<void> {
    this.#t = t;
    if (!this.details.open) return;
    const { entries, log } = await this.#ready();
    if (n !== undefined) entries.show(n);
    log?.follow(t);
  }

  #ready(): Promise<Parts> {
    this.#parts ??= this.#build();
    return this.#parts;
  }

  async #build(): Promise<Parts> {
    const [rows, lanes, records] = await Promise.all([
      this.journal.rows(),
      this.journal.lanes(),
      this.journal.log(),
    ]);
    const [box, rawBox] = this.details.querySelectorAll<HTMLElement>('.scroll');
    if (box === undefined) throw new Error('The page has no list of entries');
    const entries = new EntryRows(box, rows, lanes, this.anchor, this.#onChoose);
    const field = this.details.querySelector<HTMLInputElement>('.sift input');
    field?.addEventListener('input', () => {
      const found = entries.filter(field.value);
      const told = field.parentElement?.querySelector('output');
      if (told) told.value = field.value === '' ? '' : `${found} of ${rows.length}`;
    });
    return { entries, log: rawBox && new LogRows(rawBox, records, this.#onChoose) };
  }
}

interface Parts {
  readonly entries: EntryRows;
  readonly log: LogRows | undefined;
}

class EntryRows {
  readonly list: VirtualList;
  readonly #rows: Lines;
  /** The lines that the filter lets through; undefined for all. */
  #shown: readonly number[] | undefined;

  constructor(
    box: HTMLElement,
    rows: Lines,
    { strikesOn }: Lanes,
    anchor: string,
    onChoose: (n: number, t: number) => void,
  ) {
    this.#rows = rows;
    this.list = new VirtualList({
      box,
      render: (index) => {
        const [n = '', t = '', kind = '', level = '', ...told] = rows.at(this.#lineAt(index));
        const strikes = strikesOn.get(Number(n));
        const by =
          strikes &&
          html` <span class="by" title="struck by ${strikes.join(', ')}">▼ ${strikes.join(', ')}</span>`;
        const text = told.join('\t');
        return {
          tone: toneOf(kind, level),
          cells: html`<td><a href="#${anchor}/${n}" tabindex="-1">${n}</a></td><td>${timeText(Number(t))}</td><td>${kind}${by}</td><td title="${text}">${text}</td>`,
        };
      },
      onChoose: (index) => {
        const [n = '', t = ''] = rows.at(this.#lineAt(index));
        onChoose(Number(n), Number(t));
      },
    });
    this.list.reset(rows.length);
  }

  /** Lists the entries with these words; @returns how many there are. */
  filter(text: string): number {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    this.#shown = words.length === 0 ? undefined : this.#rows.withWords(words);
    const count = this.#shown?.length ?? this.#rows.length;
    this.list.reset(count);
    return count;
  }

  show(n: number): void {
    const line = this.#rows.indexOf(n);
    const index = this.#shown === undefined ? line : this.#shown.indexOf(line);
    if (index >= 0) this.list.choose(index);
  }

  #lineAt(index: number): number {
    return this.#shown === undefined ? index : (this.#shown[index] ?? -1);
  }
}

class LogRows {
  readonly #list: VirtualList;
  readonly #records: Lines;

  constructor(box: HTMLElement, records: Lines, onChoose: (n: number, t: number) => void) {
    this.#records = records;
    this.#list = new VirtualList({
      box,
      render: (index) => {
        const [, t = '', whose = '', level = '', ...record] = records.at(index);
        const text = record.join('\t');
        return {
          tone: toneOf('', level),
          cells: html`<td>${timeText(Number(t))}</td><td>${whose}</td><td title="${text}">${text}</td>`,
        };
      },
      onChoose: (index) => {
        const [n = '', t = ''] = records.at(index);
        onChoose(Number(n), Number(t));
      },
    });
    this.#list.reset(records.length);
  }

  /** Shows what was logged last at lab time `t`. */
  follow(t: number): void {
    if (this.#records.length > 0) this.#list.choose(this.#records.latestAt(t));
  }
}
