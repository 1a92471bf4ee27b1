/**
 * The `local` world: processes and sockets on 127.0.0.1, a real database, and our own fault proxy between them.
 *
 *   agent ──► link (fault proxy) ──► server ──► link ──► database
 *      └─ log ──┐      └─ events ──┐    └─ log ──┐
 *               └───────────────────┴────────────┴──► journal
 */
import { glob, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createAuthority } from '../certificates/index.ts';
import { scaledClock, systemClock } from '../clock.ts';
import { Journal } from '../journal/journal.ts';
import { startProxyServer } from '../net/proxy/index.ts';
import { pollQuery } from '../probes/database-poller.ts';
import { followLog } from '../probes/log-reader.ts';
import { seededRandom } from '../random.ts';
import { type ProcessExit, startProcess } from '../subjects/process.ts';
import type { DatabaseFacts } from './database/index.ts';
import { holdDatabase } from './lab-database.ts';
import { labTemporaryDirectory, openLeavings } from './leavings/index.ts';
import { createLink } from './link.ts';
import { createNames } from './names.ts';
import { recordLog, recordProxyEvent, recordRows } from './recording.ts';
import { createSecretWatch } from './secret-watch.ts';
import { openSession } from './session.ts';
import type { Table } from './table.ts';
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

/** Lays the table for one subject. What was begun is given back when it cannot be laid. */
export async function startLocalWorld(options: LocalWorldOptions): Promise<LocalWorld> {
  const ground = new AsyncDisposableStack();
  try {
    return await layTable(options, ground);
  } catch (error) {
    await ground.disposeAsync();
    throw error;
  }
}

async function layTable(options: LocalWorldOptions, ground: AsyncDisposableStack): Promise<LocalWorld> {
  const { scenario, subject, seed, pace } = options;
  const clock = scaledClock(systemClock(), pace);
  // The subject's name is left out: naive and hardened meet the same draws.
  const random = seededRandom(seed).fork(scenario);
  const journal = new Journal(clock);
  const names = createNames();
  const secrets = createSecretWatch(journal);
  const database = holdDatabase(options.database, ground);
  const subjects = new AsyncDisposableStack();
  const services = new AsyncDisposableStack();
  const logs: { drain(): Promise<void> }[] = [];
  const directory = ground.use(await labTemporaryDirectory(`${scenario.replaceAll('/', '-')}-${subject}`));
  const proxy = ground.use(
    await startProxyServer({
      random: random.fork('proxy'),
      onEvent: (event) => recordProxyEvent(journal, pace, event),
    }),
  );
  const site = (fault: string) => ({
    clock,
    pace,
    random: random.fork(`fault/${fault}`),
    names,
    database: () => database.need().server,
    schema: () => database.need().schema,
    session: () => openSession(database.need().server, database.need().schema.database),
  });
  const timeline = startTimeline({ journal, clock, site }, options.faults);

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
    async database(wanted) {
      const opened = await database.open(wanted);
      secrets.plant('database password', opened.schema.password);
      return opened;
    },
    async link(name, upstream) {
      const link = await createLink(proxy.url, name, upstream);
      await timeline.linkReady(link);
      return link;
    },
    follow(source, path, { clock: stampedBy = 'lab' } = {}) {
      const writer = { source, log: basename(path, '.log'), pace: stampedBy === 'wall' ? pace : 1 };
      logs.push(ground.use(followLog({ path, onRecord: (record) => recordLog(journal, writer, record) })));
      secrets.output(`${source} log`, () => readRotated(path));
    },
    poll(name, sql, everyMs) {
      const query = () => database.query(sql, clock.now());
      services.use(
        pollQuery({ query, onRows: (result) => recordRows(journal, name, result), clock, everyMs }),
      );
    },
    async process(name, program) {
      const begun = clock.now();
      const started = subjects.use(await startProcess({ ...program, clock, leavings: await openLeavings() }));
      const recordExit = ({ code, signal, t }: ProcessExit): void =>
        journal.append('process', 'process.exit', { process: name, code, signal, ranMs: t - begun }, t);
      void started.exited.then(recordExit);
      return started;
    },
    plantSecret: secrets.plant,
    output: secrets.output,
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
      await using _services = services;
      await subjects.disposeAsync().finally(() => timeline.liftAll());
      await services.disposeAsync();
      for (const log of logs) await log.drain();
      await secrets.scan();
      return timeline.report();
    },
  };
}

/** A log with the files that it was rotated to: `agent.log`, `agent.log.1` and so on. */
async function readRotated(path: string): Promise<string> {
  const files = await Array.fromAsync(glob(`${basename(path)}{,.*}`, { cwd: dirname(path) }));
  return (await Promise.all(files.map((file) => readFile(join(dirname(path), file), 'utf8')))).join('');
}
