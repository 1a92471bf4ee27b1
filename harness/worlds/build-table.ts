/**
 * The table of one subject in a world. What all worlds share is here: time, chance, journal, names, secrets and the
 * timeline of faults. A world gives the deps of a table, which is all that it differs in.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Authority, createAuthority } from 'shaketable-proxy/certificates';
import { type Clock, scaledClock, systemClock } from 'shaketable-proxy/clock';
import { seededRandom } from 'shaketable-proxy/random';
import { labTemporaryDirectory, openLedger } from '../cleanup/index.ts';
import { Timeline } from '../faults/timeline.ts';
import { Journal } from '../journal/journal.ts';
import { refuseMistake, refuseStrangeEntry } from '../journal/refuse.ts';
import { pollQuery } from '../probes/database-poller.ts';
import { followLog } from '../probes/log-reader.ts';
import { parseLogLine } from '../probes/log-record.ts';
import { isRotated } from '../probes/rotation.ts';
import { type ProcessExit, startProcess } from '../subjects/process.ts';
import type { WorldName } from '../world-list.ts';
import { holdDatabase } from './lab-database.ts';
import { createNames } from './names.ts';
import { recordLog, recordRows } from './recording.ts';
import { createSecretWatch } from './secret-watch.ts';
import { openSession } from './session.ts';
import type { Table } from './table.ts';
import type { ServerCredentials, StartedTable, TableContext, TableDeps, TableOptions } from './table-deps.ts';

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
