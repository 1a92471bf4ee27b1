/**
 * The lines of a file of any size and encoding, one chunk in memory at a time. UTF-16 is told by its byte order mark or by its
 * zero bytes; what is not UTF-8 either keeps its readable characters.
 */
import { createReadStream } from 'node:fs';

/** Characters of a line that are kept. */
const longestLine = 64 * 1024;
const chunkBytes = 256 * 1024;

/** A line without its end. */
export interface FileLine {
  readonly text: string;
  /** Its number, from 1. */
  readonly number: number;
  /** Characters that were left out because it was too long. */
  readonly cut: number;
}

/** What the first bytes of a file tell of it. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'binary';

/** Takes bytes for text by their byte order mark, or by where their zeros are. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let even = 0;
  let odd = 0;
  let control = 0;
  for (const [index, byte] of head.entries()) {
    if (byte === 0) {
      if (index % 2 === 0) even += 1;
      else odd += 1;
    } else if (byte < 0x20 && (byte < 0x07 || byte > 0x0d) && byte !== 0x1b) control += 1;
  }
  const half = head.length / 2;
  if (odd > half * 0.7 && even < half * 0.1) return 'utf-16le';
  if (even > half * 0.7 && odd < half * 0.1) return 'utf-16be';
  return even + odd + control > head.length * 0.02 ? 'binary' : 'utf-8';
}

/** The lines of a file. Memory is bounded by the longest line that is kept. */
export async function* linesOf(
  path: string,
  encoding: Encoding,
  signal?: AbortSignal,
): AsyncGenerator<FileLine> {
  const decoder = new TextDecoder(encoding === 'binary' ? 'latin1' : encoding);
  const cutter = new LineCutter();
  const stream = createReadStream(path, { highWaterMark: chunkBytes, ...(signal && { signal }) });
  for await (const chunk of stream) yield* cutter.push(decoder.decode(chunk as Buffer, { stream: true }));
  yield* cutter.push(decoder.decode());
  yield* cutter.end();
}

/** The same for text that is in memory. */
export function* linesIn(text: string): Generator<FileLine> {
  const cutter = new LineCutter();
  yield* cutter.push(text);
  yield* cutter.end();
}

/** Cuts text into lines; each ends with LF, CR or both. */
class LineCutter {
  #rest = '';
  #cut = 0;
  #number = 0;
  #endedByReturn = false;

  *push(text: string): Generator<FileLine> {
    let start = 0;
    const ends = /\r\n?|\n/g;
    if (this.#endedByReturn && text.startsWith('\n')) start = 1;
    if (text !== '') this.#endedByReturn = text.endsWith('\r');
    ends.lastIndex = start;
    for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
      this.#keep(text.slice(start, end.index));
      yield this.#line();
      start = end.index + end[0].length;
    }
    this.#keep(text.slice(start));
  }

  *end(): Generator<FileLine> {
    if (this.#rest !== '' || this.#cut > 0) yield this.#line();
  }

  #keep(text: string): void {
    const room = Math.max(0, longestLine - this.#rest.length);
    this.#rest += text.slice(0, room);
    this.#cut += Math.max(0, text.length - room);
  }

  #line(): FileLine {
    this.#number += 1;
    const line = { text: this.#rest, number: this.#number, cut: this.#cut };
    this.#rest = '';
    this.#cut = 0;
    return line;
  }
}
