/** Cuts a stream of bytes into lines. A character that arrives in pieces stays whole: only complete lines are decoded. */

const newline = 0x0a;

/** Gets a line without its end, and how many bytes of it were left out. */
export type OnLine = (line: string, cutBytes: number) => void;

/** Collects bytes and gives lines. Of a line that is longer than `limitBytes` it keeps the beginning and counts the rest. */
export class LineSplitter {
  readonly #onLine: OnLine;
  readonly #limitBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #cutBytes = 0;

  constructor(onLine: OnLine, limitBytes = 64 * 1024) {
    this.#onLine = onLine;
    this.#limitBytes = limitBytes;
  }

  push(chunk: Uint8Array): void {
    const bytes = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(newline); end !== -1; end = bytes.indexOf(newline, start)) {
      this.#keep(bytes.subarray(start, end));
      this.flush();
      start = end + 1;
    }
    this.#keep(bytes.subarray(start));
  }

  /** Gives what is left as a line: the writer will not end it any more. Empty lines mean nothing in a log. */
  flush(): void {
    const text = this.#rest.toString('utf8').replace(/\r$/, '');
    const cutBytes = this.#cutBytes;
    this.#rest = Buffer.alloc(0);
    this.#cutBytes = 0;
    if (text !== '') this.#onLine(text, cutBytes);
  }

  #keep(line: Buffer): void {
    const end = line.length <= this.#limitBytes ? line.length : wholeCharacters(line, this.#limitBytes);
    this.#cutBytes += line.length - end;
    this.#rest = line.subarray(0, end);
  }
}

/** Where the last character ends that is whole within the limit; bytes that continue one are 10xxxxxx (RFC 3629). */
function wholeCharacters(line: Buffer, limit: number): number {
  let end = limit;
  while (end > limit - 4 && ((line[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return end;
}
