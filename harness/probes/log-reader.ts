/**
 * Follows a log file while it is written: from its start, across truncation and rotation, to its end. It polls, because
 * no notification works on every file system, and looks again at a file that was renamed until its writer has moved on.
 *
 *   agent.log.2   agent.log.1   agent.log
 *   (read) ─────► (missed between two looks: read now) ─────► (read on)
 */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, systemClock } from '../clock.ts';
import { fileError } from '../errors.ts';
import { LineSplitter } from './line-splitter.ts';
import { type LogRecord, parseLogLine } from './log-record.ts';

export type { LogRecord } from './log-record.ts';

const chunkBytes = 64 * 1024;

/** What to follow. */
export interface FollowLogOptions {
  /** The file; it need not exist yet. */
  path: string;
  /** Gets each record once, in the order of the file. */
  onRecord: (record: LogRecord) => void;
  /** Gets each line as it was written, before its record. */
  onRaw?: (line: string) => void;
  /** Measures `pollMs`. @default the wall clock */
  clock?: Clock;
  /** How often to look. @default 20 */
  pollMs?: number;
}

/** A followed log. Disposal drains it, gives an unfinished last line, and fails with what went wrong while reading. */
export interface FollowedLog extends AsyncDisposable {
  /** Reads all that is written by now; resolves once every complete line of it was given. */
  drain(): Promise<void>;
}

/** Begins to follow a log. Reading errors come out of `drain` and disposal, as LAB_NO_PERMISSION or LAB_BAD_INPUT. */
export function followLog(options: FollowLogOptions): FollowedLog {
  const { path, onRecord, onRaw, clock = systemClock(), pollMs = 20 } = options;
  const reader = new LogReader(path, (line) => {
    onRaw?.(line);
    onRecord(parseLogLine(line));
  });
  const ended = new AbortController();
  let looks: Promise<void> = Promise.resolve();
  const drain = (): Promise<void> => {
    looks = looks.then(() => reader.look());
    return looks;
  };
  const polling = pollUntil(ended.signal, () => clock.sleep(pollMs, ended.signal), drain);
  let disposal: Promise<void> | undefined;
  const dispose = async (): Promise<void> => {
    ended.abort();
    await polling;
    try {
      await drain();
    } finally {
      await reader.close();
    }
  };
  return {
    drain,
    [Symbol.asyncDispose]() {
      disposal ??= dispose();
      return disposal;
    },
  };
}

/** Looks again and again; the first failure ends it, and stays in the chain of looks for whoever drains. */
async function pollUntil(
  signal: AbortSignal,
  pause: () => Promise<void>,
  look: () => Promise<void>,
): Promise<void> {
  try {
    while (!signal.aborted) {
      await look();
      await pause();
    }
  } catch {
    // The pause was ended, or the look failed: `drain` gives the reason.
  }
}

/** An open file and what of it was read. */
interface OpenLog {
  file: FileHandle;
  key: string;
  born: bigint;
  offset: number;
  lines: LineSplitter;
}

class LogReader {
  readonly #path: string;
  readonly #onLine: (line: string) => void;
  #log: OpenLog | undefined;
  /** The one that was renamed last: its writer may not have noticed yet. */
  #previous: OpenLog | undefined;

  constructor(path: string, onLine: (line: string) => void) {
    this.#path = path;
    this.#onLine = onLine;
  }

  /** Reads on, and moves to the file that has taken the log's name, if there is another one now. */
  async look(): Promise<void> {
    try {
      if (this.#previous !== undefined) await readOn(this.#previous);
      const log = await this.#current();
      if (log === undefined) return;
      await readOn(log);
      const present = await stat(this.#path, { bigint: true }).catch(ignoreMissing);
      if (present !== undefined && keyOf(present) !== log.key) await this.#moveOn(log);
    } catch (error) {
      const { syscall } = error as NodeJS.ErrnoException;
      throw syscall === undefined ? error : fileError(error, this.#path, 'run as the user who writes it');
    }
  }

  /** Closes what is open; a last line without an end counts as one. */
  async close(): Promise<void> {
    for (const log of [this.#previous, this.#log]) {
      log?.lines.flush();
      await log?.file.close();
    }
    this.#previous = undefined;
    this.#log = undefined;
  }

  async #current(): Promise<OpenLog | undefined> {
    this.#log ??= await openLog(this.#path, this.#onLine);
    return this.#log;
  }

  /** Reads to the end of `log`, then the files that came and went since the last look, and begins the present one. */
  async #moveOn(log: OpenLog): Promise<void> {
    const next = await openLog(this.#path, this.#onLine);
    if (next === undefined) return; // Renamed, and the new one is still to come.
    await readOn(log);
    await this.#finish(this.#previous);
    this.#previous = log;
    for (const path of await this.#rotatedBetween(log, next)) {
      await this.#finish(await openLog(path, this.#onLine));
    }
    this.#log = next;
    await readOn(next);
  }

  /** Siblings such as `agent.log.1` that were made after `log` and before `next`, oldest first. */
  async #rotatedBetween(log: OpenLog, next: OpenLog): Promise<string[]> {
    const directory = dirname(this.#path);
    const names = (await readdir(directory)).filter((name) => name.startsWith(`${basename(this.#path)}.`));
    const siblings: { path: string; born: bigint }[] = [];
    for (const path of names.map((name) => join(directory, name))) {
      const facts = await stat(path, { bigint: true }).catch(ignoreMissing);
      if (!facts?.isFile() || keyOf(facts) === log.key || keyOf(facts) === next.key) continue;
      if (facts.birthtimeNs > log.born && facts.birthtimeNs < next.born)
        siblings.push({ path, born: facts.birthtimeNs });
    }
    return siblings.sort((a, b) => Number(a.born - b.born)).map(({ path }) => path);
  }

  async #finish(log: OpenLog | undefined): Promise<void> {
    if (log === undefined) return;
    await readOn(log);
    log.lines.flush();
    await log.file.close();
  }
}

async function openLog(path: string, onLine: (line: string) => void): Promise<OpenLog | undefined> {
  const file = await open(path, 'r').catch(ignoreMissing);
  if (file === undefined) return undefined;
  const facts = await file.stat({ bigint: true });
  return { file, key: keyOf(facts), born: facts.birthtimeNs, offset: 0, lines: new LineSplitter(onLine) };
}

/** Reads from where it stopped to the present end. A file that is shorter than that was truncated: it begins anew. */
async function readOn(log: OpenLog): Promise<void> {
  const { size } = await log.file.stat();
  if (size < log.offset) {
    log.lines.flush();
    log.offset = 0;
  }
  const chunk = Buffer.alloc(Math.min(chunkBytes, Math.max(size - log.offset, 1)));
  for (;;) {
    const { bytesRead } = await log.file.read(chunk, 0, chunk.length, log.offset);
    if (bytesRead === 0) return;
    log.offset += bytesRead;
    log.lines.push(chunk.subarray(0, bytesRead));
  }
}

/** Tells files apart although the system uses an inode again as soon as a file is removed. */
function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${birthtimeNs}`;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
