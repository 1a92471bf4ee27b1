/** Cuts a stream of bytes into lines. A character that arrives in pieces stays whole: only complete lines are decoded. */

const newline = 0x0a;

/** Collects bytes and gives lines, without their ends. A line longer than `limitBytes` is given in pieces. */
export class LineSplitter {
  readonly #onLine: (line: string) => void;
  readonly #limitBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(onLine: (line: string) => void, limitBytes = 1024 * 1024) {
    this.#onLine = onLine;
    this.#limitBytes = limitBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      this.#emit(bytes.subarray(start, end));
      start = end + 1;
    }
    this.#rest = bytes.subarray(start);
    if (this.#rest.length > this.#limitBytes) this.flush();
  }

  /** Gives what is left as a line: the writer will not end it any more. */
  flush(): void {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    this.#emit(rest);
  }

  /** Empty lines mean nothing in a log. */
  #emit(line: Buffer): void {
    const text = line.toString('utf8').replace(/\r$/, '');
    if (text !== '') this.#onLine(text);
  }
}
