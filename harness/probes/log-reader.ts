/**
 * Follows a log file while it is written: from its start, across truncation and rotation, to its end. It polls, because
 * no notification works on every file system. Files are told by inode and birth, so names may change between two looks;
 * where the file system keeps no births, names and the time of the last write have to do.
 *
 *   agent.log.2 (read to its end) ─► agent.log.1 (came and went since the last look) ─► agent.log (read on)
 */
import type { BigIntStats } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { fileError } from '../errors.ts';
import { LogLines, type LogLinesOptions, type LogShare } from '../logs/log-lines.ts';
import { LineSplitter, type OnLine } from './line-splitter.ts';
import { isCompressed, isRotated, oldestFirst, type RotatedFile } from './rotation.ts';

const chunkBytes = 64 * 1024;
/** File systems give births on the kernel's coarse clock, which lags by some milliseconds. */
const birthToleranceMs = 20;
/** A log that is rotated faster than its directory can be listed is taken as the last look found it. */
const mostLooks = 10;

/** What to follow, and where its records go. */
export interface FollowLogOptions extends LogLinesOptions {
  /** The file; it need not exist yet. */
  readonly path: string;
  /** Gets each line as it was written, before its record. */
  readonly onRaw?: (line: string) => void;
  /** Measures `pollMs`. @default the wall clock */
  readonly clock?: Clock;
  /** How often to look. @default 20 */
  readonly pollMs?: number;
}

/** A followed log. Disposal drains it, gives an unfinished last line, and fails with what went wrong while reading. */
export interface FollowedLog extends AsyncDisposable {
  /** Reads all that is written by now; resolves once every complete line of it was given. */
  drain(): Promise<void>;
  /** Which format it has, as far as it was read. */
  share(): LogShare;
}

