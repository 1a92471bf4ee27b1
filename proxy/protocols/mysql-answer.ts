/**
 * Follows the server's answer to one command, packet by packet, to where it ends: ok or err, result sets of which more
 * may follow, the definitions of a prepared statement, a request for a local file.
 *
 * Where the capabilities are not known, because the reader came late, it goes by what the packets look like.
 */
import { capability } from './mysql-login.ts';
import { type Packet, PayloadCursor } from './mysql-packets.ts';

/** Commands by their number. */
export const command = {
  quit: 0x01,
  query: 0x03,
  fieldList: 0x04,
  statistics: 0x09,
  changeUser: 0x11,
  binlogDump: 0x12,
  tableDump: 0x13,
  prepare: 0x16,
  execute: 0x17,
  sendLongData: 0x18,
  closeStatement: 0x19,
  fetch: 0x1c,
  binlogDumpGtid: 0x1e,
  bulkExecute: 0xfa,
} as const;

/** What a packet of an answer is. */
export type AnswerPart =
  | 'ok'
  | 'error'
  | 'columns'
  | 'column'
  | 'row'
  /** The end of columns or rows. */
  | 'eof'
  /** The server asks for a local file; the client sends that now. */
  | 'file'
  /** Anything else that is no end: progress, authentication. */
  | 'other';

/** A packet of an answer, and whether it is the last. */
export interface AnswerStep {
  readonly part: AnswerPart;
  readonly ends: boolean;
}

const ok = 0x00;
const file = 0xfb;
const eofHeader = 0xfe;
const err = 0xff;
const plainEofBytes = 5;
const shortestOkBytes = 7;
/** A row that begins with 0xfe begins with a value of 16 MiB. */
const largestEofBytes = 0xfffffe;
const progressCode = 0xffff;

const status = { moreResults: 0x0008, cursorExists: 0x0040 } as const;

export class Answer {
  readonly #code: number;
  readonly #capabilities: number | undefined;
  #state: 'first' | 'columns' | 'columnsEnd' | 'rows' | 'definitions' = 'first';
  #columnsLeft = 0;
  /** What is left of a prepared statement's definitions: so many, then eofHeader where that is not deprecated. */
  #definitionsLeft: number[] = [];
  /** Of the statement that was prepared. */
  statementId: number | undefined;

  /** `code` is the command's number; capabilities are those that both sides have, undefined when not known. */
  constructor(code: number, capabilities: number | undefined) {
    this.#code = code;
    this.#capabilities = capabilities;
    if (code === command.fetch) this.#state = 'rows';
  }

  /** Takes the next packet; the packets that continue one are not to be given. */
  read(packet: Packet): AnswerStep {
    if (this.#state === 'first') return this.#first(packet);
    if (this.#state === 'columns') return this.#column();
    if (this.#state === 'definitions') return this.#definition(packet);
    return this.#row(packet);
  }

  #first(packet: Packet): AnswerStep {
    const { head, length } = packet;
    const [first = ok] = head;
    if (first === err) return this.#error(head);
    if (this.#code === command.statistics) return { part: 'other', ends: true };
    if (this.#code === command.changeUser) return { part: first === ok ? 'ok' : 'other', ends: first === ok };
    if (this.#code === command.fieldList) return this.#field(packet);
    if (this.#code === command.prepare) return this.#prepared(head);
    if (first === file) return { part: 'file', ends: false };
    if (first === eofHeader) return { part: 'eof', ends: true };
    if (first === ok && length >= shortestOkBytes) return this.#end('ok', packet);
    return this.#columns(packet);
  }

  #error(head: Buffer): AnswerStep {
    const progress = new PayloadCursor(head, 1).uint(2) === progressCode;
    return progress ? { part: 'other', ends: false } : { part: 'error', ends: true };
  }

  #field({ head, length }: Packet): AnswerStep {
    const ends = head[0] === eofHeader && length <= shortestOkBytes;
    return { part: ends ? 'eof' : 'column', ends };
  }

  #columns({ head, length }: Packet): AnswerStep {
    const cursor = new PayloadCursor(head);
    const flagFirst = this.#has(capability.optionalMetadata) === true;
    const announced = flagFirst ? cursor.uint(1) : 1;
    const count = cursor.lengthEncoded();
    const follows = cursor.position < length ? cursor.uint(1) : announced;
    this.#columnsLeft = follows === 0 ? 0 : count;
    this.#state = this.#columnsLeft > 0 ? 'columns' : 'columnsEnd';
    return { part: 'columns', ends: false };
  }

  #column(): AnswerStep {
    this.#columnsLeft -= 1;
    if (this.#columnsLeft === 0) this.#state = 'columnsEnd';
    return { part: 'column', ends: false };
  }

  /** After the columns: their eofHeader where that is not deprecated, rows, the end. */
  #row(packet: Packet): AnswerStep {
    const { head, length } = packet;
    const afterColumns = this.#state === 'columnsEnd';
    this.#state = 'rows';
    if (head[0] === err) return this.#error(head);
    if (head[0] !== eofHeader || length > largestEofBytes) return { part: 'row', ends: false };
    const more = afterColumns && length === plainEofBytes && (statusOf(packet) & status.cursorExists) === 0;
    return more ? { part: 'eof', ends: false } : this.#end('eof', packet);
  }

  #end(part: 'ok' | 'eof', packet: Packet): AnswerStep {
    const ends = (statusOf(packet) & status.moreResults) === 0;
    if (!ends) this.#state = 'first';
    return { part, ends };
  }

  #prepared(head: Buffer): AnswerStep {
    const cursor = new PayloadCursor(head, 1);
    this.statementId = cursor.uint(4);
    const columns = cursor.uint(2);
    const parameters = cursor.uint(2);
    const withoutMetadata = this.#has(capability.optionalMetadata) === true && head[12] === 0;
    const counts = withoutMetadata ? [] : [parameters, columns].filter((count) => count > 0);
    const eof = this.#has(capability.deprecateEof) === false ? 1 : 0;
    this.#definitionsLeft = counts.map((count) => count + eof);
    this.#state = 'definitions';
    return { part: 'ok', ends: counts.length === 0 };
  }

  #definition({ head, length }: Packet): AnswerStep {
    const eof = head[0] === eofHeader && length === plainEofBytes;
    const [left = 1, ...more] = this.#definitionsLeft;
    const counts = !eof || this.#capabilities !== undefined;
    this.#definitionsLeft = counts && left === 1 ? more : [left - (counts ? 1 : 0), ...more];
    return { part: eof ? 'eof' : 'column', ends: this.#definitionsLeft.length === 0 };
  }

  #has(flag: number): boolean | undefined {
    return this.#capabilities === undefined ? undefined : (this.#capabilities & flag) !== 0;
  }
}

/** The server's status in an ok packet, or in an eofHeader packet of the older kind. */
function statusOf({ head, length }: Packet): number {
  if (length === plainEofBytes) return new PayloadCursor(head, 3).uint(2);
  const cursor = new PayloadCursor(head, 1);
  cursor.lengthEncoded();
  cursor.lengthEncoded();
  return cursor.uint(2);
}
