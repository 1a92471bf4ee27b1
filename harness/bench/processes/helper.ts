/**
 * A process beside the benchmark's own that is given one job after the other: the load, or the servers. What it spends on
 * a job is the processor time of that end alone.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { LabError } from '../../errors.ts';

/** A job by name, with what it needs. */
export interface Job {
  readonly kind: string;
  readonly [detail: string]: unknown;
}

/** What came of a job, and what the process spent on it. */
export interface Done<T> {
  readonly result: T;
  /** Processor time of user and system, ms. */
  readonly cpuMs: number;
  /** Resident memory after it. */
  readonly rssBytes: number;
}

type Answer = Done<unknown> | { readonly error: string };

/** A running helper. */
export interface Helper extends AsyncDisposable {
  readonly pid: number;
  /** Gives it a job and waits for what comes of it; one at a time. */
  run<T>(job: Job): Promise<Done<T>>;
  /** What it has spent since it began, ms of processor time. */
  cpuMs(): Promise<number>;
}

/** A young generation that is seldom collected: its pauses would count as the work's. */
const seldomCollecting = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

export interface HelperOptions {
  /** Another version's directory of programs. @default the one of this file */
  readonly directory?: string;
  /** Node's flags. @default a large young generation */
  readonly execArgv?: readonly string[];
}

/** The path of the program beside this file that is called `name`, without its ending. */
export const programOf = (name: string, directory = import.meta.dirname): string =>
  join(directory, `${name}${extname(import.meta.filename)}`);

/** Starts the program that is called `name`, without its ending. */
export function startHelper(name: string, options: HelperOptions = {}): Helper {
  const { directory, execArgv = seldomCollecting } = options;
  const child = fork(programOf(name, directory), {
    serialization: 'advanced',
    execArgv: [...execArgv],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(() => {
    throw new LabError('LAB_SUBJECT_START', `${name}, a process of the benchmark, ended too early`);
  });
  gone.catch(() => {});
  const run = async <T>(job: Job): Promise<Done<T>> => {
    child.send(job);
    const [answer] = (await Promise.race([once(child, 'message'), gone])) as [Answer];
    if ('error' in answer) throw new Error(`${name}, ${job.kind}: ${answer.error}`);
    return answer as Done<T>;
  };
  return {
    pid: child.pid ?? 0,
    run,
    cpuMs: async () => (await run<number>({ kind: 'usage' })).result,
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  if (child.connected) child.disconnect();
  await ended;
}

/** In the helper: carries out the jobs that it has a kind for, until the benchmark is gone. */
export function serveKinds(kinds: Readonly<Record<string, (job: Job) => Promise<unknown>>>): void {
  serveJobs(async (job) => {
    const perform = kinds[job.kind];
    if (!perform) throw new RangeError(`Expected a known kind of job, got ${job.kind}`);
    return await perform(job);
  });
}

function serveJobs(perform: (job: Job) => Promise<unknown>): void {
  const send = (answer: Answer): void => void process.send?.(answer);
  const spent = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  };
  process.on('message', (job: Job) => {
    const before = spent();
    const work = job.kind === 'usage' ? Promise.resolve(before) : perform(job);
    work.then(
      (result) => send({ result, cpuMs: spent() - before, rssBytes: process.memoryUsage.rss() }),
      (error: Error) => send({ error: error.stack ?? error.message }),
    );
  });
  process.on('SIGINT', () => {}); // Ctrl-C reaches the whole group; the benchmark itself ends its helpers.
  process.once('disconnect', () => process.exit(0));
}
