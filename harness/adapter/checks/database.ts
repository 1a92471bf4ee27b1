/** What an adapter of a database driver has to do. */
import {
  type AdapterCheck,
  type Bench,
  type BenchDatabase,
  eventually,
  expect,
  freshName,
  inWords,
  succeed,
} from '../check.ts';

const kind = 'database';

/** Connects, and gives the name of the connection. */
async function open({ adapter, database }: Bench): Promise<{ on: string; database: BenchDatabase }> {
  expect(database !== undefined, 'there is no database to try it on');
  const on = freshName();
  await succeed(adapter, { do: 'connect', kind, on, ...database.place, withinMs: 20_000 });
  return { on, database };
}

export const databaseChecks: readonly AdapterCheck[] = [
  {
    id: 'statement-is-done',
    title: 'a statement is carried out with its values, and gives rows, or how many were affected',
    kind,
    async run(bench) {
      const { adapter } = bench;
      const { on } = await open(bench);
      const ask = (sql: string, values: (string | number | null)[] = []) =>
        succeed(adapter, { do: 'request', on, sql, values, withinMs: 20_000 });
      const { rows = [] } = await ask('SELECT ? AS text, 6 + 1 AS sum', ['it’s ✓']);
      expect(
        rows[0]?.text === 'it’s ✓' && Number(rows[0]?.sum) === 7,
        `SELECT gives ${JSON.stringify(rows)}`,
      );
      await ask('CREATE TABLE IF NOT EXISTS adapter_trial (id INT PRIMARY KEY, text VARCHAR(20))');
      const inserted = await ask('INSERT INTO adapter_trial VALUES (?, ?)', [1, 'one']);
      expect(inserted.affected === 1, `INSERT affects ${inserted.affected} rows`);
      const kept = await ask('SELECT COUNT(*) AS count FROM adapter_trial');
      expect(
        Number(kept.rows?.[0]?.count) === 1,
        'what was inserted is not there for the next statement: commit it',
      );
    },
  },
  {
    id: 'wrong-is-failed',
    title: 'a statement that the database refuses failed',
    kind,
    async run(bench) {
      const { on } = await open(bench);
      const outcome = await bench.adapter.do({ do: 'request', on, sql: 'SELEKT 1', withinMs: 20_000 });
      expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
    },
  },
  {
    id: 'denied-is-failed',
    title:
      'a wrong password, or a port that nobody listens on, is told as failed by connect or by the first request',
    kind,
    async run({ adapter, database, closedPort }) {
      expect(database !== undefined, 'there is no database to try it on');
      const closed = new URL(database.place.url);
      closed.port = String(closedPort);
      for (const place of [database.wrongPlace, { ...database.place, url: closed.href }]) {
        const on = freshName();
        const connected = await adapter.do({ do: 'connect', kind, on, ...place, withinMs: 20_000 });
        const outcome =
          connected.answer === 'ok'
            ? await adapter.do({ do: 'request', on, sql: 'SELECT 1', withinMs: 20_000 })
            : connected;
        expect(outcome.answer === 'failed', `it is told as ${inWords(outcome)}, not “failed”`);
      }
    },
  },
  {
    id: 'killed-is-unknown',
    title: 'a statement whose connection is killed meanwhile is unknown: it may have had its effect',
    kind,
    async run(bench) {
      const { on, database } = await open(bench);
      const { server, user } = database;
      const asked = bench.adapter.do({ do: 'request', on, sql: 'SELECT SLEEP(60)', withinMs: 60_000 });
      await eventually(
        bench,
        20_000,
        async () => {
          const running = await server.query('SHOW PROCESSLIST');
          return running.some((row) => row.User === user && String(row.Info ?? '').includes('SLEEP(60)'));
        },
        'the statement did not reach the database',
      );
      await server.killConnections({ user });
      const outcome = await asked;
      expect(outcome.answer === 'unknown', `it is told as ${inWords(outcome)}, not “unknown”`);
    },
  },
  {
    id: 'release-closes',
    title: 'what is released is closed',
    kind,
    async run(bench) {
      const { on, database } = await open(bench);
      const { server, user } = database;
      await succeed(bench.adapter, { do: 'request', on, sql: 'SELECT 1', withinMs: 20_000 });
      const connections = async (): Promise<number> =>
        (await server.query('SHOW PROCESSLIST')).filter((row) => row.User === user).length;
      const before = await connections();
      await succeed(bench.adapter, { do: 'release', on });
      await eventually(
        bench,
        10_000,
        async () => (await connections()) < before,
        'its connection is still there 10 s later',
      );
    },
  },
];
