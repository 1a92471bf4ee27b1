/**
 * The `local` world: processes and sockets on 127.0.0.1, a real database, and our own fault proxy between them.
 *
 *   agent ──► link (fault proxy) ──► server ──► link ──► database
 *      └─ log ──┐      └─ events ──┐    └─ log ──┐
 *               └───────────────────┴────────────┴──► journal
 */
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { scaledClock, systemClock } from '../clock.ts';
import { LabError } from '../errors.ts';
import type { Json, JsonObject } from '../journal/entry.ts';
import { Journal } from '../journal/journal.ts';
import { spellings } from '../journal/scrub.ts';
import { type ProxyEvent, startProxyServer } from '../net/proxy/index.ts';
import { type PollResult, pollQuery } from '../probes/database-poller.ts';
import { followLog, type LogRecord } from '../probes/log-reader.ts';
import { seededRandom } from '../random.ts';
import { type ProcessExit, startProcess } from '../subjects/process.ts';
import { createAuthority } from './certificates/index.ts';

import {
  attachDatabase,
  type DatabaseFacts,
  findDatabase,
  type Row,
  startDatabase,
} from './database/index.ts';
import { labTemporaryDirectory, openLeavings } from './leavings/index.ts';
import { createLink } from './link.ts';
import { createNames } from './names.ts';
import { openSession } from './session.ts';
import type { LabDatabase, Table } from './table.ts';
import { type FaultReport, type PlannedFault, startTimeline } from './timeline.ts';

/** What a subject's run on this world is made of. */
export interface LocalWorldOptions {
  readonly scenario: string;
  readonly subject: string;
  readonly seed: number;
  readonly pace: number;
  readonly faults: Readonly<Record<string, PlannedFault>>;
  /** The database server that all runs share. */
  readonly database: DatabaseFacts;
}

/** The world with its table laid; closing it ends the journal. */
export interface LocalWorld {
  readonly table: Table;
  readonly journal: Journal;
  /** The HTTP API of the fault proxy. */
  readonly proxyUrl: string;
  /** Stops subjects, lifts faults, stops services, reads the logs to their end, and says how each fault fared. */
  close(): Promise<FaultReport[]>;
}

/** Lays the table for one subject. */
export async function startLocalWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const { scenario, subject, seed, pace } = options;
  const clock = scaledClock(systemClock(), pace);
  // The subject's name is left out: naive and hardened meet the same draws.
  const random = seededRandom(seed).fork(scenario);
  const journal = new Journal(clock);
  const names = createNames();
  const subjects = new AsyncDisposableStack();
  const services = new AsyncDisposableStack();
  const ground = new AsyncDisposableStack();
  const directory = await labTemporaryDirectory(`${scenario.replaceAll('/', '-')}-${subject}`);
  ground.use(directory);
  const proxy = ground.use(
    await startProxyServer({
      random: random.fork('proxy'),
      onEvent: (event) => recordProxyEvent(journal, pace, event),
    }),
  );
  const logs: { drain(): Promise<void> }[] = [];
  const outputs: { name: string; content: () => Promise<string> }[] = [];
  const secrets: { name: string; value: string }[] = [];
  let database: LabDatabase | undefined;

  const needDatabase = (): LabDatabase => {
    if (database) return database;
    throw new LabError(
      'LAB_BAD_INPUT',
      `The scenario ${scenario} has a fault on the database before it has one`,
      {
        hint: 'Call table.database() first, or give the fault a later trigger.',
      },
    );
  };
  const plantSecret = (name: string, value: string): void => {
    if (secrets.some((secret) => secret.value === value)) return;
    secrets.push({ name, value });
    journal.plantSecret(name, value);
  };
  const timeline = startTimeline(
    {
      journal,
      clock,
      site: (fault) => ({
        clock,
        pace,
        random: random.fork(`fault/${fault}`),
        names,
        database: () => needDatabase().server,
        schema: () => needDatabase().schema,
        session: () => openSession(needDatabase().server, needDatabase().schema.database),
      }),
    },
    options.faults,
  );

  const table: Table = {
    scenario,
    subject,
    seed,
    pace,
    clock,
    random,
    directory: directory.path,
    authority: await createAuthority({ name: 'Shaketable lab', now: systemClock().now() }),
    dial: names.dial,
    async database({ own = false, settings } = {}) {
      database ??= own
        ? await ownDatabase(ground, settings)
        : await sharedSchema(ground, await attachDatabase(options.database));
      plantSecret('database password', database.schema.password);
      return database;
    },
    async link(name, upstream) {
      const link = await createLink(proxy.url, name, upstream);
      await timeline.linkReady(link);
      return link;
    },
    follow(source, path) {
      const log = basename(path, '.log');
      const onRecord = (record: LogRecord): void => recordLog(journal, source, { ...record, log });
      logs.push(ground.use(followLog({ path, onRecord })));
      outputs.push({ name: `${source} log`, content: () => readFile(path, 'utf8') });
    },
    poll(name, sql, everyMs) {
      const { server, schema } = needDatabase();
      const statement = sql.replaceAll('{schema}', schema.database);
      const query = (): Promise<Row[]> => server.query(statement.replaceAll(':now', sqlTime(clock.now())));
      const onRows = (result: PollResult<Row>): void =>
        journal.append('database', 'database.rows', { query: name, ...(toJson(result) as JsonObject) });
      services.use(pollQuery({ query, onRows, clock, everyMs }));
    },
    async process(name, options) {
      const begun = clock.now();
      const leavings = await openLeavings();
      const started = subjects.use(await startProcess({ ...options, clock, leavings }));
      const recordExit = ({ code, signal, t }: ProcessExit): void =>
        journal.append('process', 'process.exit', { process: name, code, signal, ranMs: t - begun }, t);
      void started.exited.then(recordExit);
      return started;
    },
    plantSecret,
    output: (name, content) => void outputs.push({ name, content }),
    note: (name, fields = {}) => journal.append('subject', 'subject.note', { name, ...fields }),
    record: (source, kind, fields) => journal.append(source, kind, fields),
    async until(matcher, { withinMs, nth = 1 }) {
      const late = new AbortController();
      const entry = journal.entry(matcher, { nth, signal: late.signal });
      const timeout = clock.sleep(withinMs, late.signal).then(() => undefined);
      return Promise.race([entry, timeout]).finally(() => {
        late.abort();
        entry.catch(() => {});
        timeout.catch(() => {});
      });
    },
    count: (matcher) => journal.count(matcher),
    sleep: (ms) => clock.sleep(ms),
    inject: (fault) => timeline.inject(fault),
    lift: (fault) => timeline.lift(fault),
    use: (resource) => subjects.use(resource),
    serve: (resource) => services.use(resource),
  };

  return {
    table,
    journal,
    proxyUrl: proxy.url,
    async close() {
      await using _ground = ground;
      await subjects.disposeAsync();
      await timeline.liftAll();
      await services.disposeAsync();
      for (const log of logs) await log.drain();
      if (secrets.length > 0) await scanOutputs(journal, secrets, outputs);
      return timeline.report();
    },
  };
}

