/** A line without what terminals and other systems put around it. */
import { stripVTControlCharacters } from 'node:util';

/** Takes off colours, a carriage return at the end, and the byte order mark of a first line. */
export function cleanLine(raw: string, isFirst: boolean): string {
  const text = isFirst ? raw.replace(/^\uFEFF/, '') : raw;
  const line = text.endsWith('\r') ? text.slice(0, -1) : text;
  return line.includes('\u001B') || line.includes('\u009B') ? stripVTControlCharacters(line) : line;
}
