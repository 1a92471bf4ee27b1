import { expect, it } from 'vitest';
import { capability, parseGreeting } from '../../../proxy/protocols/mysql-login.ts';
import { PacketReader, writePacket } from '../../../proxy/protocols/mysql-packets.ts';
import { matchesGlob } from '../../../proxy/toxics/shared/glob.ts';
import {
  asksForTls,
  column,
  columnCount,
  command,
  eof,
  greeting,
  login,
  ok,
  query,
  resultSet,
  row,
} from './protocols/mysql-bytes.ts';
import { ToxicRig } from './toxic-rig.ts';

/** A client that is logged in, with one toxic between it and the server. */
class Session {
  readonly rig: ToxicRig;
  readonly #skip: { upstream: number; downstream: number };

  constructor(type: string, attributes: object = {}, options = {}) {
    this.rig = new ToxicRig({ type, attributes, ...options });
    this.server(greeting);
    this.client(login());
    this.server(ok(2));
    this.#skip = { upstream: this.rig.output('upstream').length, downstream: this.rig.output().length };
  }

  client(...packets: Buffer[]): void {
    this.rig.arrive(Buffer.concat(packets), 'upstream');
  }

  server(...packets: Buffer[]): void {
    this.rig.arrive(Buffer.concat(packets));
  }

  /** What the server got after the login: the text of each command. */
  get commands(): string[] {
    return this.#packets('upstream').map(({ head }) => head.toString('latin1', 1));
  }

  /** What the client got after the login, in words with sequence numbers: `1 ok`, `4 row one`, `1 error 1213`. */
  get answers(): string[] {
    return this.#packets('downstream').map(
      ({ head, sequence, length }) => `${sequence} ${wordsFor(head, length)}`,
    );
  }

  get connection(): string[] {
    return this.rig.outcomes.flatMap(({ stream, what }) => (stream === undefined ? [what] : []));
  }

  #packets(stream: 'upstream' | 'downstream') {
    const bytes = Buffer.from(this.rig.output(stream).slice(this.#skip[stream]), 'latin1');
    return new PacketReader(1_000).push(bytes).map(({ packet }) => packet);
  }
}

function wordsFor(head: Buffer, length: number): string {
  const [first = 0] = head;
  if (first === 0xff) return `error ${head.readUInt16LE(1)}`;
  if (first === 0xfe) return 'eof';
  if (first === 0x00) return 'ok';
  if (length === 1) return 'columns';
  return first === 3 && head.toString('latin1', 1, 4) === 'def'
    ? 'column'
    : `row ${head.toString('latin1', 1)}`;
}

it('mysql_refuse takes the place of the greeting, without an SQLSTATE as servers do, and closes', () => {
  const rig = new ToxicRig({ type: 'mysql_refuse' });
  rig.arrive(greeting);

  expect(rig.log()).toEqual(['0: \x17\0\0\0\xff\x10\x04Too many connections', '0: close fin']);
  expect(rig.strikes).toEqual([
    {
      reason: 'error 1040 at greeting',
      stream: 'downstream',
      bytes: greeting.length,
      offset: 0,
      delivered: false,
    },
  ]);
});

it('mysql_refuse answers the login, with what it was given', () => {
  const attributes = { at: 'login', code: 1226, sqlstate: '42000', message: 'no more' };
  const rig = new ToxicRig({ type: 'mysql_refuse', attributes });
  rig.arrive(greeting);
  rig.arrive(login(), 'upstream');

  expect(rig.output().slice(greeting.length)).toBe('\x10\0\0\x02\xff\xca\x04#42000no more');
  expect(rig.output('upstream')).toBe('');
  expect(rig.log().at(-1)).toBe('0: close fin');
});

