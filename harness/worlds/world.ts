/**
 * The table of one subject in a world. What all worlds share is here: time, chance, journal, names, secrets and the
 * timeline of faults. A world gives the deps of a table, which is all that it differs in.
 *
 *   agent ──► link ──► server ──► link ──► database        deps: links, services, databases
 *      └─ log ──┐  └─ events ──┐   └─ log ──┐
 *               └───────────────┴────────────┴──► journal
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Authority, createAuthority } from 'shaketable-proxy/certificates';
import { type Clock, scaledClock, systemClock } from 'shaketable-proxy/clock';
import { type Random, seededRandom } from 'shaketable-proxy/random';
import { labTemporaryDirectory, openLedger } from '../cleanup/index.ts';
import type { FaultableLink } from '../faults/fault.ts';
import type { FaultReport, PlannedFault } from '../faults/planned-fault.ts';
import { Timeline } from '../faults/timeline.ts';
import type { Entry } from '../journal/entry.ts';
import { Journal } from '../journal/journal.ts';
import { refuseMistake, refuseStrangeEntry } from '../journal/refuse.ts';
import { pollQuery } from '../probes/database-poller.ts';
import { followLog } from '../probes/log-reader.ts';
import { parseLogLine } from '../probes/log-record.ts';
import { isRotated } from '../probes/rotation.ts';
import { type ProcessExit, startProcess } from '../subjects/process.ts';
import type { WorldName } from '../world-list.ts';
import { type DatabaseSource, holdDatabase } from './lab-database.ts';
import { createNames } from './names.ts';
import { recordLog, recordRows } from './recording.ts';
import { createSecretWatch } from './secret-watch.ts';
import type { ServiceLog, ServiceProgram, StartedService } from './service.ts';
import { openSession } from './session.ts';
import type { LinkOptions, Table } from './table.ts';

/** Whose run a table is for. */
export interface TableOptions {
  readonly scenario: string;
  readonly subject: string;
  readonly seed: number;
  readonly pace: number;
  readonly faults: Readonly<Record<string, PlannedFault>>;
}

/** A table with what belongs to it; closing it ends the journal. */
export interface StartedTable {
  readonly table: Table;
  readonly journal: Journal;
  /** The HTTP API of the fault proxy that subjects' links go through. */
  readonly proxyUrl: string;
  /** Stops subjects, lifts faults, stops services, reads the logs to their end, and says how each fault fared. */
  close(): Promise<FaultReport[]>;
  /** @throws LabError when what the world stands on is no longer there, so that a run on it proves nothing */
  verify(): Promise<void>;
}

/** What a world makes the deps of a table with. */
export interface TableContext {
  readonly scenario: string;
  readonly subject: string;
  readonly pace: number;
  /** The lab clock. */
  readonly clock: Clock;
  /** Epoch milliseconds at which lab clock and wall clock read the same. */
  readonly epochMs: number;
  readonly random: Random;
  /** The authority of this run: what it issues, subjects trust. */
  readonly authority: Authority;
  readonly journal: Journal;
  /** A private directory that is removed after the run. */
  readonly directory: string;
  /** Takes what has to be given back at the very end. */
  readonly resources: AsyncDisposableStack;
}

/** What a world has of its server that scenarios would otherwise make themselves. */
export interface ServerCredentials {
  /** The authority that subjects have to trust. */
  readonly caPem: string;
  /** The token of an active client. */
  readonly token?: string;
}

/** What a table needs of its world: all that worlds differ in. */
export interface TableDeps {
  readonly credentials?: ServerCredentials;
  readonly databases: DatabaseSource;
  readonly proxyUrl: string;
  link(
    name: string,
    upstream: { host: string; port: number },
    options: Required<LinkOptions>,
  ): Promise<FaultableLink>;
  service(name: string, program: ServiceProgram, log: ServiceLog): Promise<StartedService & AsyncDisposable>;
  /** The connection of a link behind what a server saw of it: the port of its peer, in a log record. */
  connectionBehind(link: string, record: Entry): number | undefined;
  /** Journals what is left to tell before the table is cleared. */
  conclude?(): Promise<void>;
  /** @throws LabError when what the world stands on is no longer there, so that a run on it proves nothing */
  verify?(): Promise<void>;
}

/** Starts the table of one subject. What was begun is given back when it cannot be started. */
export async function buildTable(
  name: WorldName,
  options: TableOptions,
  build: (context: TableContext) => Promise<TableDeps>,
): Promise<StartedTable> {
  const resources = new AsyncDisposableStack();
  try {
    return await assembleTable(name, options, build, resources);
  } catch (error) {
    await resources.disposeAsync();
    throw error;
  }
}