/** A server for one run alone, which it may restart, freeze and misconfigure. */
async function ownDatabase(
  ground: AsyncDisposableStack,
  settings: Record<string, string> = {},
): Promise<LabDatabase> {
  const server = ground.use(await startDatabase({ binary: await findDatabase({}), settings }));
  return { server, schema: await server.createSchema() };
}

/** A schema of its own in the server that all runs share; dropped afterwards. */
async function sharedSchema(
  ground: AsyncDisposableStack,
  server: Awaited<ReturnType<typeof attachDatabase>>,
): Promise<LabDatabase> {
  ground.use(server);
  const schema = await server.createSchema();
  ground.defer(() => server.dropSchema(schema));
  return { server, schema };
}

/** A moment as SQL writes it: `'2026-11-22 05:02:34.123'`, UTC. */
function sqlTime(epochMs: number): string {
  return `'${new Date(epochMs).toISOString().slice(0, 23).replace('T', ' ')}'`;
}

/** Rows hold dates, and numbers too large for JSON's; entries do not. */
function toJson(value: unknown): Json {
  const plain = (_key: string, item: unknown): unknown => (typeof item === 'bigint' ? String(item) : item);
  return JSON.parse(JSON.stringify(value, plain)) as Json;
}

/** Log records carry lab time and the name of their log; level, message and event mean the same for agent and server. */
function recordLog(journal: Journal, source: 'agent' | 'server', record: LogRecord): void {
  const { time, msg, message, ...fields } = record as JsonObject;
  const at = typeof time === 'number' ? time : undefined;
  journal.append(source, `${source}.log`, { ...fields, message: msg ?? message ?? '' }, at);
}

/** What the proxy saw on the wire. Its durations are real; the journal's are lab time, like all others. */
function recordProxyEvent(journal: Journal, pace: number, event: ProxyEvent): void {
  const { type, at: _at, proxy: link, ...facts } = event;
  const scaled = Object.fromEntries(
    Object.entries(facts).map(([key, value]) => [
      key,
      /Ms$/.test(key) && typeof value === 'number' ? value * pace : value,
    ]),
  ) as JsonObject;
  if (type === 'strike') {
    const { toxic, toxicType, ...rest } = scaled;
    journal.append('proxy', 'fault.strike', { fault: toxic, faultKind: toxicType, link, ...rest });
  } else {
    journal.append('proxy', entryKinds[type], { link, ...scaled });
  }
}

const entryKinds: Readonly<Record<Exclude<ProxyEvent['type'], 'strike'>, string>> = {
  open: 'connection.open',
  'upstream-open': 'connection.through',
  'upstream-refused': 'connection.refused',
  close: 'connection.close',
  'client-hello': 'tls.client-hello',
  'tls-handshake': 'tls.handshake',
};

/** Looks for every planted secret, in each of its spellings, in every output that was named (R3.5). */
async function scanOutputs(
  journal: Journal,
  secrets: readonly { name: string; value: string }[],
  outputs: readonly { name: string; content: () => Promise<string> }[],
): Promise<void> {
  for (const { name: output, content } of outputs) {
    const text = await content().catch(() => '');
    for (const { name: secret, value } of secrets) {
      const hits = spellings(value).reduce((sum, form) => sum + text.split(form).length - 1, 0);
      journal.append('lab', 'lab.secret-scan', { output, secret, hits, bytes: text.length });
    }
  }
}
