/**
 * The lines of a program's output while it runs. A program that never ends a line must not fill the lab's memory, so a line has
 * a length beyond which it is counted only.
 */
import type { Readable } from 'node:stream';

/** Characters of a line that are kept. */
const longest = 64 * 1024;

/** A line ends with LF, CRLF, or the CR by which a progress bar begins anew. */
const lineEnd = /\r\n|\n|\r/g;

/** Gives each line of a stream of UTF-8, without its end; one that is too long says how much of it is missing. */
export function onEachLine(stream: Readable, onLine: (line: string) => void): void {
  let rest = '';
  let cut = 0;
  /** A CR ended the last chunk: an LF that comes next belongs to it. */
  let afterReturn = false;
  const keep = (text: string): void => {
    const room = Math.max(0, longest - rest.length);
    rest += text.slice(0, room);
    cut += Math.max(0, text.length - room);
  };
  const give = (): void => {
    const line = cut === 0 ? rest : `${rest}… (+${cut} characters)`;
    rest = '';
    cut = 0;
    onLine(line);
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const text = afterReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    if (chunk !== '') afterReturn = chunk.endsWith('\r');
    let start = 0;
    for (const { 0: ended, index } of text.matchAll(lineEnd)) {
      keep(text.slice(start, index));
      give();
      start = index + ended.length;
    }
    keep(text.slice(start));
  });
  const end = (): void => {
    if (rest !== '') give();
  };
  stream.once('end', end);
  stream.once('close', end);
}
