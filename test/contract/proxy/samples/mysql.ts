/** Toxics that read MySQL's protocol. */
import { command, greeting, login, ok, query, resultSet } from '../../../unit/proxy/protocols/mysql-bytes.ts';
import { down, type Message, type Sample, up } from './sample.ts';

/** A login, then queries with and without rows, a ping, and the end. */
const dialogue: readonly Message[] = [
  down(greeting),
  up(login()),
  down(ok(2)),
  up(query('SELECT a FROM t')),
  down(resultSet(['one', 'two', 'three', 'four'])),
  up(query('UPDATE t SET a = 1')),
  down(ok(1)),
  up(command(0x0e)),
  down(ok(1)),
  up(query('SELECT b FROM t')),
  down(resultSet([])),
  up(query(`INSERT INTO t VALUES ('${'x'.repeat(400)}')`)),
  down(ok(1)),
  up(query('SELECT c FROM t')),
  down(resultSet(['five', 'six'])),
  up(command(0x01)),
];

const withoutDialogue: readonly Sample[] = [
  { type: 'mysql_refuse', attributes: {}, harmless: { nth: 2 }, loses: true },
  { type: 'mysql_refuse', attributes: { at: 'login', code: 1045 }, harmless: { every: 2 }, loses: true },
  { type: 'mysql_stall', attributes: {}, harmless: { nth: 2 }, loses: false },
  { type: 'mysql_stall', attributes: { at: 'login', delay: 500 }, harmless: { share: 0 }, loses: false },
  { type: 'mysql_no_tls', attributes: {}, loses: true },
  {
    type: 'mysql_error',
    attributes: { code: 1205, statement: 'update *' },
    harmless: { statement: 'DELETE *' },
    loses: true,
  },
  { type: 'mysql_error', attributes: { applied: true, every: 2 }, harmless: { nth: 100 }, loses: true },
  { type: 'mysql_error', attributes: { code: 2013, nth: 4 }, loses: true },
  { type: 'mysql_error', attributes: { code: 2013, nth: 2, applied: true }, loses: true },
  { type: 'mysql_cut', attributes: { rows: 2 }, harmless: { rows: 5 }, loses: true },
  { type: 'mysql_cut', attributes: { bytes: 90, action: 'close' }, harmless: { bytes: 500 }, loses: true },
  { type: 'mysql_cut', attributes: { action: 'stall', statement: 'SELECT c*' }, loses: false },
  {
    type: 'mysql_kill_idle',
    attributes: { after: 100, code: 4031 },
    harmless: { after: 60_000 },
    loses: true,
  },
  {
    type: 'mysql_slow_rows',
    attributes: { delay: 40 },
    harmless: { delay: 0 },
    loses: false,
  },
];

export const samples = withoutDialogue.map((sample) => ({ ...sample, dialogue }));
