/** mysql2's pool, as its documentation has it, while anything may happen to the connections. */
import { createPool } from 'mysql2/promise';
import { burst, each, exploration, honestClaims, type Table } from 'shaketable';

const link = 'client→mysql';
const queries = { kind: 'subject.note', name: 'query' } as const;
const closed = { kind: 'subject.note', name: 'closed' } as const;
const rows = { kind: 'database.row', query: 'events' } as const;

/** Statements have a phase of their own. */
const everyMs = 910;
/** Time-outs of connects and statements, milliseconds. */
const patienceMs = 3_000;

export default exploration({
  id: 'explore/libraries/mysql2',
  title: 'mysql2’s pool tells the truth, ends in time and comes back',
  faults: {
    links: {
      [link]: [
        'reset',
        'refused',
        'silence',
        'never-accepted',
        'latency',
        'slow-reader',
        'lost-answer',
        'half-open',
        'mysql-error',
        'mysql-stall',
      ],
    },
  },
  stormMs: 15_000,
  quietMs: 60_000,
  // mysql2 has the clock of its process.
  fastPace: 1,
  async subject(table, storm) {
    const database = await table.database();
    const { host, port } = await table.link(link, database.server);
    const pool = createPool({
      host,
      port,
      ...database.schema,
      connectionLimit: 4,
      connectTimeout: patienceMs,
    });
    const events = `${database.schema.database}.events`;
    await database.server.query(`CREATE TABLE ${events} (id VARCHAR(40) PRIMARY KEY)`);
    const insert = async (id: string): Promise<void> => {
      const begun = table.clock.now();
      const told = await pool
        .query({ sql: 'INSERT INTO events (id) VALUES (?)', values: [id], timeout: patienceMs })
        .then(() => ({ status: 'done' }))
        .catch((error: { code?: string }) => ({ status: 'failed', code: error.code ?? String(error) }));
      table.note(queries.name, { id, ...told, waitedMs: table.clock.now() - begun });
    };
    const weather = storm();
    const underWay: Promise<void>[] = [];
    for (let number = 1; weather.rages; number += 1) {
      underWay.push(insert(`storm-${number}`));
      await table.sleep(everyMs);
    }
    await weather.over();
    await table.sleep(30_000);
    for (let number = 1; number <= 3; number += 1)
      await Promise.race([insert(`quiet-${number}`), table.sleep(2 * patienceMs)]);
    await noteRows(table, await database.server.query(`SELECT id FROM ${events}`));
    const ended = pool.end().then(() => 'ended');
    const inTime = await Promise.race([ended, table.sleep(2 * patienceMs)]);
    table.note(closed.name, { asked: underWay.length, ended: inTime === 'ended' });
    await weather.settled();
  },
  invariants: {
    'honest-claims': honestClaims('what is said to be done is in the database', {
      claims: { ...queries, status: 'done' },
      received: rows,
      key: 'id',
      given: queries,
    }),
    'ends-in-time': each('each statement has an outcome within twice its time-outs', {
      of: queries,
      has: { waitedMs: { atMost: 2 * patienceMs + 1_000 } },
      given: queries,
    }),
    'comes-back': each('half a minute after the storm, statements are done', {
      of: { ...queries, id: { matches: '^quiet' } },
      has: { status: 'done' },
      given: closed,
    }),
    'closes-in-time': each('the pool closes within twice its time-outs', {
      of: closed,
      has: { ended: true },
      given: closed,
    }),
    'no-hammering': burst('it does not connect more than 20 times in two seconds', {
      of: { kind: 'connection.open', link },
      withinMs: 2_000,
      atMost: 20,
      unit: 'connections',
    }),
  },
  sometimes: {
    'a statement that fails': { ...queries, status: 'failed' },
    'a statement that is done': { ...queries, status: 'done' },
  },
});

async function noteRows(table: Table, found: readonly Record<string, unknown>[]): Promise<void> {
  for (const { id } of found) table.record('database', 'database.row', { query: rows.query, id: String(id) });
}
