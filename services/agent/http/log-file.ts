/**
 * A log file that rotates by size (R3.6): `agent.log` is the newest, then `agent.log.1` and so on. Lines are written
 * synchronously, each whole in one file, so that nothing is lost when the process ends.
 */
import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LogSink } from '../shared/log.ts';

/** Where to write and how much to keep. */
export interface LogFileOptions {
  readonly file: string;
  /** A file is closed before it would grow beyond this. @default 10485760 */
  readonly maxBytes?: number;
  /** Files kept in all, the newest included. @default 5 */
  readonly maxFiles?: number;
}

/** A log sink that must be closed. Closing twice is harmless; a line written after that is lost. */
export interface LogFile extends LogSink, Disposable {}

/** Opens the file, and its folder if need be, readable by its owner alone. Throws what the file system throws. */
export function openLogFile(options: LogFileOptions): LogFile {
  const { file, maxBytes = 10_485_760, maxFiles = 5 } = options;
  mkdirSync(dirname(file), { recursive: true });
  let descriptor: number | undefined = open(file);
  let size = fstatSync(descriptor).size;

  const rotate = (current: number): number => {
    closeSync(current);
    shift(file, maxFiles);
    size = 0;
    return open(file);
  };
  return {
    write(line) {
      if (descriptor === undefined) return;
      const bytes = Buffer.from(line);
      if (size > 0 && size + bytes.length > maxBytes) descriptor = rotate(descriptor);
      writeFully(descriptor, bytes);
      size += bytes.length;
    },
    [Symbol.dispose]() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}

const open = (file: string): number => openSync(file, 'a', 0o600);

/** `agent.log.1` becomes `agent.log.2` and so on; what would be one file too many is removed. */
function shift(file: string, maxFiles: number): void {
  const numbered = (index: number): string => (index === 0 ? file : `${file}.${index}`);
  rmSync(numbered(maxFiles - 1), { force: true });
  for (let index = maxFiles - 2; index >= 0; index -= 1) moveIfThere(numbered(index), numbered(index + 1));
}

function moveIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

function writeFully(descriptor: number, bytes: Buffer): void {
  let offset = 0;
  while (offset < bytes.length) offset += writeSync(descriptor, bytes, offset);
}
