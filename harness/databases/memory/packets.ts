/**
 * MySQL's client/server protocol from the side of the server (MySQL Internals, "Client/Server Protocol", 4.1): packets are
 * taken apart and put together here.
 */
import type { SQLInputValue } from 'node:sqlite';
import { sqlTime } from './functions.ts';
import type { Result, ResultColumn } from './schema-store.ts';
import type { SqlError } from './sql-error.ts';

/** What the server can do. */
export const capabilities = {
  longPassword: 0x1,
  foundRows: 0x2,
  longFlag: 0x4,
  connectWithDatabase: 0x8,
  protocol41: 0x200,
  tls: 0x800,
  transactions: 0x2000,
  secureConnection: 0x8000,
  multiResults: 0x20000,
  pluginAuthentication: 0x80000,
  connectAttributes: 0x100000,
  lengthEncodedAuthentication: 0x200000,
} as const;

/** Bytes are put together here. */
class Writer {
  readonly #parts: Buffer[] = [];

  int(value: number | bigint, bytes: number): this {
    const part = Buffer.alloc(bytes);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (let at = 0; at < bytes; at += 1) {
      part[at] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.raw(part);
  }

  double(value: number): this {
    const part = Buffer.alloc(8);
    part.writeDoubleLE(value);
    return this.raw(part);
  }

  lengthInt(value: number | bigint): this {
    const size = BigInt(value);
    if (size < 251n) return this.int(size, 1);
    if (size < 0x10000n) return this.int(0xfc, 1).int(size, 2);
    if (size < 0x1000000n) return this.int(0xfd, 1).int(size, 3);
    return this.int(0xfe, 1).int(size, 8);
  }

  lengthText(value: string | Buffer): this {
    const bytes = Buffer.from(value as string);
    return this.lengthInt(bytes.length).raw(bytes);
  }

  raw(part: Buffer): this {
    this.#parts.push(part);
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Bytes are taken apart here. */
export class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  skip(count: number): void {
    this.#at += count;
  }

  int(bytes: number): number {
    return Number(this.bigint(bytes));
  }

  bigint(bytes: number): bigint {
    let value = 0n;
    for (let at = bytes - 1; at >= 0; at -= 1)
      value = (value << 8n) | BigInt(this.#bytes[this.#at + at] ?? 0);
    this.#at += bytes;
    return value;
  }

  double(): number {
    const value = this.#bytes.readDoubleLE(this.#at);
    this.#at += 8;
    return value;
  }

  float(): number {
    const value = this.#bytes.readFloatLE(this.#at);
    this.#at += 4;
    return value;
  }

  take(count: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return part;
  }

  lengthInt(): number {
    const first = this.int(1);
    if (first < 0xfb) return first;
    return this.int({ 252: 2, 253: 3, 254: 8 }[first] ?? 0);
  }

  text(): string {
    return this.take(this.left).toString();
  }

  untilNul(): string {
    const end = this.#bytes.indexOf(0, this.#at);
    const text = this.take((end < 0 ? this.#bytes.length : end) - this.#at).toString();
    this.#at += 1;
    return text;
  }
}

/** The greeting, with the 20 bytes that the password is hashed with. */
export function greeting(version: string, id: number, scramble: Buffer, tls: boolean): Buffer {
  const { tls: tlsFlag, ...always } = capabilities;
  const flags = Object.values(always).reduce((all, flag) => all | flag, tls ? tlsFlag : 0);
  return new Writer()
    .int(10, 1)
    .raw(Buffer.from(`${version}\0`))
    .int(id, 4)
    .raw(scramble.subarray(0, 8))
    .int(0, 1)
    .int(flags & 0xffff, 2)
    .int(45, 1) // utf8mb4_general_ci
    .int(2, 2) // autocommit
    .int(flags >>> 16, 2)
    .int(21, 1)
    .raw(Buffer.alloc(10))
    .raw(scramble.subarray(8, 20))
    .int(0, 1)
    .raw(Buffer.from('mysql_native_password\0'))
    .done();
}

/** What a client says of itself. */
export interface Login {
  readonly user: string;
  readonly token: Buffer;
  readonly database: string | undefined;
}

/** Whether a client's first packet asks for TLS. */
export const asksForTls = (packet: Buffer): boolean =>
  packet.length === 32 && (packet.readUInt32LE(0) & capabilities.tls) !== 0;

export function readLogin(packet: Buffer): Login {
  const reader = new Reader(packet);
  const flags = reader.int(4);
  reader.skip(4 + 1 + 23);
  const user = reader.untilNul();
  const isLong = (flags & capabilities.lengthEncodedAuthentication) !== 0;
  const token = reader.take(isLong ? reader.lengthInt() : reader.int(1));
  const database = (flags & capabilities.connectWithDatabase) === 0 ? '' : reader.untilNul();
  return { user, token, database: database === '' ? undefined : database };
}

const status = (inTransaction: boolean): number => (inTransaction ? 3 : 2);

export function okPacket(
  result: { affected: number; insertId: bigint; info?: string },
  inTransaction: boolean,
): Buffer {
  return new Writer()
    .int(0, 1)
    .lengthInt(result.affected)
    .lengthInt(result.insertId)
    .int(status(inTransaction), 2)
    .int(0, 2)
    .raw(Buffer.from(result.info ?? ''))
    .done();
}

export function errorPacket({ errno, sqlState, message }: SqlError): Buffer {
  return new Writer()
    .int(0xff, 1)
    .int(errno, 2)
    .raw(Buffer.from(`#${sqlState}${message}`))
    .done();
}

const endPacket = (inTransaction: boolean): Buffer =>
  new Writer().int(0xfe, 1).int(0, 2).int(status(inTransaction), 2).done();

/** The types of the protocol. */
const types = {
  integer: 8,
  double: 5,
  decimal: 246,
  text: 253,
  bytes: 252,
  datetime: 12,
  json: 245,
  nothing: 6,
} as const;
type WireType = keyof typeof types;
const binaryCharset = 63;

interface WireColumn extends ResultColumn {
  readonly wire: WireType;
}

/** A result set: its columns, and a packet for each row, as text or (for a prepared statement) in binary. */
export function resultPackets(
  result: Extract<Result, { rows: unknown }>,
  inTransaction: boolean,
  form: 'text' | 'binary',
): Buffer[] {
  const columns = result.columns.map((column, at) => ({
    ...column,
    wire: column.type ?? guessed(result.rows, at),
  }));
  const row = form === 'text' ? textRow : binaryRow;
  return [
    new Writer().lengthInt(columns.length).done(),
    ...columns.map(columnPacket),
    endPacket(inTransaction),
    ...result.rows.map((values) => row(values, columns)),
    endPacket(inTransaction),
  ];
}

/** What an expression gives is seen by its values. */
function guessed(rows: readonly (readonly unknown[])[], at: number): WireType {
  const value = rows.map((row) => row[at]).find((given) => given !== null);
  if (value === undefined) return 'nothing';
  if (typeof value === 'bigint') return 'integer';
  if (typeof value === 'number') return 'double';
  if (value instanceof Uint8Array) return 'bytes';
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?$/.test(String(value)) ? 'datetime' : 'text';
}

function columnPacket({ name, table, wire, digits, unsigned }: WireColumn): Buffer {
  const isText = wire === 'text';
  return new Writer()
    .lengthText('def')
    .lengthText('')
    .lengthText(table)
    .lengthText(table)
    .lengthText(name)
    .lengthText(name)
    .lengthInt(0x0c)
    .int(isText ? 45 : binaryCharset, 2)
    .int(0xffff, 4)
    .int(types[wire], 1)
    .int((unsigned ? 0x20 : 0) | (isText || wire === 'nothing' ? 0 : 0x80), 2)
    .int(wire === 'datetime' ? digits : 0, 1)
    .int(0, 2)
    .done();
}

/** As text; times to the digits of their column. */
function textOf(value: unknown, { wire, digits }: WireColumn): string | Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value);
  if (wire !== 'datetime') return String(value);
  return sqlTime(
    Date.parse(`${String(value).replace(' ', 'T')}${String(value).length > 10 ? 'Z' : 'T00:00:00Z'}`),
    digits,
  );
}

function textRow(values: readonly unknown[], columns: readonly WireColumn[]): Buffer {
  const row = new Writer();
  for (const [at, column] of columns.entries()) {
    if (values[at] === null) row.int(0xfb, 1);
    else row.lengthText(textOf(values[at], column) as string);
  }
  return row.done();
}

function binaryRow(values: readonly unknown[], columns: readonly WireColumn[]): Buffer {
  const nulls = Buffer.alloc((columns.length + 9) >> 3);
  const row = new Writer();
  for (const [at, column] of columns.entries()) {
    const value = values[at];
    if (value === null || column.wire === 'nothing') {
      const bit = at + 2;
      nulls[bit >> 3] = (nulls[bit >> 3] ?? 0) | (1 << (bit & 7));
    } else if (column.wire === 'integer') row.int(value as bigint, 8);
    else if (column.wire === 'double') row.double(Number(value));
    else if (column.wire === 'datetime') binaryTime(row, String(textOf(value, { ...column, digits: 3 })));
    else row.lengthText(textOf(value, column) as string);
  }
  return new Writer().int(0, 1).raw(nulls).raw(row.done()).done();
}

function binaryTime(row: Writer, text: string): void {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, ms = 0] = text
    .split(/\D/)
    .map(Number);
  row
    .int(11, 1)
    .int(year, 2)
    .int(month, 1)
    .int(day, 1)
    .int(hour, 1)
    .int(minute, 1)
    .int(second, 1)
    .int(ms * 1_000, 4);
}

/** The answer to a statement that was prepared: its number, and as many parameters. */
export function preparedPackets(id: number, parameters: number): Buffer[] {
  const head = new Writer().int(0, 1).int(id, 4).int(0, 2).int(parameters, 2).int(0, 1).int(0, 2).done();
  if (parameters === 0) return [head];
  const column = { name: '?', table: '', type: 'text', digits: 0, unsigned: false, wire: 'text' } as const;
  return [head, ...Array.from({ length: parameters }, () => columnPacket(column)), endPacket(false)];
}

/** The parameters of an execution; `known` are their types from an earlier one, which a client need not repeat. */
export function readParameters(
  reader: Reader,
  count: number,
  known: readonly number[],
): { values: SQLInputValue[]; types: readonly number[] } {
  if (count === 0) return { values: [], types: [] };
  const nulls = reader.take((count + 7) >> 3);
  const isNew = reader.int(1) === 1;
  const given = isNew ? Array.from({ length: count }, () => reader.int(2)) : known;
  const values = given.map((type, at) =>
    ((nulls[at >> 3] ?? 0) >> (at & 7)) & 1 ? null : parameterOf(reader, type & 0xff, (type & 0x8000) !== 0),
  );
  return { values, types: given };
}

/** Sizes of whole numbers by type. */
const integerBytes: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 4, 8: 8, 9: 4, 13: 2 };

function parameterOf(reader: Reader, type: number, unsigned: boolean): SQLInputValue {
  const bytes = integerBytes[type];
  if (bytes !== undefined) {
    const value = reader.bigint(bytes);
    return unsigned ? value : BigInt.asIntN(bytes * 8, value);
  }
  if (type === 6) return null;
  if (type === 5) return wholeIfWhole(reader.double());
  if (type === 4) return wholeIfWhole(reader.float());
  if (type === 7 || type === 10 || type === 12) return timeParameter(reader);
  const text = reader.take(reader.lengthInt());
  return type >= 249 && type <= 252 ? Uint8Array.from(text) : text.toString();
}

/** JavaScript has one kind of number; a whole one is meant as such. */
const wholeIfWhole = (value: number): SQLInputValue => (Number.isSafeInteger(value) ? BigInt(value) : value);

function timeParameter(reader: Reader): string {
  const size = reader.int(1);
  const rest = new Reader(reader.take(size));
  const [year, month, day] = [rest.int(2), rest.int(1), rest.int(1)];
  const [hour, minute, second] = size > 4 ? [rest.int(1), rest.int(1), rest.int(1)] : [0, 0, 0];
  const micros = size > 7 ? rest.int(4) : 0;
  return sqlTime(Date.UTC(year, month - 1, day, hour, minute, second, Math.round(micros / 1_000)));
}