it('mysql_stall holds the greeting for good, and a login for a time', async () => {
  const greetingHeld = new ToxicRig({ type: 'mysql_stall' });
  greetingHeld.arrive(greeting);
  await greetingHeld.advance(60_000);
  expect(greetingHeld.log()).toEqual([]);
  greetingHeld.lift();
  expect(greetingHeld.output()).toHaveLength(greeting.length);

  const loginHeld = new ToxicRig({ type: 'mysql_stall', attributes: { at: 'login', delay: 700 } });
  loginHeld.arrive(greeting);
  loginHeld.arrive(login(), 'upstream');
  await loginHeld.advance(699);
  expect(loginHeld.output('upstream')).toBe('');
  await loginHeld.advance(1);
  expect(loginHeld.output('upstream')).toHaveLength(login().length);
});

it('mysql_no_tls changes one bit of the greeting', () => {
  const rig = new ToxicRig({ type: 'mysql_no_tls' });
  rig.arrive(greeting);
  const got = Buffer.from(rig.output(), 'latin1');

  const before = parseGreeting(greeting.subarray(4))?.capabilities ?? 0;
  expect(parseGreeting(got.subarray(4))?.capabilities).toBe(before & ~capability.ssl);
  expect(got.filter((byte, index) => byte !== greeting[index])).toHaveLength(1);
});

it('toxics leave a connection alone once client and server encrypt it', () => {
  const rig = new ToxicRig({ type: 'mysql_error' });
  rig.arrive(greeting);
  rig.arrive(asksForTls(), 'upstream');
  rig.arrive(query('SELECT 1'), 'upstream');

  expect(rig.output('upstream')).toHaveLength(asksForTls().length + query('SELECT 1').length);
  expect(rig.strikes).toEqual([]);
});

it('mysql_error answers in the place of the server, which does not see the query', () => {
  const session = new Session('mysql_error', { code: 1205, nth: 2 });
  session.client(query('first'));
  session.server(ok(1));
  session.client(query('second'));
  session.client(query('third'));
  session.server(ok(1));

  expect(session.commands).toEqual(['first', 'third']);
  expect(session.answers).toEqual(['1 ok', '1 error 1205', '1 ok']);
  expect(session.rig.output()).toContain('#HY000Lock wait timeout exceeded; try restarting transaction');
  expect(session.rig.strikes).toEqual([
    { reason: 'error 1205', stream: 'upstream', bytes: 11, offset: login().length + 10, delivered: false },
  ]);
});

it('mysql_error counts the queries that fit, texts and prepared statements, and no other commands', () => {
  const session = new Session('mysql_error', { statement: ' update * set a = * ', nth: 2 });
  session.client(command(0x0e));
  session.server(ok(1));
  session.client(query('SELECT 1'));
  session.server(ok(1));
  session.client(command(0x16, 'Update t\n SET a = ?'));
  session.server(writePacket(1, Buffer.from([0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])));
  const execute = command(0x17, Buffer.from([5, 0, 0, 0, 0, 1, 0, 0, 0]));
  session.client(query('UPDATE t SET a = 1 WHERE b = 2'));
  session.server(ok(1));
  session.client(execute);

  expect(session.answers).toEqual(['1 ok', '1 ok', '1 ok', '1 ok', '1 error 1213']);
});

it('mysql_error waits for its turn when a client does not wait for answers', () => {
  const session = new Session('mysql_error', { statement: 'B*' });
  session.client(query('A'), query('B1'), query('B2'), query('C'));
  expect(session.answers).toEqual([]);
  session.server(resultSet(['x']));
  session.server(ok(1));

  expect(session.commands).toEqual(['A', 'C']);
  expect(session.answers).toEqual([
    '1 columns',
    '2 column',
    '3 eof',
    '4 row x',
    '5 eof',
    '1 error 1213',
    '1 error 1213',
    '1 ok',
  ]);
});

it('mysql_error numbers its answer after a statement of several packets', () => {
  const session = new Session('mysql_error');
  const first = Buffer.alloc(0xffffff, 'x');
  first[0] = 3;
  session.client(writePacket(0, first));
  expect(session.answers).toEqual([]);
  session.client(writePacket(1, Buffer.from('the end')));

  expect(session.commands).toEqual([]);
  expect(session.answers).toEqual(['2 error 1213']);
});

