/**
 * The table of one subject's run: what all worlds share of it. Time, chance, journal, names, secrets and the timeline of
 * faults are the lab's own; links, services and databases are the deps that its world gives.
 */
import { join } from 'node:path';
import type { Authority } from 'shaketable-proxy/certificates';
import { type Clock, systemClock, withDeadline } from 'shaketable-proxy/clock';
import type { Random } from 'shaketable-proxy/random';
import { openLedger } from '../cleanup/index.ts';
import { LabError } from '../errors.ts';
import type { FaultReport } from '../faults/planned-fault.ts';
import { Timeline } from '../faults/timeline.ts';
import type { Entry, EntryKind, FactsOf } from '../journal/entry.ts';
import type { Journal } from '../journal/journal.ts';
import type { SourceOf } from '../journal/kinds.ts';
import { describeMatcher, type Matcher, valueAt } from '../journal/matcher.ts';
import { refuseMistake, refuseReserved, refuseStrangeEntry } from '../journal/refuse.ts';
import { pollQuery } from '../probes/database-poller.ts';
import { type StartedProcess, startProcess } from '../subjects/process.ts';
import type { WorldName } from '../world-list.ts';
import { connectionsEnded } from './connections-ended.ts';
import type { Diallers } from './diallers.ts';
import { type DatabaseHolder, holdDatabase } from './lab-database.ts';
import type { Link } from './link.ts';
import { LogRecorder } from './log-recorder.ts';
import { createNames, type Dial, type LabNames } from './names.ts';
import { outputOf } from './process-output.ts';
import { recordRows } from './recording.ts';
import { createSecretWatch, type SecretWatch } from './secret-watch.ts';
import type { ServiceProgram, StartedService } from './service.ts';
import { openSession } from './session.ts';
import type { FollowOptions, LabDatabase, LinkOptions, NoteFields, Table } from './table.ts';
import type { TableContext, TableDeps, TableOptions } from './table-deps.ts';
import { refuseOptions } from './table-options.ts';

/** What a table is made of. */
interface LabTableParts {
  readonly world: WorldName;
  readonly options: TableOptions;
  readonly context: TableContext;
  readonly deps: TableDeps;
  readonly authority: Authority;
}

/** How long the last bytes of what was stopped may be under way, in real milliseconds. */
const lastBytesMs = 300;

export class LabTable implements Table {
  readonly scenario: string;
  readonly subject: string;
  readonly world: WorldName;
  readonly seed: number;
  readonly pace: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly directory: string;
  readonly authority: Authority;
  readonly token?: string;
  readonly dial: Dial;
  readonly #deps: TableDeps;
  readonly #journal: Journal;
  readonly #diallers: Diallers;
  readonly #names: LabNames;
  readonly #secrets: SecretWatch;
  readonly #database: DatabaseHolder;
  readonly #logs: LogRecorder;
  readonly #timeline: Timeline;
  /** Stopped while faults are still in force. */
  readonly #subjects = new AsyncDisposableStack();
  /** Stopped after faults were lifted. */
  readonly #services = new AsyncDisposableStack();
  /** Given back at the very end. */
  readonly #resources: AsyncDisposableStack;

