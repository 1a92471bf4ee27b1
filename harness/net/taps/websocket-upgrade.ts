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

const END_OF_HEAD = Buffer.from('\r\n\r\n');
/** Node's own limit is 16 KiB. */
const LARGEST_HEAD = 64 * 1024;

/** Collects one head from chunks. */
export class HeadReader {
  readonly #begins: Buffer;
  #held: Buffer = Buffer.alloc(0);

  /** A head begins with this text. */
  constructor(begins: string) {
    this.#begins = Buffer.from(begins);
  }

  /** Takes bytes: a head once it is complete, `false` when there is none, undefined when more is needed. */
  push(bytes: Buffer): Head | false | undefined {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const start = Math.min(this.#held.length, this.#begins.length);
    if (!this.#held.subarray(0, start).equals(this.#begins.subarray(0, start))) return false;
    const end = this.#held.indexOf(END_OF_HEAD);
    if (end < 0) return this.#held.length > LARGEST_HEAD ? false : undefined;

    const head = this.#held.subarray(0, end + END_OF_HEAD.length);
    this.#held = this.#held.subarray(head.length);
    return parseHead(head);
  }

  /** What is no head, or not yet; the reader forgets it. */
  takeRest(): Buffer {
    const rest = this.#held;
    this.#held = Buffer.alloc(0);
    return rest;
  }
}

function parseHead(bytes: Buffer): Head {
  const [startLine = '', ...lines] = bytes.toString('latin1').trimEnd().split('\r\n');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  return { bytes, startLine, headers };
}

/** Whether the request asks for an upgrade to WebSocket. */
export function asksForWebSocket({ headers }: Head): boolean {
  return headers.get('upgrade')?.toLowerCase() === 'websocket' && headers.has('sec-websocket-key');
}

/** The status of an answer; 0 when its first line is none. */
export function statusOf({ startLine }: Head): number {
  return Number(/^HTTP\/1\.\d (\d{3})\b/.exec(startLine)?.[1] ?? 0);
}