it('mysql_error lets the query through when it is to be applied, and replaces all of the answer', () => {
  const session = new Session('mysql_error', { applied: true, first: 1 });
  session.client(query('SELECT a'));
  session.server(resultSet(['x', 'y']));
  session.client(query('SELECT b'));
  session.server(ok(1));

  expect(session.commands).toEqual(['SELECT a', 'SELECT b']);
  expect(session.answers).toEqual(['1 error 1213', '1 ok']);
  expect(session.rig.strikes).toMatchObject([{ reason: 'error 1213, applied', stream: 'downstream' }]);
});

it('mysql_error that is applied lets the client send the file that the server asks for', () => {
  const session = new Session('mysql_error', { applied: true });
  session.client(query('LOAD DATA LOCAL INFILE …'));
  session.server(writePacket(1, Buffer.from('\xfbfile', 'latin1')));
  session.client(writePacket(2, Buffer.from('rows')), writePacket(3, Buffer.alloc(0)));
  session.server(ok(4));

  expect(session.answers).toEqual(['1 row file', '4 error 1213']);
});

it.each([
  [2013, false, []],
  [2006, false, []],
  [2013, true, ['DO 1']],
])('mysql_error %d, applied: %s, closes the connection', (code, applied, seen) => {
  const session = new Session('mysql_error', { code, applied });
  session.client(query('DO 1'));
  session.server(ok(1));

  expect(session.commands).toEqual(seen);
  expect(session.answers).toEqual([]);
  expect(session.connection[0]).toBe('close fin');
});

it('mysql_error refuses errors that only clients have', () => {
  expect(() => new ToxicRig({ type: 'mysql_error', attributes: { code: 2003 } })).toThrow(
    'invalid attribute code',
  );
});

it('an SQLSTATE has five characters', () => {
  for (const type of ['mysql_refuse', 'mysql_error', 'mysql_kill_idle']) {
    expect(() => new ToxicRig({ type, attributes: { sqlstate: '4200' } })).toThrow(
      'invalid attribute sqlstate',
    );
  }
});

it('mysql_error resets when it is lifted in the middle of what it swallows', () => {
  const session = new Session('mysql_error');
  session.client(query('x'.repeat(100_000)).subarray(0, 80_000));
  session.rig.lift();

  expect(session.connection).toEqual(['close reset']);
});

it('mysql_cut ends after so many rows, the end of rows being one too', () => {
  const rows = (limit: number): Session => {
    const session = new Session('mysql_cut', { rows: limit });
    session.client(query('SELECT a'));
    session.server(resultSet(['x', 'y']));
    return session;
  };

  expect(rows(1).answers).toEqual(['1 columns', '2 column', '3 eof', '4 row x']);
  expect(rows(2).answers.at(-1)).toBe('5 row y');
  expect(rows(2).connection).toEqual(['close reset']);
  expect(rows(3).answers.at(-1)).toBe('6 eof');
  expect(rows(3).connection).toEqual([]);
  expect(rows(0).answers).toEqual(['1 columns', '2 column']);
});

it('mysql_cut ends inside a packet by bytes, also of an answer without rows', () => {
  const session = new Session('mysql_cut', { bytes: 6, action: 'close' });
  session.client(query('DO 1'));
  session.server(ok(1));

  expect(session.rig.output().slice(-6)).toBe('\x07\0\0\x01\0\x01');
  expect(session.connection).toEqual(['close fin']);
  expect(session.rig.strikes).toMatchObject([
    { reason: 'close after 6 bytes', bytes: 5, offset: greeting.length + 17 },
  ]);
});

it('mysql_cut stalls until it is lifted', () => {
  const session = new Session('mysql_cut', { rows: 1, action: 'stall' });
  session.client(query('SELECT a'));
  session.server(resultSet(['x', 'y']));
  expect(session.answers).toHaveLength(4);
  session.rig.lift();

  expect(session.answers.slice(4)).toEqual(['5 row y', '6 eof']);
});