  constructor({ world, options, context, deps, authority }: LabTableParts) {
    const { scenario, subject, pace, clock, random, directory, journal, diallers, resources } = context;
    this.scenario = scenario;
    this.subject = subject;
    this.world = world;
    this.seed = options.seed;
    this.pace = pace;
    this.clock = clock;
    this.random = random;
    this.directory = directory;
    this.authority = authority;
    if (deps.credentials?.token !== undefined) this.token = deps.credentials.token;
    this.#deps = deps;
    this.#journal = journal;
    this.#diallers = diallers;
    this.#resources = resources;
    this.#names = createNames(diallers);
    this.dial = this.#names.dial;
    this.#secrets = createSecretWatch(journal);
    this.#database = holdDatabase(deps.databases, resources);
    this.#logs = new LogRecorder({
      journal,
      clock,
      secrets: this.#secrets,
      resources,
      pollMs: context.logsEveryMs,
    });
    const faultContext = () => this.#faultContext();
    this.#timeline = Timeline.start({ journal, clock, world, context: faultContext }, options.faults);
    ownMethods(this, LabTable.prototype);
  }

  async database(wanted?: { own?: boolean; settings?: Record<string, string> }): Promise<LabDatabase> {
    refuseOptions('database', wanted ?? {});
    const opened = await this.#database.open(wanted);
    this.plantSecret('database password', opened.schema.password);
    return opened;
  }

  async link(
    name: string,
    upstream: { host: string; port: number },
    options: LinkOptions = {},
  ): Promise<Link> {
    refuseOptions('link', options);
    const { client = 'subject', tls = false } = options;
    const link = await this.#deps.link(name, upstream, { client, tls });
    await this.#timeline.linkReady(link);
    return link;
  }

  async service(name: string, program: ServiceProgram): Promise<StartedService> {
    const log = this.#logs.ofService(name, join(this.directory, `${name}.log`));
    return this.#services.use(await this.#deps.service(name, program, log));
  }

  follow(source: 'agent' | 'server', path: string, options: FollowOptions = {}): void {
    refuseOptions('follow', options);
    const { clock, format } = options;
    const pace = clock === 'wall' ? this.pace : 1;
    this.#logs.follow(source, path, { pace, isClockKnown: clock !== undefined, format });
  }

  poll(name: string, sql: string, everyMs: number): void {
    refuseOptions('poll', { everyMs });
    const { clock } = this;
    const query = () => this.#database.query(sql, clock.now());
    const onRows: Parameters<typeof pollQuery>[0]['onRows'] = (result) =>
      recordRows(this.#journal, name, result);
    this.#services.use(pollQuery({ query, onRows, clock, everyMs }));
  }

  async process(name: string, program: Parameters<Table['process']>[1]): Promise<StartedProcess> {
    refuseOptions('process', program);
    const { noProcesses } = this.#deps;
    if (noProcesses !== undefined)
      throw new LabError('LAB_BAD_INPUT', `${name} cannot be started: ${noProcesses}`, {
        hint: 'Play the scenario in another world, and say so with `except`.',
      });
    const { clock } = this;
    const begun = clock.now();
    const ledger = await openLedger();
    const { log, format, ...options } = program;
    const { listeners, conclude } =
      log === undefined
        ? outputOf(name, program, this.#journal)
        : this.#logs.ofProgram(name, join(this.directory, `${name}.log`), format);
    const started = this.#subjects.use(await startProcess({ ...listeners, ...options, clock, ledger }));
    void started.exited.then(({ code, signal, t }) => {
      this.#journal.append('process', 'process.exit', { process: name, code, signal, ranMs: t - begun }, t);
      conclude();
    });
    return started;
  }

  addressOf(dialler: string): string {
    return this.#diallers.addressOf(dialler);
  }

  plantSecret(name: string, value: string): void {
    this.#secrets.plant(name, value);
  }

  output(name: string, content: () => Promise<string>): void {
    this.#secrets.output(name, content);
  }

  note(name: string, fields: NoteFields = {}): void {
    refuseReserved(`table.note('${name}')`, fields, ['name']);
    this.#journal.append('subject', 'subject.note', { name, ...fields });
  }

  record<K extends EntryKind>(source: SourceOf<K>, kind: K, facts: NoInfer<FactsOf<K>>): void {
    refuseStrangeEntry(source, kind, facts);
    this.#journal.append(source, kind, facts);
  }

  async until(matcher: Matcher, options: { withinMs: number; nth?: number }): Promise<Entry | undefined> {
    refuseOptions('until', options);
    const { withinMs, nth = 1 } = options;
    refuseMistake('table.until', matcher);
    const late = new AbortController();
    const entry = this.#journal.entry(matcher, { nth, signal: late.signal });
    entry.catch(() => {}); // Nobody waits for it once it is late.
    try {
      return await withDeadline(this.clock, withinMs, entry, () => {
        const meant = describeMatcher(matcher);
        const stalledShare = this.#stalledMs(withinMs) / withinMs;
        this.#journal.append('lab', 'lab.waited', { meant, nth, withinMs, stalledShare });
        return undefined;
      });
    } finally {
      late.abort();
    }
  }

  /** For how much of the last `ms` the machine stood still, lab milliseconds. */
  #stalledMs(ms: number): number {
    const sinceMs = this.clock.now() - this.#journal.startedAt - ms;
    const stalls = this.#journal.all({ kind: 'lab.stall' }).filter(({ t }) => t >= sinceMs);
    return stalls.reduce((sum, stall) => sum + Number(valueAt(stall, 'lateMs')), 0);
  }

  count(matcher: Matcher): number {
    refuseMistake('table.count', matcher);
    return this.#journal.count(matcher);
  }

  async sleep(ms: number): Promise<void> {
    refuseOptions('sleep', { ms });
    return this.clock.sleep(ms);
  }

  inject(fault: string): Promise<void> {
    return this.#timeline.inject(fault);
  }

  lift(fault: string): Promise<void> {
    return this.#timeline.lift(fault);
  }

  use<T extends AsyncDisposable>(subject: T): T {
    return this.#subjects.use(subject);
  }

  serve<T extends AsyncDisposable>(service: T): T {
    return this.#services.use(service);
  }

  /** Stops subjects while faults are still in force. */
  async stopSubjects(): Promise<void> {
    if (this.#subjects.disposed) return;
    const begun = this.clock.now();
    try {
      await this.#subjects.disposeAsync();
    } finally {
      this.#journal.append('lab', 'lab.stopped', { tookMs: this.clock.now() - begun });
    }
    await connectionsEnded(this.#journal, systemClock(), lastBytesMs);
  }

  /** How each fault has fared so far, for a table that cannot be closed any more. */
  abandon(): FaultReport[] {
    return this.#timeline.report();
  }

  /** Stops subjects, lifts faults, stops services, reads the logs to their end, and says how each fault fared. */
  async close(): Promise<FaultReport[]> {
    await using _resources = this.#resources;
    await using _services = this.#services;
    await this.stopSubjects().finally(() => this.#timeline.liftAll());
    await this.#services.disposeAsync();
    await this.#logs.drain();
    await this.#logs.files();
    await this.#deps.conclude?.();
    await this.#secrets.scan();
    return this.#timeline.report();
  }

  /** What every fault of this table is handed. */
  #faultContext() {
    const { clock, pace } = this;
    const need = () => this.#database.need();
    return {
      clock,
      pace,
      names: this.#names,
      database: () => need().server,
      schema: () => need().schema,
      session: () => openSession(need().server, need().schema.database),
      connectionBehind: this.#deps.connectionBehind,
    };
  }
}

/** Makes each method a bound property of the table itself: a scenario may spread a table to change a part of it. */
function ownMethods(table: LabTable, methods: LabTable): void {
  for (const name of Object.getOwnPropertyNames(methods)) {
    const method: unknown = Reflect.get(methods, name);
    if (name === 'constructor' || typeof method !== 'function') continue;
    Object.defineProperty(table, name, { value: method.bind(table), enumerable: true });
  }
}
