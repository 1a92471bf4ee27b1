/** Why a database server did not come up, read from its own last words. */
import { LabError, type LabErrorCode } from '../errors.ts';

const shownLines = 12;

/** What servers say, and what to do about it; the first that fits is taken. */
const causes: readonly { sign: RegExp; code: LabErrorCode; hint: string }[] = [
  {
    sign: /no space left|disk is full|errno: 28\b|error: 28\b|OS error 28\b/i,
    code: 'LAB_DISK_FULL',
    hint: 'Free some space, or set TMPDIR to a file system that has it (a database needs about 100 MB).',
  },
  {
    sign: /address already in use|bind on TCP\/IP port/i,
    code: 'LAB_PORT_TAKEN',
    hint: 'Another program took the port meanwhile: try again.',
  },
];

/** The error for a server that was ready, and then had no room to write; undefined while its log tells of no such thing. */
export function diskFailure(lines: readonly string[], hint?: string): LabError | undefined {
  const full = causes.find(({ code }) => code === 'LAB_DISK_FULL');
  const told = lines.filter((line) => full?.sign.test(line)).slice(-shownLines);
  if (!full || told.length === 0) return undefined;
  const excerpt = told.map((line) => `\n  ${line}`).join('');
  return new LabError(full.code, `The database has no room to write to:${excerpt}`, {
    hint: hint ?? full.hint,
  });
}

/** The error for a server that failed with `lines` in its log, of which the last ones are part of the message. */
export function startFailure(what: string, lines: readonly string[], cause?: unknown): LabError {
  const told = lines.filter((line) => line.trim() !== '');
  const known = causes.find(({ sign }) => told.some((line) => sign.test(line)));
  const excerpt = told.slice(-shownLines).map((line) => `\n  ${line}`);
  const hint =
    known?.hint ??
    'The last lines of its log, above, say why. SHAKETABLE_MYSQLD names another server to use.';
  const message = `${what}${excerpt.length > 0 ? ':' : ' and said nothing'}${excerpt.join('')}`;
  return new LabError(known?.code ?? 'LAB_DATABASE_START', message, {
    hint,
    ...(cause !== undefined && { cause }),
  });
}
