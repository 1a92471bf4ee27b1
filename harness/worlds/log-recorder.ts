/**
 * The logs of one subject's run: their records go into the journal, and what was written is searched for planted secrets.
 */
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import type { Journal } from '../journal/journal.ts';
import { LogLines } from '../logs/log-lines.ts';
import { type LogFormat, logFormat } from '../logs/own-format.ts';
import type { LogRecord } from '../logs/record.ts';
import { followLog } from '../probes/log-reader.ts';
import { isRotated } from '../probes/rotation.ts';
import { PrintedLog } from './printed-log.ts';
import type { Heard } from './process-output.ts';
import { recordFormat, recordLog } from './recording.ts';
import type { SecretWatch } from './secret-watch.ts';
import type { ServiceLog } from './service.ts';

/** How often a log that comes line by line is looked at for a record that nothing follows; real milliseconds. */
const settleMs = 20;

/** A service's records are of the lab clock, as far as that is known. */
const labClock = { pace: 1, isClockKnown: false };

/** What the recorder needs. */
interface LogRecorderDeps {
  readonly journal: Journal;
  /** The lab clock. */
  readonly clock: Clock;
  readonly secrets: SecretWatch;
  /** Stops what follows logs at the end of the run. */
  readonly resources: AsyncDisposableStack;
  /** How often files are looked at, in real milliseconds. @default 20 */
  readonly pollMs?: number | undefined;
}

/** How a log is read. */
export interface ReadOptions {
  /** How much faster the lab clock runs than the one that stamps the records. */
  readonly pace: number;
  /** The scenario says which clock that is. */
  readonly isClockKnown: boolean;
  readonly format?: LogFormat | undefined;
}

export class LogRecorder {
  readonly #deps: LogRecorderDeps;
  readonly #followed: {
    readonly source: 'agent' | 'server';
    readonly path: string;
    drain(): Promise<void>;
  }[] = [];
  /** Logs that come line by line. */
  readonly #taken = new Map<string, LogLines>();

  constructor(deps: LogRecorderDeps) {
    this.#deps = deps;
  }

  /**
   * Records a log file as it grows.
   * @throws LabError `LAB_BAD_INPUT` for a format that cannot be used
   */
  follow(source: 'agent' | 'server', path: string, { format, ...clock }: ReadOptions): void {
    const { secrets, resources, pollMs = 20 } = this.#deps;
    const options = this.#optionsOf(source, basename(path, '.log'), clock);
    const given = format === undefined ? {} : { format: logFormat(format) };
    // Disposed of after the log itself, which may give a last record then.
    resources.defer(() =>
      recordFormat(this.#deps.journal, { of: source, log: basename(path, '.log') }, log.share()),
    );
    const log = resources.use(followLog({ path, pollMs, ...options, ...given }));
    this.#followed.push({ source, path, drain: () => log.drain() });
    secrets.output(`${source} log`, () => readRotated(path));
  }

  /** The log of a service, for the world that starts it: a file that is followed, or lines that are handed over. */
  ofService(name: string, file: string): ServiceLog {
    return {
      file,
      follow: () => this.follow('server', file, labClock),
      take: (line) => this.#linesOf(name, file).line(line),
    };
  }

  /**
   * The log of a program that prints it: records of both streams go into the journal, the raw lines into a file, as far as
   * {@link PrintedLog} keeps them.
   * @throws LabError `LAB_BAD_INPUT` for a format that cannot be used
   */
  ofProgram(name: string, file: string, format?: LogFormat): Heard {
    const { journal, secrets, resources } = this.#deps;
    const given = format === undefined ? {} : { format: logFormat(format) };
    const raw = new PrintedLog(file, secrets.stream(`${name} output`));
    const streams = (['stdout', 'stderr'] as const).map((stream) => {
      const log = `${name} ${stream}`;
      const lines = new LogLines({ ...this.#optionsOf('agent', log, labClock), ...given });
      this.#taken.set(`${file} ${stream}`, lines);
      return { log, lines };
    });
    const [stdout, stderr] = streams.map(({ lines }) => (line: string): void => {
      raw.add(line);
      lines.line(line);
    });
    const ended = new AbortController();
    for (const { lines } of streams) void settleAgain(lines, ended.signal);
    resources.defer(() => {
      ended.abort();
      for (const { log, lines } of streams) recordFormat(journal, { of: 'agent', log }, lines.share());
      return raw.close();
    });
    return {
      listeners: { ...(stdout && { onStdoutLine: stdout }), ...(stderr && { onStderrLine: stderr }) },
      conclude: () => {
        for (const { lines } of streams) lines.flush();
        raw.flush();
      },
    };
  }

  /** Reads every log to its end. */
  async drain(): Promise<void> {
    for (const log of this.#followed) await log.drain();
    for (const lines of this.#taken.values()) lines.flush();
  }

  /** Records each file that a followed log consists of. */
  async files(): Promise<void> {
    for (const { source, path } of this.#followed) {
      for (const file of await filesOf(path).catch(() => [])) {
        const { mode, size: bytes } = await stat(file);
        const facts = { writer: source, log: basename(path, '.log'), file: basename(file), bytes };
        this.#deps.journal.append('lab', 'lab.log-file', { ...facts, mode: (mode & 0o777).toString(8) });
      }
    }
  }

  #linesOf(name: string, file: string): LogLines {
    const known = this.#taken.get(file);
    if (known !== undefined) return known;
    const { journal, secrets, resources } = this.#deps;
    const lines = new LogLines(this.#optionsOf('server', name, labClock));
    this.#taken.set(file, lines);
    secrets.output('server log', () => createReadStream(file, 'utf8'));
    resources.defer(() => recordFormat(journal, { of: 'server', log: name }, lines.share()));
    const ended = new AbortController();
    resources.defer(() => ended.abort());
    void settleAgain(lines, ended.signal);
    return lines;
  }

  #optionsOf(source: 'agent' | 'server', log: string, clock: Omit<ReadOptions, 'format'>) {
    const { journal, clock: labTime } = this.#deps;
    const onRecord = (record: LogRecord, seenAt: number): void =>
      recordLog(journal, { source, log, ...clock }, record, seenAt);
    return { onRecord, now: () => labTime.now() };
  }
}

async function settleAgain(lines: LogLines, signal: AbortSignal): Promise<void> {
  const clock = systemClock();
  while (!signal.aborted) {
    await clock.sleep(settleMs, signal).catch(() => undefined);
    lines.settle();
  }
}

/** A log and the files that it was rotated to: `agent.log`, `agent.log.1` and so on. */
async function filesOf(path: string): Promise<string[]> {
  const [directory, base] = [dirname(path), basename(path)];
  const names = (await readdir(directory)).filter((name) => name === base || isRotated(name, base));
  return names.map((name) => join(directory, name));
}

/** What the log and its older files hold, in pieces: a flood would not fit into one text. */
async function* readRotated(path: string): AsyncIterable<string> {
  for (const file of await filesOf(path)) yield* createReadStream(file, 'utf8');
}
