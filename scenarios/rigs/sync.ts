/**
 * Puts a database sync worker on the table: the naive or the hardened one, whichever subject's run it is, on a database
 * server of its own that faults may misuse. What it claims of each batch, and what the database has of it in the end,
 * stand in the journal.
 *
 *   subject ──sync→mysql──► database server
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import {
  atOnce,
  each,
  honestClaims,
  type LabDatabase,
  type Matcher,
  oneEffectEach,
  pollQuery,
  type Table,
} from 'shaketable';
import {
  createHardenedSync,
  createNaiveSync,
  defaultSyncPolicy,
  type SyncOutcome,
  type SyncPolicy,
  type SyncWorker,
} from '../../services/agent/sync/index.ts';
import { meter } from './meter.ts';

/** The link between worker and database. */
export const link = 'sync→mysql';

/** The most connections that the worker may have open: what its policy promises, whatever that says. */
export const poolLimit = 4;

/** The rules of a worker that outlasts an outage of more than a minute; by default it gives up after half of one. */
export const patient: Partial<SyncPolicy> = { outage: { ...defaultSyncPolicy.outage, attempts: 9 } };

/** What the worker claimed of a batch: `{ runId, status, attempts, category?, code?, waitedMs }`. */
export const batches = { kind: 'subject.note', name: 'sync' } satisfies Matcher;

/** How often a batch took effect: an entry for each time, with the number of its rows `found`. */
export const effects = { kind: 'database.row', query: 'sync_runs' } satisfies Matcher;

/** The same, while the worker is at work: what anybody else could see at that moment. */
export const sights = { kind: 'database.row', query: 'sync_runs so far' } satisfies Matcher;

/** A statement of the worker that the server is at: `{ thread, statement, runningMs }`, counted from the first look at it. */
export const statements = { kind: 'database.row', query: 'processlist' } satisfies Matcher;

/**
 * What the worker holds when it has nothing to do: `{ inUse, waiting, connections, open, ghosts }`. How many are `open` is
 * seen on the wire; `ghosts` are those that the worker still counts and the wire does not have.
 */
export const poolAtRest = { kind: 'subject.note', name: 'pool' } satisfies Matcher;

/** The worker has been stopped: `{ open, pings }`, the connections that the wire still has, and how often it asked for a sign of life. */
export const stopped = { kind: 'subject.note', name: 'stopped' } satisfies Matcher;

/** Records at ERROR or above. */
export const errorRecords = { kind: 'agent.log', level: { anyOf: ['error', 'fatal'] } } satisfies Matcher;

/** What the hardened worker logs of an attempt that it survives. */
export const failedAttempts = {
  kind: 'agent.log',
  event: 'attempt_failed',
  operation: 'sync',
} satisfies Matcher;

/** What every scenario with this worker judges, whatever happened to the database. */
export const soundSync = {
  'one-effect-each': oneEffectEach('every batch takes effect exactly once', {
    effects,
    key: 'runId',
    operations: batches,
  }),
  'honest-claims': honestClaims('what is claimed of a batch is what the database has', {
    claims: { ...batches, status: 'applied' },
    denials: { ...batches, status: 'failed' },
    received: effects,
    key: 'runId',
    given: batches,
  }),
  'whole-batches': each('no batch is there in part', { of: effects, has: { found: 3 }, given: batches }),
  'pool-at-rest': each(
    'at rest nothing is on loan, nobody waits, and the pool holds living connections only',
    {
      of: poolAtRest,
      has: { inUse: 0, waiting: 0, ghosts: 0, open: { atMost: poolLimit } },
      given: poolAtRest,
    },
  ),
  'pool-bounded': atOnce(
    'the pool opens no more connections than it may, and as many again to kill statements',
    {
      of: { kind: 'connection.open', link },
      ends: { kind: 'connection.close', link },
      by: ['connection'],
      atMost: 2 * poolLimit,
      unit: 'connections',
    },
  ),
  'all-closed': each('a worker that has stopped leaves no connection open', {
    of: stopped,
    has: { open: 0 },
    given: batches,
  }),
};

/** How the worker and its database differ from their defaults. */
export interface SyncRigOptions {
  readonly policy?: Partial<SyncPolicy>;
  /** Options of the database server, without dashes. */
  readonly settings?: Record<string, string>;
  /** Whether the database server is for this run alone, which faults may restart; default true. */
  readonly own?: boolean;
  /** PEM of the authority that the worker trusts; default that of the database. */
  readonly ca?: string;
  /** Whether the worker speaks TLS; without, toxics see its queries. Default true. */
  readonly encrypted?: boolean;
}

/** The sync worker on the table. */
export interface TableSync {
  readonly database: LabDatabase;
  /** Starts the worker and journals how that went. */
  start(): Promise<void>;
  /** Syncs a batch of three rows of its own, and of `shared` ones before them, and journals what was claimed of it. */
  sync(runId: string, options?: { shared?: readonly string[] }): Promise<SyncOutcome>;
  /** Journals from now on what the server is doing for the worker, as {@link statements}. */
  watchStatements(): void;
  /** Journals what anybody else can see of each batch by now, as {@link sights}. */
  look(): Promise<void>;
  /** Journals what the database has of each batch in the end, and what the worker holds while it has nothing to do. */
  audit(): Promise<void>;
}

const ownRows = 3;

