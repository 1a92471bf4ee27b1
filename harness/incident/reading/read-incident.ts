/** What the user’s files hold: each plain file is a source of one incident; a ticket has an incident under each of its headings. */
import { open, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { LabError } from '../../errors.ts';
import type { Names } from '../../names/names.ts';
import { captureFormatOf } from './capture/packets.ts';
import { readCapture } from './capture/read-capture.ts';
import { onOneClock } from './common-clock.ts';
import { isHar, readHar } from './har.ts';
import { type Encoding, encodingOf, type FileLine, linesOf } from './lines.ts';
import { readIncidentLog } from './log.ts';
import type { IncidentSource } from './source.ts';
import { excerptsOf, isTicket } from './ticket.ts';

/** What is looked at together. */
export interface Incident {
  /** The heading of a ticket; missing for files that belong together. */
  readonly title?: string;
  readonly sources: readonly IncidentSource[];
}

const headBytes = 64 * 1024;
/** A ticket is held in memory as a whole. */
const mostTicketBytes = 16 * 1024 * 1024;

/**
 * Reads the files.
 * @throws LabError `LAB_BAD_INPUT` for a file that is not there, is empty or is nothing that can be read
 */
export async function readIncidents(
  paths: readonly string[],
  names: Names,
  signal?: AbortSignal,
): Promise<Incident[]> {
  const incidents: Incident[] = [];
  const together: IncidentSource[] = [];
  for (const path of paths) {
    const { head, bytes } = await headOf(path);
    const name = nameOf(path, names);
    const options = { name, names, ...(signal && { signal }) };
    const capture = captureFormatOf(head);
    if (capture !== undefined) {
      together.push(await readCapture(path, capture, options));
      continue;
    }
    if (isCompressed(head)) throw compressed(path);
    if (isUtf32(head)) throw wrong(path, 'is UTF-32 text', 'Convert it first: iconv -f UTF-32 -t UTF-8.');
    const encoding = encodingOf(head);
    const text = new TextDecoder(encoding === 'binary' ? 'latin1' : encoding).decode(head);
    if (encoding === 'binary') throw unreadable(path);
    if (isHar(text)) together.push(await readHar(path, { ...options, encoding }));
    else if (bytes <= mostTicketBytes && isTicket(text))
      incidents.push(...(await readTicket(path, encoding, names, signal)));
    else together.push(await readIncidentLog(linesOf(path, encoding, signal), options));
  }
  const all = together.length === 0 ? incidents : [{ sources: onOneClock(together) }, ...incidents];
  return all.map((incident) => withoutLaterNames(incident, names));
}

/** What was met before anything said that it is a name. */
function withoutLaterNames({ title, sources }: Incident, names: Names): Incident {
  return {
    ...(title === undefined ? {} : { title: names.known(title) }),
    sources: sources.map((source) => {
      const name = names.known(source.name);
      const events = source.events.map((event) => ({
        ...event,
        source: name,
        quote: names.known(event.quote),
        ...(event.operation === undefined ? {} : { operation: names.known(event.operation) }),
      }));
      return { ...source, name, events };
    }),
  };
}

async function readTicket(
  path: string,
  encoding: Encoding,
  names: Names,
  signal?: AbortSignal,
): Promise<Incident[]> {
  const lines: FileLine[] = [];
  for await (const line of linesOf(path, encoding, signal)) lines.push(line);
  const file = nameOf(path, names);
  const incidents: Incident[] = [];
  for (const { title, logs } of excerptsOf(lines)) {
    const sources: IncidentSource[] = [];
    for (const { label, side, lines: own } of logs) {
      const name = logs.length === 1 ? file : `${file} ${label}`;
      sources.push(await readIncidentLog(own, { name, names, ...(side && { side }) }));
    }
    incidents.push({ title: names.replace(title), sources: onOneClock(sources) });
  }
  return incidents;
}

/** A file may be called as its host is; its ending is no part of that. */
function nameOf(path: string, names: Names): string {
  const ending = extname(path);
  return names.replace(basename(path, ending)) + ending;
}

async function headOf(path: string): Promise<{ head: Uint8Array; bytes: number }> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw wrong(path, 'is a directory', 'Name the log files in it.');
    if (!found.isFile())
      throw wrong(
        path,
        'is no plain file',
        'Save what comes from it as a file first: it is read more than once.',
      );
    await using file = await open(path);
    const head = new Uint8Array(headBytes);
    const { bytesRead } = await file.read(head, 0, headBytes, 0);
    if (bytesRead === 0)
      throw wrong(path, 'is empty', 'Name a log, a HAR file or a capture that has something in it.');
    return { head: head.subarray(0, bytesRead), bytes: found.size };
  } catch (cause) {
    if (cause instanceof LabError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT') throw wrong(path, 'is not there', 'Check the path.', cause);
    throw wrong(path, `cannot be read (${code})`, 'Check its permissions.', cause);
  }
}

/** gzip, zip, zstd, xz, bzip2. */
const isCompressed = (head: Uint8Array): boolean =>
  ['1f8b', '504b0304', '28b52ffd', 'fd377a58', '425a68'].some((magic) =>
    Buffer.from(head.subarray(0, 4)).toString('hex').startsWith(magic),
  );

/** Told by its byte order mark. */
const isUtf32 = (head: Uint8Array): boolean =>
  ['fffe0000', '0000feff'].includes(Buffer.from(head.subarray(0, 4)).toString('hex'));

const compressed = (path: string): LabError =>
  wrong(path, 'is compressed', 'Unpack it first, as with `gunzip` or `unzip`, and name what was in it.');

const unreadable = (path: string): LabError =>
  wrong(
    path,
    'is binary, and neither a HAR file nor a capture',
    'Name a log as text, a HAR file, or a pcap or pcapng capture.',
  );

function wrong(path: string, what: string, hint: string, cause?: unknown): LabError {
  return new LabError('LAB_BAD_INPUT', `${path} ${what}`, {
    hint,
    ...(cause === undefined ? {} : { cause }),
  });
}
