/** An entry of a journal as one line of text. */
import type { Entry } from '../journal/entry.ts';

const hidden: ReadonlySet<string> = new Set(['n', 't', 'source', 'kind', 'params', 'stack']);
const longest = 150;

export function entryLine(entry: Entry): string {
  const facts = Object.entries(entry)
    .filter(([name, value]) => !hidden.has(name) && value !== undefined)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const line = `${(entry.t / 1_000).toFixed(3).padStart(9)} s  ${entry.kind}  ${facts.join(' ')}`;
  return line.length > longest ? `${line.slice(0, longest)} …` : line;
}
