/**
 * Which files a log was rotated to, and in which order they were written. Births give the order; a file system gives the
 * files of one clock tick the same birth, and some give none, so the names break the tie.
 *
 *   agent.log.2 (older) ─► agent.log.1 ─► agent.log        agent.log.2026-11-01 ─► agent.log.2026-11-02 ─► agent.log
 */

/** What the order of a log's files depends on. Times are nanoseconds since the epoch. */
export interface RotatedFile {
  /** The file's name, without its directory. */
  readonly name: string;
  /** When it was created; undefined where the file system does not keep that. */
  readonly born: bigint | undefined;
  /** When it was last written to. */
  readonly modified: bigint;
}

const compressed = /\.(gz|xz|zst|bz2)$/;

/** What follows the log's name: `.1`, `.2026-11-01`, `.old`, or logrotate's `-20261101`. */
const suffix = /^(\.|-(?=\d))(.+)$/;

/** An age that grows with each rotation. More digits are a date, or seconds since the epoch. */
const age = /^\d{1,5}$/;

const naturalOrder = new Intl.Collator('en', { numeric: true }).compare;

/** Whether `name` is a file that the log `base` was rotated to, compressed or not. */
export function isRotated(name: string, base: string): boolean {
  return suffixOf(name, base) !== undefined;
}

/** Whether the file is a compressed copy: its lines were read when it was not. */
export function isCompressed(name: string): boolean {
  return compressed.test(name);
}

/** Sorts the files of the log `base` by the time they were created, the one that has the log's own name last of its tick. */
export function oldestFirst<File extends RotatedFile>(files: readonly File[], base: string): File[] {
  const bornAll = files.every(({ born }) => born !== undefined);
  return files.toSorted(
    (a, b) =>
      (bornAll ? compare(a.born, b.born) : 0) || byName(a, b, base) || compare(a.modified, b.modified),
  );
}

/** Negative when the name of `a` says that it is older; 0 when the names say nothing. */
function byName(a: RotatedFile, b: RotatedFile, base: string): number {
  if (a.name === base || b.name === base) return Number(a.name === base) - Number(b.name === base);
  const [ofA = '', ofB = ''] = [suffixOf(a.name, base), suffixOf(b.name, base)];
  if (age.test(ofA) && age.test(ofB)) return Number(ofB) - Number(ofA);
  return isDated(ofA) && isDated(ofB) ? naturalOrder(ofA, ofB) : 0;
}

const isDated = (text: string): boolean => /^\d/.test(text) && !age.test(text);

function suffixOf(name: string, base: string): string | undefined {
  return name.startsWith(base) ? suffix.exec(name.slice(base.length))?.[2] : undefined;
}

function compare(a: bigint | undefined, b: bigint | undefined): number {
  if (a === undefined || b === undefined || a === b) return 0;
  return a < b ? -1 : 1;
}
