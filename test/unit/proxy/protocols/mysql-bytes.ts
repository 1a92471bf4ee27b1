/** Packets of MySQL's protocol for tests, as MariaDB 10.11 and mysql2 send them. */
import { capability } from '../../../../proxy/protocols/mysql-login.ts';
import { writePacket } from '../../../../proxy/protocols/mysql-packets.ts';

/** Recorded: the greeting of MariaDB 10.11.19, with TLS on offer. */
export const greeting = Buffer.from(
  '640000000a352e352e352d31302e31312e31392d4d6172696144422d302b6465623132753100060000002d403c4a4249293000' +
    'feff2d0200ff81150000000000001d0000005642283d3d5a2b6849753133006d7973716c5f6e61746976655f70617373776f726400',
  'hex',
);

const mariadb = capability.protocol41 | 0x81;

/** A client's login with these further capabilities. */
export function login(capabilities = 0, { user = 'app', sequence = 1 } = {}): Buffer {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE((mariadb | capabilities) >>> 0, 0);
  fixed.writeUInt32LE(0xffffff, 4);
  fixed.writeUInt8(45, 8);
  return writePacket(
    sequence,
    Buffer.concat([fixed, Buffer.from(`${user}\0\x03abcmysql_native_password\0`)]),
  );
}

/** The short login that asks for TLS. */
export const asksForTls = (): Buffer => {
  const fixed = Buffer.alloc(32);
  fixed.writeUInt32LE(mariadb | capability.ssl, 0);
  return writePacket(1, fixed);
};

/** Status flags of OK and EOF. */
export const status = { autocommit: 2, moreResults: 8, cursorExists: 64 };

const withStatus = (flags: number): Buffer => Buffer.from([flags & 0xff, flags >> 8, 0, 0]);

export const ok = (sequence: number, flags = status.autocommit): Buffer =>
  writePacket(sequence, Buffer.concat([Buffer.from([0, 1, 0]), withStatus(flags)]));

/** The end of columns or rows in the older form, with the number of warnings before the flags. */
export const eof = (sequence: number, flags = status.autocommit): Buffer =>
  writePacket(sequence, Buffer.concat([Buffer.from([0xfe, 0, 0]), withStatus(flags).subarray(0, 2)]));

/** The end of rows where the older form is deprecated. */
export const okAsEof = (sequence: number, flags = status.autocommit): Buffer =>
  writePacket(sequence, Buffer.concat([Buffer.from([0xfe, 0, 0]), withStatus(flags)]));

/** A command with the rest of its payload. */
export const command = (code: number, rest: Buffer | string = ''): Buffer =>
  writePacket(0, Buffer.concat([Buffer.from([code]), Buffer.from(rest)]));

export const query = (sql: string): Buffer => command(0x03, sql);

export const columnCount = (sequence: number, count: number, more: readonly number[] = []): Buffer =>
  writePacket(sequence, Buffer.from([count, ...more]));

const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);

export const column = (sequence: number, name: string): Buffer =>
  writePacket(
    sequence,
    Buffer.concat([
      ...['def', 'db', 't', 't', name, name].map(text),
      Buffer.from('0c3f000b00000003000000000000', 'hex'),
    ]),
  );

export const row = (sequence: number, ...values: string[]): Buffer =>
  writePacket(sequence, Buffer.concat(values.map(text)));

/** A result set with one column, in the older form. */
export function resultSet(values: readonly string[], { from = 1, flags = status.autocommit } = {}): Buffer {
  const head = [columnCount(from, 1), column(from + 1, 'a'), eof(from + 2)];
  const rows = values.map((value, index) => row(from + 3 + index, value));
  return Buffer.concat([...head, ...rows, eof(from + 3 + values.length, flags)]);
}

export const errorAnswer = (sequence: number, code: number, message: string): Buffer =>
  writePacket(
    sequence,
    Buffer.concat([Buffer.from([0xff, code & 0xff, code >> 8]), Buffer.from(`#42S02${message}`)]),
  );