async function assembleTable(
  worldName: WorldName,
  options: TableOptions,
  build: (context: TableContext) => Promise<TableDeps>,
  resources: AsyncDisposableStack,
): Promise<StartedTable> {
  const { scenario, subject, seed, pace } = options;
  const wallClock = systemClock();
  const epochMs = wallClock.now();
  const clock = scaledClock(wallClock, pace, epochMs);
  // The subject's name is left out: naive and hardened meet the same draws.
  const random = seededRandom(seed).fork(scenario);
  const journal = new Journal(clock);
  const names = createNames();
  const secrets = createSecretWatch(journal);
  const subjects = new AsyncDisposableStack();
  const services = new AsyncDisposableStack();
  const logs: { drain(): Promise<void> }[] = [];
  /** Logs that come line by line. */
  const taken = new Set<string>();
  const { path: directory } = resources.use(
    await labTemporaryDirectory(`${scenario.replaceAll('/', '-')}-${subject}`),
  );
  const authority = await createAuthority({ name: 'Shaketable lab', now: epochMs });
  const world = await build({
    scenario,
    subject,
    pace,
    clock,
    epochMs,
    random,
    authority,
    journal,
    directory,
    resources,
  });
  const database = holdDatabase(world.databases, resources);
  const context = () => ({
    clock,
    pace,
    names,
    database: () => database.need().server,
    schema: () => database.need().schema,
    session: () => openSession(database.need().server, database.need().schema.database),
    connectionBehind: world.connectionBehind,
  });
  const timeline = Timeline.start({ journal, clock, world: worldName, context }, options.faults);

  const table: Table = {
    scenario,
    subject,
    world: worldName,
    seed,
    pace,
    clock,
    random,
    directory,
    authority: trusted(authority, world.credentials),
    ...(world.credentials?.token === undefined ? {} : { token: world.credentials.token }),
    dial: names.dial,
    async database(wanted) {
      const opened = await database.open(wanted);
      secrets.plant('database password', opened.schema.password);
      return opened;
    },
    async link(name, upstream, { client = 'subject', tls = false } = {}) {
      const link = await world.link(name, upstream, { client, tls });
      await timeline.linkReady(link);
      return link;
    },
    async service(name, program) {
      const file = join(directory, `${name}.log`);
      const writer = { source: 'server', log: name, pace: 1 } as const;
      return services.use(
        await world.service(name, program, {
          file,
          follow: () => table.follow('server', file),
          take(line) {
            if (!taken.has(file)) secrets.output('server log', () => readFile(file, 'utf8'));
            taken.add(file);
            recordLog(journal, writer, parseLogLine(line));
          },
        }),
      );
    },
    follow(source, path, { clock: stampedBy = 'lab' } = {}) {
      const writer = { source, log: basename(path, '.log'), pace: stampedBy === 'wall' ? pace : 1 };
      logs.push(resources.use(followLog({ path, onRecord: (record) => recordLog(journal, writer, record) })));
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
      const started = subjects.use(await startProcess({ ...program, clock, ledger: await openLedger() }));
      const recordExit = ({ code, signal, t }: ProcessExit): void =>
        journal.append('process', 'process.exit', { process: name, code, signal, ranMs: t - begun }, t);
      void started.exited.then(recordExit);
      return started;
    },
    plantSecret: secrets.plant,
    output: secrets.output,
    note: (name, fields = {}) => journal.append('subject', 'subject.note', { name, ...fields }),
    record(source, kind, facts) {
      refuseStrangeEntry(source, kind, facts);
      journal.append(source, kind, facts);
    },
    async until(matcher, { withinMs, nth = 1 }) {
      refuseMistake('table.until', matcher);
      const late = new AbortController();
      const entry = journal.entry(matcher, { nth, signal: late.signal });
      const timeout = clock.sleep(withinMs, late.signal).then(() => undefined);
      return Promise.race([entry, timeout]).finally(() => {
        late.abort();
        entry.catch(() => {});
        timeout.catch(() => {});
      });
    },
    count(matcher) {
      refuseMistake('table.count', matcher);
      return journal.count(matcher);
    },
    sleep: (ms) => clock.sleep(ms),
    inject: (fault) => timeline.inject(fault),
    lift: (fault) => timeline.lift(fault),
    use: (resource) => subjects.use(resource),
    serve: (resource) => services.use(resource),
  };

  return {
    table,
    journal,
    proxyUrl: world.proxyUrl,
    verify: async () => world.verify?.(),
    async close() {
      await using _resources = resources;
      await using _services = services;
      await subjects.disposeAsync().finally(() => timeline.liftAll());
      await services.disposeAsync();
      for (const log of logs) await log.drain();
      await world.conclude?.();
      await secrets.scan();
      return timeline.report();
    },
  };
}

/** Where the server's certificate is given, clients trust whoever issued that. */
function trusted(authority: Authority, credentials: ServerCredentials | undefined): Authority {
  return credentials === undefined ? authority : { ...authority, certPem: credentials.caPem };
}

/** A log with the files that it was rotated to: `agent.log`, `agent.log.1` and so on. */
async function readRotated(path: string): Promise<string> {
  const [directory, base] = [dirname(path), basename(path)];
  const files = (await readdir(directory)).filter((name) => name === base || isRotated(name, base));
  return (await Promise.all(files.map((file) => readFile(join(directory, file), 'utf8')))).join('');
}
