/**
 * Finds the HTTP/1.1 upgrade to WebSocket on a connection (RFC 6455, section 4): the head of the request, then that of
 * its answer. Other requests may come before it. What they carry is not parsed; a request is looked for at the start,
 * and whenever the client speaks after the server did.
 */

/** The head of a request or of an answer, with its empty line. */
export interface Head {
  readonly bytes: Buffer;
  readonly startLine: string;
  /** By name in lower case; of a header that comes twice the last. */
  readonly headers: ReadonlyMap<string, string>;
}

/** A line feed alone ends a line, too (RFC 9112, section 2.2). */
const endOfHead = /\n\r?\n/;
/** Node's own limit is 16 KiB. */
const largestHead = 64 * 1024;

/** How the heads begin that are looked for: their first bytes, and all of the first line. */
const beginnings = {
  request: { bytes: Buffer.from('GET '), line: /^GET \S+ HTTP\/1\.\d\r?\n/ },
  answer: { bytes: Buffer.from('HTTP/1.'), line: /^HTTP\/1\.\d \d{3}\b[^\n]*\n/ },
} as const;

/** Collects one head from chunks. */
export class HeadReader {
  readonly #beginning: (typeof beginnings)[keyof typeof beginnings];
  #held: Buffer = Buffer.alloc(0);

  constructor(of: keyof typeof beginnings) {
    this.#beginning = beginnings[of];
  }

  /** Whether no head is under way. */
  get empty(): boolean {
    return this.#held.length === 0;
  }

  /** Whether the bytes that are held may be no head: their first line is not whole. */
  get undecided(): boolean {
    return this.#held.length > 0 && !this.#held.includes('\n');
  }

  /** Takes bytes: a head once it is complete, `false` when there is none, undefined when more is needed. */
  push(bytes: Buffer): Head | false | undefined {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    if (!this.#canBecomeHead()) return false;
    const end = endOfHead.exec(this.#held.toString('latin1'));
    if (!end) return this.#held.length > largestHead ? false : undefined;

    const head = this.#held.subarray(0, end.index + end[0].length);
    this.#held = this.#held.subarray(head.length);
    return parseHead(head);
  }

  #canBecomeHead(): boolean {
    const { bytes, line } = this.#beginning;
    const known = Math.min(this.#held.length, bytes.length);
    const begins = this.#held.subarray(0, known).equals(bytes.subarray(0, known));
    const endOfLine = this.#held.indexOf('\n') + 1;
    return begins && (endOfLine === 0 || line.test(this.#held.toString('latin1', 0, endOfLine)));
  }

  /** What is no head, or not yet; the reader forgets it. */
  takeRest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }
}

function parseHead(bytes: Buffer): Head {
  const [startLine = '', ...lines] = bytes.toString('latin1').trimEnd().split(/\r?\n/);
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { bytes, startLine, headers };
}

/** How many bytes are empty lines before a request, of which a server thinks nothing (RFC 9112, section 2.2). */
export function emptyLinesBefore(bytes: Buffer): number {
  const from = bytes.findIndex((byte) => byte !== 0x0d && byte !== 0x0a);
  return from < 0 ? bytes.length : from;
}

/** Whether the request asks for an upgrade to WebSocket. */
export function asksForWebSocket({ headers }: Head): boolean {
  const protocols =
    headers
      .get('upgrade')
      ?.toLowerCase()
      .split(/[ \t]*,[ \t]*/) ?? [];
  return protocols.includes('websocket') && headers.has('sec-websocket-key');
}

/** The status of an answer; 0 when its first line is none. */
export function statusOf({ startLine }: Head): number {
  return Number(/^HTTP\/1\.\d (\d{3})\b/.exec(startLine)?.[1] ?? 0);
}