/** Makes the subject's worker without starting it; it is stopped with the table. */
export async function createSync(table: Table, options: SyncRigOptions = {}): Promise<TableSync> {
  const { policy, settings, own = true, encrypted = true } = options;
  const database = await table.database({ own, ...(settings ? { settings } : {}) });
  const { ca = database.server.caPem } = options;
  const { host, port } = await table.link(link, database.server);
  const trust = encrypted ? { ca } : {};
  const worker = createWorker(table, { host, port, ...database.schema, ...trust }, policy);
  return {
    database,
    async start() {
      const begun = table.clock.now();
      const failure = await worker.start().then(() => undefined, String);
      const waitedMs = table.clock.now() - begun;
      table.note('start', failure === undefined ? { ok: true, waitedMs } : { ok: false, waitedMs, failure });
    },
    async sync(runId, { shared = [] } = {}) {
      const begun = table.clock.now();
      const own = Array.from({ length: ownRows }, (_, index) => `${runId}/${index + 1}`);
      const items = [...shared, ...own].map((id) => ({ id, value: runId, version: 1 }));
      const outcome = await worker.syncOnce({ runId, items });
      table.note('sync', { ...outcome, waitedMs: table.clock.now() - begun });
      return outcome;
    },
    watchStatements: () => watchStatements(table, database),
    look: () => recordEffects(table, database, sights.query),
    async audit() {
      await recordEffects(table, database, effects.query);
      await notePool(table, worker);
    },
  };
}

function createWorker(
  table: Table,
  database: Parameters<typeof createHardenedSync>[0]['database'],
  policy?: Partial<SyncPolicy>,
): SyncWorker {
  const file = join(table.directory, 'sync.log');
  const log = createWriteStream(file, { flags: 'a', mode: 0o600 });
  table.follow('agent', file);
  const create = table.subject === 'naive' ? createNaiveSync : createHardenedSync;
  const { clock, dial: dialMetered, stopWithTable } = meter(table, 'sync', { tellSockets: false });
  let pings = 0;
  const dial: Table['dial'] = (target) => countPings(dialMetered(target), () => (pings += 1));
  const random = table.random.fork('sync');
  const worker = create({ database, clock, random, dial, log, ...(policy ? { policy } : {}) });
  table.use({
    [Symbol.asyncDispose]: async () => {
      table.note('stopped', { open: await openConnections(table, 0), pings });
      await new Promise((resolve) => log.end(resolve));
    },
  });
  stopWithTable(
    () => worker.stop(),
    () => {
      const { inUse, waiting } = worker.stats();
      return { unsettled: inUse + waiting };
    },
  );
  return worker;
}

/** COM_PING of MySQL's protocol: a packet of one byte, 14. Under TLS none is seen. */
const ping = Buffer.from([1, 0, 0, 0, 14]);

function countPings(socket: Duplex, onPing: () => void): Duplex {
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  socket.write = ((chunk: unknown, ...more: unknown[]) => {
    if (chunk instanceof Uint8Array && ping.equals(chunk)) onPing();
    return write(chunk, ...more);
  }) as Duplex['write'];
  return socket;
}

/** Counts effects where they take place; the worker's own word is not asked. */
async function recordEffects(table: Table, { server, schema }: LabDatabase, query: string): Promise<void> {
  const sql = `SELECT run_id AS runId, applied,
      (SELECT COUNT(*) FROM ${schema.database}.sync_items WHERE id LIKE CONCAT(run_id, '/%')) AS found
    FROM ${schema.database}.sync_runs ORDER BY updated_at, run_id`;
  const runs = await server.query(sql).catch(whenNothingWasCreated);
  for (const { runId, applied, found } of runs) {
    for (let effect = 1; effect <= Number(applied); effect += 1)
      table.record('database', 'database.row', {
        query,
        runId: String(runId),
        effect,
        found: Number(found),
      });
  }
}

/** Asks the server what it is at, every few milliseconds, and for how long it has been at that. */
function watchStatements(table: Table, { server, schema }: LabDatabase): void {
  let since = new Map<string, number>();
  const polling = pollQuery({
    clock: table.clock,
    everyMs: 10 * table.pace,
    query: () => server.query('SHOW PROCESSLIST'),
    onRows(result) {
      if ('error' in result) return;
      const now = table.clock.now();
      const running = result.rows.filter((row) => row.User === schema.user && row.Command === 'Query');
      const seen = since;
      since = new Map();
      for (const { Id, Info } of running) {
        const key = `${Id} ${Info}`;
        const begun = seen.get(key) ?? now;
        since.set(key, begun);
        const facts = { thread: Number(Id), statement: String(Info).slice(0, 40), runningMs: now - begun };
        table.record('database', 'database.row', { query: statements.query, ...facts });
      }
    },
  });
  table.serve(polling);
}

/** ER_NO_SUCH_TABLE: the worker never came so far. */
function whenNothingWasCreated(error: { errno?: number }): [] {
  if (error.errno !== 1146) throw error;
  return [];
}

async function notePool(table: Table, worker: SyncWorker): Promise<void> {
  const open = await openConnections(table, worker.stats().connections);
  const { inUse, waiting, connections } = worker.stats();
  table.note('pool', { inUse, waiting, connections, open, ghosts: connections - open });
}

/** How many connections the wire has, once it has seen the end of all but the `expected` ones. */
async function openConnections(table: Table, expected: number): Promise<number> {
  const opened = table.count({ kind: 'connection.open', link });
  const closed = { kind: 'connection.close', link } satisfies Matcher;
  if (opened > expected) await table.until(closed, { nth: opened - expected, withinMs: 500 * table.pace });
  return opened - table.count(closed);
}