/** Begins to follow a log. Reading errors come out of `drain` and disposal, as LAB_NO_PERMISSION or LAB_BAD_INPUT. */
export function followLog(options: FollowLogOptions): FollowedLog {
  const { path, onRaw, clock = systemClock(), pollMs = 20 } = options;
  const lines = new LogLines(options);
  const reader = new LogReader(path, (line, cutBytes) => {
    onRaw?.(line);
    lines.line(line, cutBytes);
  });
  const ended = new AbortController();
  let looks: Promise<void> = Promise.resolve();
  const look = (afterwards: () => void): Promise<void> => {
    looks = looks.then(() => reader.look()).then(afterwards);
    return looks;
  };
  const drain = (): Promise<void> => look(() => lines.flush());
  const poll = (): Promise<void> => look(() => lines.settle());
  const polling = pollUntil(ended.signal, () => clock.sleep(pollMs, ended.signal), poll);
  let disposal: Promise<void> | undefined;
  const dispose = async (): Promise<void> => {
    ended.abort();
    await polling;
    try {
      await look(() => undefined);
    } finally {
      await reader.close();
      lines.flush();
    }
  };
  return {
    drain,
    share: () => lines.share(),
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

/** A file that has, or had, the log's name. */
interface LogFile extends RotatedFile {
  readonly path: string;
  /** Device and inode: no other file has them while this one is there, or open. */
  readonly inode: string;
}

/** An open file and what of it was read. */
interface OpenLog extends LogFile {
  readonly file: FileHandle;
  readonly lines: LineSplitter;
  offset: number;
}

class LogReader {
  readonly #path: string;
  readonly #onLine: OnLine;
  /** Files that were born before have been read, or belong to an earlier run; so do those last written to before. */
  #since = BigInt(Math.floor(systemClock().now() - birthToleranceMs)) * 1_000_000n;
  /** Births of the files that were read, by inode. */
  readonly #read = new Map<string, bigint | undefined>();
  #log: OpenLog | undefined;
  /** The one that was renamed last: its writer may not have noticed yet. */
  #previous: OpenLog | undefined;

  constructor(path: string, onLine: OnLine) {
    this.#path = path;
    this.#onLine = onLine;
  }

  /** Reads on, and goes through the files that came after, up to the one that has the log's name now. */
  async look(): Promise<void> {
    try {
      if (this.#previous !== undefined) await readOn(this.#previous);
      if (this.#log !== undefined) await readOn(this.#log);
      while (!(await this.#moveThrough(await this.#newFiles())));
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

  /** Files that were not read yet, oldest first: usually none, or the one that has the log's name. */
  async #newFiles(): Promise<LogFile[]> {
    const present = await describe(this.#path);
    if (present !== undefined && present.inode === this.#log?.inode) return [];
    const rotated = await this.#rotated();
    this.#forgetRemoved(present, rotated);
    const files = present === undefined ? rotated : [...rotated, present];
    const unread = files.filter((file) => isSince(file, this.#since) && !this.#wasRead(file));
    return oldestFirst(unread, basename(this.#path));
  }

  /** Siblings such as `agent.log.1`. One that is renamed meanwhile escapes a look, so two looks have to agree. */
  async #rotated(): Promise<LogFile[]> {
    let found = await siblings(this.#path);
    for (let look = 1; look < mostLooks; look += 1) {
      const again = await siblings(this.#path);
      if (isDeepStrictEqual(again.map(placeOf), found.map(placeOf))) return again;
      found = again;
    }
    return found;
  }

  /** Whether the file was read, and is not a new one that got the inode of a removed one. */
  #wasRead({ inode, born }: LogFile): boolean {
    if (inode === this.#previous?.inode || inode === this.#log?.inode) return true;
    if (!this.#read.has(inode)) return false;
    const before = this.#read.get(inode);
    return before === undefined || born === undefined || before === born;
  }

  /** Without births, a removed file's inode is free again, and so is one of a file with the log's name: no rotation gives that back. */
  #forgetRemoved(present: LogFile | undefined, rotated: readonly LogFile[]): void {
    const kept = new Set(rotated.map(({ inode }) => inode));
    for (const [inode, born] of this.#read) {
      if (born === undefined && (inode === present?.inode || !kept.has(inode))) this.#read.delete(inode);
    }
  }

  /** Reads files in their order. False when one of them was renamed since it was found: what follows it has to wait. */
  async #moveThrough(files: readonly LogFile[]): Promise<boolean> {
    for (const found of files) if (!(await this.#moveOn(found))) return false;
    return true;
  }

  /** Opens the next file and reads it; the one before stays open for its writer's last words. */
  async #moveOn({ path, inode }: LogFile): Promise<boolean> {
    const next = await openLog(path, this.#onLine);
    if (next?.inode !== inode) {
      await next?.file.close();
      return false;
    }
    if (this.#log !== undefined) await readOn(this.#log);
    await this.#finish(this.#previous);
    this.#previous = this.#log;
    this.#log = next;
    this.#since = next.born ?? this.#since;
    this.#read.set(inode, next.born);
    await readOn(next);
    return true;
  }

  async #finish(log: OpenLog | undefined): Promise<void> {
    if (log === undefined) return;
    await readOn(log);
    log.lines.flush();
    await log.file.close();
  }
}

async function openLog(path: string, onLine: OnLine): Promise<OpenLog | undefined> {
  const file = await open(path, 'r').catch(ignoreMissing);
  if (file === undefined) return undefined;
  const facts = await file.stat({ bigint: true });
  return { ...logFile(path, facts), file, offset: 0, lines: new LineSplitter(onLine) };
}

async function describe(path: string): Promise<LogFile | undefined> {
  const facts = await stat(path, { bigint: true }).catch(ignoreMissing);
  return facts && logFile(path, facts);
}

/** The files that the log was rotated to; compressed ones were read when they were not. */
async function siblings(path: string): Promise<LogFile[]> {
  const [directory, base] = [dirname(path), basename(path)];
  const names = (await readdir(directory).catch(ignoreMissing)) ?? [];
  const rotated = names.filter((name) => isRotated(name, base) && !isCompressed(name)).toSorted();
  const files = await Promise.all(rotated.map((name) => describe(join(directory, name))));
  return files.filter((file) => file !== undefined);
}

const placeOf = ({ name, inode }: LogFile): readonly string[] => [name, inode];

const isSince = ({ born, modified }: LogFile, since: bigint): boolean => (born ?? modified) >= since;

function logFile(path: string, facts: BigIntStats): LogFile {
  const { dev, ino, mtimeNs: modified } = facts;
  return { path, name: basename(path), inode: `${dev}:${ino}`, born: birthOf(facts), modified };
}

/** Without births, Node gives 0, or the time of the last change of the inode, which a renaming sets after the last write. */
function birthOf({ birthtimeNs, mtimeNs }: BigIntStats): bigint | undefined {
  return birthtimeNs === 0n || birthtimeNs > mtimeNs ? undefined : birthtimeNs;
}

/**
 * Reads from where it stopped to the present end, and no further: a writer that never pauses would never let it go. A
 * file that is shorter than that was truncated: it begins anew.
 */
async function readOn(log: OpenLog): Promise<void> {
  const { size } = await log.file.stat();
  if (size < log.offset) {
    log.lines.flush();
    log.offset = 0;
  }
  const chunk = Buffer.alloc(Math.min(chunkBytes, size - log.offset));
  while (log.offset < size) {
    const { bytesRead } = await log.file.read(chunk, 0, chunk.length, log.offset);
    if (bytesRead === 0) return;
    log.offset += bytesRead;
    log.lines.push(chunk.subarray(0, bytesRead));
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
