/**
 * What a program printed, as a file: its beginning, since a program that floods its output must not fill the disk. All of it, to a
 * bound, is searched for planted secrets as it comes.
 */
import { closeSync, openSync, writeSync } from 'node:fs';

/** Characters that are kept. */
const mostKept = 16 * 1024 * 1024;
/** Characters that are searched. */
const mostSearched = 256 * 1024 * 1024;
/** Lines are put together to pieces: searching is cheaper by the piece. */
const pieceLength = 64 * 1024;

export class PrintedLog {
  readonly #file: number;
  readonly #search: { add(piece: string): void };
  #kept = 0;
  #searched = 0;
  #piece = '';

  /** Makes the file, for its owner alone. */
  constructor(path: string, search: { add(piece: string): void }) {
    this.#file = openSync(path, 'a', 0o600);
    this.#search = search;
  }

  add(line: string): void {
    if (this.#searched > mostSearched) return;
    this.#piece += `${line}\n`;
    if (this.#piece.length >= pieceLength) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.#file);
  }

  /** Searches and keeps what has come so far. */
  flush(): void {
    const piece = this.#piece;
    if (piece === '') return;
    this.#piece = '';
    this.#searched += piece.length;
    this.#search.add(piece);
    if (this.#kept >= mostKept) return;
    this.#kept += piece.length;
    const more = this.#kept >= mostKept ? '\n… the output goes on; it is not kept\n' : '';
    writeSync(this.#file, piece + more);
  }
}
