import { expect, it } from 'vitest';
import type { Stream } from '../../../../proxy/core/events.ts';
import { MysqlReader } from '../../../../proxy/protocols/mysql.ts';
import { capability, looksLikeMysql, parseGreeting } from '../../../../proxy/protocols/mysql-login.ts';
import { errorPayload, PacketReader, writePacket } from '../../../../proxy/protocols/mysql-packets.ts';
import fc from '../../../support/fast-check.ts';
import {
  asksForTls,
  column,
  columnCount,
  command,
  eof,
  errorAnswer,
  greeting,
  login,
  ok,
  okAsEof,
  query,
  resultSet,
  row,
  status,
} from './mysql-bytes.ts';

/** A reader with words for what it reads. */
class Told {
  readonly reader: MysqlReader;

  constructor({ joinedLate = false } = {}) {
    this.reader = new MysqlReader({ joinedLate });
  }

  read(stream: Stream, bytes: Buffer): string[] {
    return this.reader.read(stream, bytes).flatMap((part) => {
      if (part.kind === 'other') return ['other'];
      const { role, begins } = part;
      if (!begins) return [];
      if (role.kind === 'command') return [`${role.command.code} ${role.command.statement}`.trim()];
      return role.kind === 'answer' ? [`${role.part}${role.ends ? '.' : ''}`] : [role.kind];
    });
  }

  client(...packets: Buffer[]): string[] {
    return this.read('upstream', Buffer.concat(packets));
  }

  server(...packets: Buffer[]): string[] {
    return this.read('downstream', Buffer.concat(packets));
  }
}

/** One whose client is logged in with these capabilities. */
function loggedIn(capabilities = 0): Told {
  const told = new Told();
  told.server(capabilities === 0 ? greeting : offering(capabilities));
  told.client(login(capabilities));
  told.server(ok(2));
  return told;
}

/** The recorded greeting with these capabilities added. */
function offering(capabilities: number): Buffer {
  const bytes = Buffer.from(greeting);
  const at = 4 + (parseGreeting(bytes.subarray(4))?.capabilitiesAt ?? 0);
  bytes.writeUInt16LE(bytes.readUInt16LE(at) | (capabilities & 0xffff), at);
  bytes.writeUInt16LE(bytes.readUInt16LE(at + 5) | (capabilities >>> 16), at + 5);
  return bytes;
}

it('reads the greeting of MariaDB', () => {
  const read = parseGreeting(greeting.subarray(4));

  expect(read?.serverVersion).toBe('5.5.5-10.11.19-MariaDB-0+deb12u1');
  expect((read?.capabilities ?? 0) & capability.ssl).toBe(capability.ssl);
  expect((read?.capabilities ?? 0) & capability.deprecateEof).toBe(capability.deprecateEof);
});

it('tells MySQL by its first bytes', () => {
  expect(looksLikeMysql(greeting)).toBe(true);
  expect(looksLikeMysql(Buffer.from('17000000ff1004546f6f', 'hex'))).toBe(true);
  expect(looksLikeMysql(Buffer.from('HTTP/1.1 200 OK'))).toBe(false);
  expect(looksLikeMysql(Buffer.from('SSH-2.0'))).toBe(false);
  expect(looksLikeMysql(Buffer.alloc(0))).toBe(false);
});

it('writes the error of a server with too many connections as MariaDB does', () => {
  const packet = writePacket(0, errorPayload(1040, '', 'Too many connections'));

  expect(packet.toString('hex')).toBe('17000000ff1004546f6f206d616e7920636f6e6e656374696f6e73');
});

it('tells the way in: greeting, login, another method, in', () => {
  const told = new Told();

  expect(told.server(greeting)).toEqual(['greeting']);
  expect(told.client(login())).toEqual(['login']);
  expect(told.server(writePacket(2, Buffer.from('\xfemysql_native_password\0abc\0', 'latin1')))).toEqual([
    'authentication',
  ]);
  expect(told.client(writePacket(3, Buffer.from('hash')))).toEqual(['authentication']);
  expect(told.reader.idle).toBe(false);
  expect(told.server(ok(4))).toEqual(['authentication']);
  expect(told.reader.idle).toBe(true);
});

