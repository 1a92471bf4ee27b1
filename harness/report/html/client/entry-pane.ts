/**
 * The entries of one journal as a list that can be filtered, and the raw log that follows the selected time beside it.
 */
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { html } from '../markup.ts';
import { type StrikeTable, strikesOn } from '../strike-table.ts';
import { timeText } from '../time-scale.ts';
import { toneOf } from '../tone.ts';
import type { PageJournal } from './journal.ts';
import type { Lines } from './lines.ts';
import { turnTaker } from './turns.ts';
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
    const fields = await this.journal.rows.find(n);
    return fields && Number(fields[1]);
  }

  /** Opens the list at entry `n`, and gives it the focus, and the mark of a link's target. */
  async show(n: number, how: 'shown' | 'focused' | 'linked' = 'shown'): Promise<void> {
    this.details.open = true;
    const { entries } = await this.#ready();
    await entries.show(n);
    if (how === 'linked') await entries.list.linkChosen();
    if (how !== 'shown') entries.list.focusChosen();
  }

  /** Marks entry `n` if it is listed, and lets the log follow to `t`; nothing is opened. */
  async follow(n: number | undefined, t: number): Promise<void> {
    this.#t = t;
    if (!this.details.open) return;
    const { entries, log } = await this.#ready();
    if (n !== undefined) void entries.show(n);
    void log?.follow(t);
  }

  #ready(): Promise<Parts> {
    this.#parts ??= this.#build();
    return this.#parts;
  }

  async #build(): Promise<Parts> {
    const { strikes } = await this.journal.axis();
    const [box, rawBox] = this.details.querySelectorAll<HTMLElement>('.scroll');
    if (box === undefined) throw new Error('The page has no list of entries');
    const { rows, log: records } = this.journal;
    const entries = new EntryRows(box, rows, strikes, this.anchor, this.#onChoose);
    const log = rawBox && new LogRows(rawBox, records, this.#onChoose);
    const field = this.details.querySelector<HTMLInputElement>('.sift input');
    field?.addEventListener('input', async () => {
      const told = field.parentElement?.querySelector('output');
      const found = await entries.filter(field.value);
      if (told && found !== undefined) told.value = field.value === '' ? '' : `${found} of ${rows.length}`;
    });
    await Promise.all([entries.reset(), log?.reset()]);
    return { entries, log };
  }
}

interface Parts {
  readonly entries: EntryRows;
  readonly log: LogRows | undefined;
}

/** Rows that a filter shows before it has found all: more than a box has in sight. */
const firstRows = 60;

class EntryRows {
  readonly list: VirtualList;
  readonly #rows: Lines;
  /** The lines that the filter lets through; undefined for all. */
  #shown: readonly number[] | undefined;
  #wanted = 0;

  constructor(
    box: HTMLElement,
    rows: Lines,
    struck: StrikeTable,
    anchor: string,
    onChoose: (n: number, t: number) => void,
  ) {
    this.#rows = rows;
    this.list = new VirtualList({
      box,
      ready: (first, last) => (this.#shown === undefined ? rows.ready(first, last) : undefined),
      render: (index) => {
        const [n = '', t = '', kind = '', level = '', ...told] = rows.at(this.#lineAt(index)) ?? [];
        const strikes = strikesOn(struck, Number(n));
        const by =
          strikes.length > 0 &&
          html` <span class="by" title="struck by ${strikes.join(', ')}">▼ ${strikes.join(', ')}</span>`;
        const text = told.join('\t');
        return {
          tone: toneOf(kind, level),
          cells: html`<td><a href="#${anchor}/${n}" tabindex="-1">${n}</a></td><td>${timeText(Number(t))}</td><td>${kind}${by}</td><td title="${text}">${text}</td>`,
        };
      },
      onChoose: async (index) => {
        const line = this.#lineAt(index);
        await rows.ready(line, line);
        const [n = '', t = ''] = rows.at(line) ?? [];
        onChoose(Number(n), Number(t));
      },
    });
  }

  async reset(): Promise<void> {
    await this.list.reset(this.#rows.length);
  }

  /**
   * Lists the entries with these words, the first ones as soon as they are found.
   * @returns how many there are; undefined when others were asked for before all were found
   */
  async filter(text: string): Promise<number | undefined> {
    const words = text.split(/\s+/).filter(Boolean);
    const shown: number[] = [];
    this.#shown = words.length === 0 ? undefined : shown;
    if (words.length === 0) {
      await this.reset();
      return this.#rows.length;
    }
    await this.list.reset(0);
    const turn = turnTaker();
    for await (const found of this.#rows.withWords(words)) {
      if (this.#shown !== shown) return undefined;
      const isFull = shown.length >= firstRows;
      shown.push(...found);
      if ((await turn()) && !isFull) await this.list.resize(shown.length);
    }
    await this.list.resize(shown.length);
    return shown.length;
  }

  /** Brings entry `n` into sight, if it is listed, and if no other one is asked for meanwhile. */
  async show(n: number): Promise<void> {
    this.#wanted = n;
    const line = await this.#rows.indexOf(n);
    if (this.#wanted !== n) return;
    const index = this.#shown === undefined ? line : this.#shown.indexOf(line);
    if (index >= 0) await this.list.choose(index);
  }

  #lineAt(index: number): number {
    return this.#shown === undefined ? index : (this.#shown[index] ?? -1);
  }
}

class LogRows {
  readonly #list: VirtualList;
  readonly #records: Lines;
  #t = 0;

  constructor(box: HTMLElement, records: Lines, onChoose: (n: number, t: number) => void) {
    this.#records = records;
    this.#list = new VirtualList({
      box,
      ready: (first, last) => records.ready(first, last),
      render: (index) => {
        const [, t = '', whose = '', level = '', ...record] = records.at(index) ?? [];
        const text = record.join('\t');
        return {
          tone: toneOf('', level),
          cells: html`<td>${timeText(Number(t))}</td><td>${whose}</td><td title="${text}">${text}</td>`,
        };
      },
      onChoose: async (index) => {
        await records.ready(index, index);
        const [n = '', t = ''] = records.at(index) ?? [];
        onChoose(Number(n), Number(t));
      },
    });
  }

  async reset(): Promise<void> {
    await this.#list.reset(this.#records.length);
  }

  /** Shows what was logged last at lab time `t`. */
  async follow(t: number): Promise<void> {
    if (this.#records.length === 0) return;
    this.#t = t;
    const index = await this.#records.latestAt(t);
    if (this.#t === t) await this.#list.choose(index);
  }
}
