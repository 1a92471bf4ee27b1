/** Log files that several subjects of a run write to, followed into the journal, with each one's records counted. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import type { Table } from 'shaketable';

const files = new WeakMap<Table, Map<string, WriteStream>>();

/** One subject's stream into a log file; the file is closed with the table, after the subjects made from now on. */
export function openRecords(
  table: Table,
  source: 'agent' | 'server',
  path: string,
): { readonly stream: Writable; count(): number } {
  const file = openFile(table, source, path);
  let count = 0;
  const stream = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      count += 1;
      // A subject that leaves timers behind goes on writing when all is over.
      if (file.writableEnded) done();
      else file.write(text, done);
    },
  });
  return { stream, count: () => count };
}

function openFile(table: Table, source: 'agent' | 'server', path: string): WriteStream {
  const opened = files.get(table) ?? new Map<string, WriteStream>();
  files.set(table, opened);
  const known = opened.get(path);
  if (known) return known;
  const file = createWriteStream(path, { flags: 'a', mode: 0o600 });
  opened.set(path, file);
  table.follow(source, path);
  table.use({ [Symbol.asyncDispose]: () => new Promise((resolve) => file.end(resolve)) });
  return file;
}
