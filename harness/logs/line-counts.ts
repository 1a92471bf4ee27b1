/** Counts a log's lines by who reads them, and says of that which format the log has. */

/** Which format a log has. */
export interface FormatShare {
  /** The format of the most records, and what it is wrapped in: `pino`, `python-logging in docker-compose`; `unknown` for none. */
  readonly format: string;
  /** Lines that there were. */
  readonly lines: number;
  /** Lines of the format, with those that belong to its records. */
  readonly read: number;
  /** Lines of other formats, by format. */
  readonly others: Readonly<Record<string, number>>;
  /** Lines that nothing reads. */
  readonly unread: number;
}

/** Who counts the lines that nothing reads. */
export const unread = 'unknown';

export class LineCounts {
  #lines = 0;
  readonly #read = new Map<string, number>();
  /** Records that began: a long stack trace is a single one. */
  readonly #records = new Map<string, number>();
  readonly #wrapped = new Map<string, number>();

  /** Counts a line of this format. */
  line(format: string): void {
    this.#lines += 1;
    add(this.#read, format, 1);
  }

  /** Counts a record of this format. */
  record(format: string): void {
    add(this.#records, format, 1);
  }

  /** Counts a line that came in this wrapping. */
  wrapped(wrapper: string): void {
    add(this.#wrapped, wrapper, 1);
  }

  /** Counts lines as another format's. */
  move(lines: number, from: string, to: string): void {
    add(this.#read, from, -lines);
    add(this.#read, to, lines);
  }

  /** `contested`: whom the first lines were given to that the format reads as well, which was not clear then. */
  share(contested: (format: string) => readonly string[]): FormatShare {
    const { [unread]: nothing = 0, ...formats } = Object.fromEntries(this.#read);
    const leader = mostOf(this.#records);
    if (leader === undefined)
      return { format: unread, lines: this.#lines, read: 0, others: {}, unread: nothing };
    const given = contested(leader);
    for (const other of given) formats[other] = (formats[other] ?? 0) - 1;
    const { [leader]: own = 0, ...rest } = formats;
    return {
      format: this.#named(leader),
      lines: this.#lines,
      read: own + given.length,
      others: Object.fromEntries(Object.entries(rest).filter(([, lines]) => lines > 0)),
      unread: nothing,
    };
  }

  #named(leader: string): string {
    const wrapper = mostOf(this.#wrapped);
    const isWrapped = wrapper !== undefined && (this.#wrapped.get(wrapper) ?? 0) * 2 > this.#lines;
    return isWrapped && wrapper !== leader ? `${leader} in ${wrapper}` : leader;
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}

const mostOf = (counts: ReadonlyMap<string, number>): string | undefined =>
  [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