it('mysql_slow_rows spaces the rows of one answer', async () => {
  const session = new Session('mysql_slow_rows', { delay: 100, nth: 1 });
  session.client(query('SELECT a'));
  session.server(resultSet(['x', 'y']));
  await session.rig.advance(1_000);
  session.client(query('SELECT b'));
  session.server(resultSet(['z']));

  const rows = session.rig.outcomes.slice(3).map(({ at, stream }) => [at, stream]);
  expect(rows).toEqual([
    [0, 'upstream'],
    [0, 'downstream'],
    [100, 'downstream'],
    [200, 'downstream'],
    [1_000, 'upstream'],
    [1_000, 'downstream'],
  ]);
  expect(session.rig.strikes).toHaveLength(1);
});

it('mysql_kill_idle ends a connection without a command, not one that waits for its answer', async () => {
  const session = new Session('mysql_kill_idle', { after: 1_000, code: 4031 });
  await session.rig.advance(900);
  session.client(query('SELECT SLEEP(10)'));
  await session.rig.advance(5_000);
  session.server(columnCount(1, 1), column(2, 'a'), eof(3), row(4, '0'));
  await session.rig.advance(5_000);
  expect(session.connection).toEqual([]);
  session.server(eof(5));
  await session.rig.advance(999);
  expect(session.connection).toEqual([]);
  await session.rig.advance(1);

  expect(session.answers.at(-1)).toBe('0 error 4031');
  expect(session.connection).toEqual(['close fin']);
});

it('mysql_kill_idle sends no error without a code, and leaves a login alone', async () => {
  const silent = new Session('mysql_kill_idle', { after: 50 });
  await silent.rig.advance(50);
  expect(silent.answers).toEqual([]);
  expect(silent.connection).toEqual(['close fin']);

  const slow = new ToxicRig({ type: 'mysql_kill_idle', attributes: { after: 50 } });
  slow.arrive(greeting);
  await slow.advance(5_000);
  expect(slow.strikes).toEqual([]);
});

it('mysql_kill_idle ends a connection that was idle before it', async () => {
  const rig = new ToxicRig({ type: 'mysql_kill_idle', attributes: { after: 50 } }, { passed: 500 });
  await rig.advance(50);

  expect(rig.log()).toEqual(['50: close fin']);
});

it.each([
  ['select *', 'select 1', true],
  ['select *', 'insert into select ', false],
  ['*', '', true],
  ['a*b*c', 'axxbxxc', true],
  ['a*b*c', 'acb', false],
  ['abc', 'abc', true],
  ['a*a', 'a', false],
])('the pattern %j fits %j: %s', (pattern, text, fits) => {
  expect(matchesGlob(pattern, text)).toBe(fits);
});

it('mysql_cut loses nothing when it should have cut before, and may not', () => {
  const session = new Session('mysql_cut', { bytes: 1_000 });
  session.client(query('SELECT'));
  const answer = resultSet(['one', 'two', 'three']);
  session.server(answer.subarray(0, 60));
  session.rig.update({ attributes: { bytes: 20 }, only: { strikes: 0 } });
  session.server(answer.subarray(60));

  expect(session.rig.output().endsWith(answer.toString('latin1'))).toBe(true);
});

it('toxics follow no more than a thousand commands at once', () => {
  const session = new Session('mysql_cut', {});
  session.client(...Array.from({ length: 1_001 }, () => command(0x0e)));

  expect(session.rig.skips).toEqual(['more commands at once than are followed']);
  expect(session.commands).toHaveLength(1_001);
});

it('mysql_error owes a client that waits for nothing no more than a thousand errors', () => {
  const session = new Session('mysql_error', {});
  session.client(command(0x0e));
  for (let asked = 0; asked < 1_000; asked += 1) session.client(query('SELECT'));
  expect(session.connection).toEqual([]);
  session.client(query('SELECT'));

  expect(session.connection).toEqual(['close reset']);
});

it('mysql_error resets a client whose errors would never have their turn', () => {
  const session = new Session('mysql_error', {});
  session.client(command(0x0e), query('SELECT'), command(0x12));

  expect(session.rig.skips).toEqual(['a command whose answer has no end']);
  expect(session.connection).toEqual(['close reset']);
});
