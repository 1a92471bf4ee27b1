/**
 * The logs of one subject's run: their records go into the journal, and what was written is searched for planted secrets.
 */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Journal } from '../journal/journal.ts';
import { followLog } from '../probes/log-reader.ts';
import { parseLogLine } from '../probes/log-record.ts';
import { isRotated } from '../probes/rotation.ts';
import { recordLog, type Writer } from './recording.ts';
import type { SecretWatch } from './secret-watch.ts';
import type { ServiceLog } from './service.ts';

/** What the recorder needs. */
interface LogRecorderDeps {
  readonly journal: Journal;
  readonly secrets: SecretWatch;
  /** Stops what follows logs at the end of the run. */
  readonly resources: AsyncDisposableStack;
}

export class LogRecorder {
  readonly #deps: LogRecorderDeps;
  readonly #followed: { readonly writer: Writer; readonly path: string; drain(): Promise<void> }[] = [];
  /** Logs that come line by line. */
  readonly #taken = new Set<string>();

  constructor(deps: LogRecorderDeps) {
    this.#deps = deps;
  }

  /** Records a log file as it grows. `pace` is how much faster the lab clock runs than the one that stamps it. */
  follow(source: 'agent' | 'server', path: string, pace: number): void {
    const { journal, secrets, resources } = this.#deps;
    const writer = { source, log: basename(path, '.log'), pace };
    const log = followLog({ path, onRecord: (record) => recordLog(journal, writer, record) });
    resources.use(log);
    this.#followed.push({ writer, path, drain: () => log.drain() });
    secrets.output(`${source} log`, () => readRotated(path));
  }

  /** The log of a service, for the world that starts it: a file that is followed, or lines that are handed over. */
  ofService(name: string, file: string): ServiceLog {
    return {
      file,
      follow: () => this.follow('server', file, 1),
      take: (line) => this.#take(name, file, line),
    };
  }

  /** Reads every followed log to its end. */
  async drain(): Promise<void> {
    for (const log of this.#followed) await log.drain();
  }

  /** Records each file that a followed log consists of. */
  async files(): Promise<void> {
    for (const { writer, path } of this.#followed) {
      for (const file of await filesOf(path).catch(() => [])) {
        const { mode, size: bytes } = await stat(file);
        const facts = { writer: writer.source, log: writer.log, file: basename(file), bytes };
        this.#deps.journal.append('lab', 'lab.log-file', { ...facts, mode: (mode & 0o777).toString(8) });
      }
    }
  }

  #take(name: string, file: string, line: string): void {
    const { journal, secrets } = this.#deps;
    if (!this.#taken.has(file)) secrets.output('server log', () => readFile(file, 'utf8'));
    this.#taken.add(file);
    recordLog(journal, { source: 'server', log: name, pace: 1 }, parseLogLine(line));
  }
}

/** A log and the files that it was rotated to: `agent.log`, `agent.log.1` and so on. */
async function filesOf(path: string): Promise<string[]> {
  const [directory, base] = [dirname(path), basename(path)];
  const names = (await readdir(directory)).filter((name) => name === base || isRotated(name, base));
  return names.map((name) => join(directory, name));
}

async function readRotated(path: string): Promise<string> {
  const files = await filesOf(path);
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
}