it('gives up when TLS begins, when compression was agreed on, and when it is no MySQL', () => {
  const tls = new Told();
  tls.server(greeting);
  expect(tls.client(asksForTls())).toEqual(['other']);
  expect(tls.client(query('SELECT 1'))).toEqual(['other']);
  expect(tls.server(ok(1))).toEqual(['other']);

  const compressed = new Told();
  compressed.server(offering(capability.compress));
  compressed.client(login(capability.compress));
  compressed.server(ok(2));
  expect(compressed.client(query('SELECT 1'))).toEqual(['other']);

  expect(new Told().server(Buffer.from('OK'))).toEqual(['other']);
  expect(new Told().server(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toEqual(['other']);
  expect(new Told().client(Buffer.from('G'))).toEqual(['other']);
});

it('keeps the bytes of a direction in order when it gives up in the other', () => {
  const told = new Told();
  told.server(greeting);
  expect(told.server(Buffer.from([1, 0]))).toEqual([]);
  told.client(asksForTls());

  const parts = told.reader.read('downstream', Buffer.from([2, 3]));
  expect(Buffer.concat(parts.map(({ bytes }) => bytes))).toEqual(Buffer.from([1, 0, 2, 3]));
});

it('follows a result set in either form', () => {
  const older = loggedIn();
  expect(older.client(query('SELECT a FROM t'))).toEqual(['3 SELECT a FROM t']);
  expect(older.server(resultSet(['x', 'y']))).toEqual(['columns', 'column', 'eof', 'row', 'row', 'eof.']);

  const newer = loggedIn(capability.deprecateEof);
  newer.client(query('SELECT a FROM t'));
  expect(newer.server(columnCount(1, 1), column(2, 'a'), row(3, 'x'), okAsEof(4))).toEqual([
    'columns',
    'column',
    'row',
    'eof.',
  ]);
  newer.client(query('SELECT a FROM t WHERE FALSE'));
  expect(newer.server(columnCount(1, 1), column(2, 'a'), okAsEof(3))).toEqual(['columns', 'column', 'eof.']);
});

it('follows several results of one query, and an error that ends them', () => {
  const told = loggedIn();
  told.client(query('SELECT 1; DO 0; SELECT nonsense'));

  expect(
    told.server(
      resultSet(['1'], { flags: status.moreResults }),
      ok(6, status.moreResults),
      errorAnswer(7, 1054, 'Unknown column'),
    ),
  ).toEqual(['columns', 'column', 'eof', 'row', 'eof', 'ok', 'error.']);
  expect(told.reader.idle).toBe(true);
});

it('follows an error after rows, and a cursor that has none yet', () => {
  const told = loggedIn();
  told.client(query('SELECT slow'));
  expect(
    told.server(columnCount(1, 1), column(2, 'a'), eof(3), row(4, 'x'), errorAnswer(5, 1317, 'interrupted')),
  ).toEqual(['columns', 'column', 'eof', 'row', 'error.']);

  told.client(command(0x17, Buffer.alloc(9, 1)));
  expect(told.server(columnCount(1, 1), column(2, 'a'), eof(3, status.cursorExists))).toEqual([
    'columns',
    'column',
    'eof.',
  ]);
  told.client(command(0x1c, Buffer.alloc(8, 1)));
  expect(told.server(row(1, 'x'), row(2, 'y'), eof(3))).toEqual(['row', 'row', 'eof.']);
});

it('knows the text of prepared statements, and commands that have no answer', () => {
  const told = loggedIn();
  told.client(command(0x16, 'SELECT a FROM t WHERE a > ?'));
  const prepared = writePacket(1, Buffer.from([0, 7, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0]));
  expect(told.server(prepared, column(2, '?'), eof(3), column(4, 'a'), eof(5))).toEqual([
    'ok',
    'column',
    'eof',
    'column',
    'eof.',
  ]);
  const execute = command(0x17, Buffer.from([7, 0, 0, 0, 0, 1, 0, 0, 0]));
  expect(told.client(command(0x18, 'long data'), execute)).toEqual(['24', '23 SELECT a FROM t WHERE a > ?']);
  told.server(resultSet([]));
  expect(told.client(command(0x19, Buffer.from([7, 0, 0, 0])), query('DO 1'), command(0x01))).toEqual([
    '25',
    '3 DO 1',
    '1',
  ]);
  expect(told.server(ok(1))).toEqual(['ok.']);
});

it('knows the text of a statement that is executed before its number came, as MariaDB clients do', () => {
  const told = loggedIn();

  expect(told.client(command(0x16, 'DO ?'), command(0x17, Buffer.alloc(9, 0xff)))).toEqual([
    '22 DO ?',
    '23 DO ?',
  ]);
});

it('ends the definitions of a statement by their number where their EOF is deprecated', () => {
  const told = loggedIn(capability.deprecateEof);
  told.client(command(0x16, 'SELECT ?'));
  const prepared = writePacket(1, Buffer.from([0, 1, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0]));

  expect(told.server(prepared, column(2, '?'), column(3, '?'), column(4, 'a'))).toEqual([
    'ok',
    'column',
    'column',
    'column.',
  ]);
});

it('takes what follows a request for a local file for data, until the empty packet', () => {
  const told = loggedIn();
  told.client(query("LOAD DATA LOCAL INFILE 'f' INTO TABLE t"));
  expect(told.server(writePacket(1, Buffer.from('\xfbf', 'latin1')))).toEqual(['file']);

  expect(
    told.client(writePacket(2, Buffer.from('\x03not a query')), writePacket(3, Buffer.alloc(0))),
  ).toEqual(['data', 'data']);
  expect(told.server(ok(4))).toEqual(['ok.']);
  expect(told.client(query('DO 1'))).toEqual(['3 DO 1']);
});

it('does not take progress reports for errors', () => {
  const told = loggedIn();
  told.client(query('OPTIMIZE TABLE t'));

  expect(told.server(writePacket(1, Buffer.from([0xff, 0xff, 0xff, 1, 1, 1, 0, 0, 0, 0])), ok(2))).toEqual([
    'other',
    'ok.',
  ]);
});

it('follows a change of user through its authentication', () => {
  const told = loggedIn();
  told.client(command(0x11, 'other\0'));
  expect(told.server(writePacket(1, Buffer.from('\xfemysql_native_password\0', 'latin1')))).toEqual([
    'other',
  ]);
  expect(told.client(writePacket(2, Buffer.from('\x03hash')))).toEqual(['data']);
  expect(told.server(ok(3))).toEqual(['ok.']);
});

it('takes the odd answers for what they are', () => {
  const told = loggedIn();
  told.client(command(0x09));
  expect(told.server(writePacket(1, Buffer.from('Uptime: 1')))).toEqual(['other.']);
  told.client(command(0x0e));
  expect(told.server(ok(1))).toEqual(['ok.']);
  told.client(command(0x1b, Buffer.from([0, 0])));
  expect(told.server(eof(1))).toEqual(['eof.']);
  told.client(command(0x04, 't\0'));
  expect(told.server(column(1, 'a'), eof(2))).toEqual(['column', 'eof.']);
  expect(told.server(errorAnswer(0, 4031, 'inactivity'))).toEqual(['notice']);
});

it('leaves the metadata out where both sides agreed on that', () => {
  const told = loggedIn();
  told.client(query('cached'));

  expect(told.server(columnCount(1, 3, [0]), eof(2), row(3, 'x'), eof(4))).toEqual([
    'columns',
    'eof',
    'row',
    'eof.',
  ]);
});

it('reads the text after query attributes, when they have no values', () => {
  const told = loggedIn(capability.queryAttributes);

  expect(told.client(command(0x03, '\0\x01SELECT 1'))).toEqual(['3 SELECT 1']);
  told.server(ok(1));
  expect(told.client(command(0x03, '\x01\x01…SELECT 1'))).toEqual(['3']);
});

it('takes the parts of a payload over 16 MiB for one command, and one row', () => {
  const told = loggedIn();
  const most = Buffer.alloc(0xffffff, 'x');
  most[0] = 0x03;

  expect(told.client(writePacket(0, most), writePacket(1, Buffer.from('\x03rest')))[0]?.slice(0, 4)).toBe(
    '3 xx',
  );
  expect(told.server(columnCount(2, 1), column(3, 'a'), eof(4))).toHaveLength(3);
  expect(
    told.server(writePacket(5, Buffer.alloc(0xffffff, 0xfe)), writePacket(6, Buffer.from([0xfe])), eof(7)),
  ).toEqual(['row', 'row', 'eof.']);
});

it('gives up on commands whose answer has no end', () => {
  const told = loggedIn();

  expect(told.client(command(0x12, Buffer.alloc(10)))).toEqual(['other']);
  expect(told.server(ok(1))).toEqual(['other']);
});

it('begins with the first command on a connection that was open before it', () => {
  const told = new Told({ joinedLate: true });

  expect(told.server(row(7, 'of an answer that began before'))).toEqual(['other']);
  expect(told.client(Buffer.from('the rest of a long statement'))).toEqual(['other']);
  expect(told.client(query('SELECT 1'))).toEqual(['3 SELECT 1']);
  expect(told.server(resultSet(['1']))).toEqual(['columns', 'column', 'eof', 'row', 'eof.']);
  told.client(command(0x16, 'SELECT ?'));
  const prepared = writePacket(1, Buffer.from([0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0]));
  expect(told.server(prepared, column(2, '?'), eof(3))).toEqual(['ok', 'column.', 'notice']);
});

it('takes a command back, and tells the one before it', () => {
  const told = loggedIn();
  const [first, second] = told.reader
    .read('upstream', Buffer.concat([query('A'), query('B')]))
    .map((part) => (part.kind === 'packet' && part.role.kind === 'command' ? part.role.command : undefined));
  if (!first || !second) throw new Error('Expected two commands');

  expect(told.reader.withdraw(second)).toBe(first);
  expect(told.reader.withdraw(first)).toBeUndefined();
  expect(told.reader.idle).toBe(true);
});

it('tells packets in pieces that make up the stream, however it is split', () => {
  const bytes = Buffer.concat([
    query('x'.repeat(40)),
    ok(1),
    writePacket(2, Buffer.alloc(0)),
    query('y'.repeat(5_000)),
  ]);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }), (cuts) => {
      const reader = new PacketReader(64);
      const pieces = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const length = cuts[turn % cuts.length] ?? 1;
        pieces.push(...reader.push(bytes.subarray(at, at + length)));
        at += length;
      }
      expect(Buffer.concat(pieces.map((piece) => piece.bytes)).equals(bytes)).toBe(true);
      const begun = pieces
        .filter(({ begins }) => begins)
        .map(({ packet }) => [packet.length, packet.head.length]);
      expect(begun).toEqual([
        [41, 41],
        [7, 7],
        [0, 0],
        [5_001, 64],
      ]);
    }),
    { numRuns: 100 },
  );
});

it('passes any bytes on as they are, in order', () => {
  const chunk = fc.record({ up: fc.boolean(), bytes: fc.uint8Array({ minLength: 1, maxLength: 60 }) });
  fc.assert(
    fc.property(fc.array(chunk), fc.boolean(), fc.boolean(), (chunks, ready, joinedLate) => {
      const { reader } = ready ? loggedIn() : new Told({ joinedLate });
      const streams = {
        upstream: { sent: [] as Buffer[], told: [] as Buffer[] },
        downstream: { sent: [] as Buffer[], told: [] as Buffer[] },
      };
      for (const { up, bytes } of chunks) {
        const stream = up ? 'upstream' : 'downstream';
        streams[stream].sent.push(Buffer.from(bytes));
        streams[stream].told.push(...reader.read(stream, Buffer.from(bytes)).map((part) => part.bytes));
      }
      for (const stream of ['upstream', 'downstream'] as const) {
        const { sent, told } = streams[stream];
        expect(Buffer.concat([...told, reader.takeRest(stream)]).equals(Buffer.concat(sent))).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});
