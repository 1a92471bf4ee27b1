/**
 * The record file of a run: one JSON line for each thing it has, appended before or at the moment it comes to be, and
 * one for each thing given back. Lines are short and appended whole, so several processes of a run share one file.
 *
 *   runs/<pid>-<start>.ndjson    {"opened":…} {"directory":…} {"process":…} {"released":…}
 */
import { appendFileSync, closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs';
import { type ProcessIdentity, parseIdentity } from './process-identity.ts';

/** Something a run has. */
export type Holding =
  | { id: string; process: ProcessIdentity & { command: string; session: boolean } }
  | { id: string; directory: string };

/** The process space a run began in: ids mean nothing in another one. */
export interface Opened {
  readonly boot: string;
  readonly namespace: string;
}

type Line = Holding | { opened: Opened } | { released: string };

/** A record as read: who owns it, and what of it was not given back. */
export interface RunRecord {
  readonly path: string;
  readonly owner: ProcessIdentity;
  readonly opened: Opened | undefined;
  readonly outstanding: Holding[];
}

/** Appends a line in one write; makes the file, private, if there is none. */
export function appendLine(path: string, line: Exclude<Line, { released: string }>): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}

/** Strikes a holding out. Without effect once the owner has removed the record. */
export function strikeOut(path: string, id: string): void {
  let file: number;
  try {
    file = openSync(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  writeSync(file, `${JSON.stringify({ released: id })}\n`);
  closeSync(file);
}

/** Reads the record at `path`; `undefined` if it is not one or cannot be read. Lines that were cut short are passed over. */
export function readRecord(path: string): RunRecord | undefined {
  const owner = parseIdentity(/([^/]+)\.ndjson$/.exec(path)?.[1] ?? '');
  const text = owner && readText(path);
  if (owner === undefined || text === undefined) return undefined;
  const holdings = new Map<string, Holding>();
  let opened: Opened | undefined;
  for (const line of text.split('\n').map(parseLine)) {
    if (line === undefined) continue;
    if ('opened' in line) opened = line.opened;
    else if ('released' in line) holdings.delete(line.released);
    else holdings.set(line.id, line);
  }
  return { path, owner, opened, outstanding: [...holdings.values()] };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function parseLine(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function isLine(value: unknown): value is Line {
  if (!isObject(value)) return false;
  if ('opened' in value) return isObject(value.opened) && hasText(value.opened, 'boot', 'namespace');
  if ('released' in value) return hasText(value, 'released');
  if ('directory' in value) return hasText(value, 'id', 'directory');
  if (!isObject(value.process) || !hasText(value, 'id') || !hasText(value.process, 'start', 'command'))
    return false;
  return Number.isSafeInteger(value.process.pid) && Number(value.process.pid) > 1;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function hasText(value: Record<string, unknown>, ...keys: string[]): boolean {
  return keys.every((key) => typeof value[key] === 'string');
}
