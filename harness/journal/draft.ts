/**
 * A journal on disk while its run is on, for whoever has to read it when the process is gone: NDJSON, a first line that says whose it
 * is, and the entries in the order in which they came.
 */
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileError, LabError } from '../errors.ts';
import type { Entry } from './entry.ts';
import { inOrder, type Journal } from './journal.ts';
import type { JournalHeader, Recording } from './store.ts';

/** Whose journal it is. */
export interface DraftOf extends Omit<JournalHeader, 'journal' | 'checks' | 'entries'> {
  readonly expected: 'pass' | 'fail';
}

export interface Draft {
  readonly expected: 'pass' | 'fail';
  /** It was not judged: it names no check. */
  readonly recording: Recording;
}

export const draftEnding = '.draft';

/** Bytes that are kept of a journal from its beginning: what kills its process may be that it grows without end. */
const mostBytes = 16 * 2 ** 20;

/** Keeps `journal` in the file `path` while it grows. A disk that is full ends it in silence: the run itself has to say that. */
export function keepDraft(path: string, of: DraftOf, journal: Journal): Disposable {
  const file = createWriteStream(path);
  let left = mostBytes;
  let unsubscribe = (): void => {};
  const write = (value: object): void => {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    left -= line.length;
    if (left >= 0) file.write(line);
    else stop();
  };
  const stop = (): void => {
    unsubscribe();
    file.end();
  };
  file.on('error', stop);
  write({ draft: 1, ...of });
  for (const entry of journal.entries) write(entry);
  unsubscribe = journal.subscribe(write);
  return { [Symbol.dispose]: stop };
}

/** Reads one up to where its process was killed. @throws LabError `LAB_JOURNAL_BROKEN` where it does not even say whose it is */
export async function readDraft(path: string): Promise<Draft> {
  const text = await readFile(path, 'utf8').catch((cause) => {
    throw fileError(cause, path);
  });
  const [first, ...lines] = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  const { draft, expected, ...of } = JSON.parse(first || '{}') as DraftOf & { draft?: number };
  if (draft !== 1)
    throw new LabError('LAB_JOURNAL_BROKEN', `${path} is no draft of a journal`, { hint: 'Play it again.' });
  const entries = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Entry);
  return { expected, recording: { header: { journal: 1, ...of, checks: {} }, entries: inOrder(entries) } };
}
