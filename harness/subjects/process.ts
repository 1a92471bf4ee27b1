/**
 * A program as a process of its own, in whatever language it is written. It leads a process group, so that what it starts
 * itself is stopped with it, and it gets no environment but the one that is given.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { Writable } from 'node:stream';
import { type Clock, systemClock } from 'shaketable-proxy/clock';
import { fileError, LabError } from '../errors.ts';
import { onEachLine } from './output-lines.ts';

/** Stopping is bounded by the wall clock: a subject has no say in it, and neither has the pace. */
const usualGraceMs = 2_000;

/** Where the process is written down, so that a later run can end it if this one is killed. */
export interface ProcessRegistry {
  process(child: ChildProcess, options: { command: string; session: boolean }): () => void;
}

/** How to start a program. */
export interface ProcessOptions {
  /** A program in PATH or a path; not a shell's command line. */
  readonly command: string;
  readonly args?: readonly string[];
  /** Added to PATH and HOME of the lab, which are all it gets otherwise. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** @default the lab's own */
  readonly cwd?: string;
  /** Appended to. @default the output is thrown away */
  readonly stdoutFile?: string;
  /** Appended to. @default the output is thrown away */
  readonly stderrFile?: string;
  /** Gets each line that is written to standard output, instead of `stdoutFile`. */
  readonly onStdoutLine?: (line: string) => void;
  /** Gets each line that is written to standard error, instead of `stderrFile`. */
  readonly onStderrLine?: (line: string) => void;
  /** Whether it is written to (`input` of the handle). @default false: it reads the end of its input at once */
  readonly input?: boolean;
  /** What the record of the run says of it; for a command with secrets in it. @default the command */
  readonly shownAs?: string;
  /** What asks it to end. @default 'SIGTERM' */
  readonly stopSignal?: NodeJS.Signals;
  /** How long it then has, in milliseconds of the wall clock. @default 2000 */
  readonly graceMs?: number;
  readonly ledger?: ProcessRegistry;
  /** Tells when it exited. @default the wall clock */
  readonly clock?: Clock;
}

/** How a process ended: its exit code, or the signal that killed it. `t` is the clock's time. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly t: number;
}

/** A running process. Disposal is `stop()`. */
export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  /** What it reads, where it was started with `input`. */
  readonly input?: Writable;
  /** Signals the whole process group; without effect once the process has exited. */
  kill(signal: NodeJS.Signals): void;
  /** Its signal, then SIGKILL after `graceMs` of the wall clock, to the whole group. @default as it was started */
  stop(graceMs?: number): Promise<ProcessExit>;
}

/** Starts a program and resolves once it runs. Fails with LAB_SUBJECT_START if it cannot be. */
export async function startProcess(options: ProcessOptions): Promise<StartedProcess> {
  const { command, args = [], env = {}, ledger, clock = systemClock() } = options;
  await using outputs = new AsyncDisposableStack(); // The child has its own copies of the files once it is spawned.
  const stdout = options.onStdoutLine ? 'pipe' : await openOutput(outputs, options.stdoutFile);
  const stderr = options.onStderrLine ? 'pipe' : await openOutput(outputs, options.stderrFile);
  const child = spawn(command, args, {
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: { ...inherited(), ...env },
    stdio: [options.input ? 'pipe' : 'ignore', stdout, stderr],
    detached: true,
  });
  // A program that is gone reads nothing, and its end tells.
  child.stdin?.on('error', () => {});
  const exited = exitOf(child, clock);
  ledger?.process(child, { command: options.shownAs ?? [command, ...args].join(' '), session: true });
  for (const [stream, heard] of [
    [child.stdout, options.onStdoutLine],
    [child.stderr, options.onStderrLine],
  ] as const)
    if (stream && heard) onEachLine(stream, heard);
  await spawned(child, options);
  return createHandle(child, exited, options);
}

function createHandle(
  child: ChildProcess,
  exited: Promise<ProcessExit>,
  { stopSignal = 'SIGTERM', graceMs = usualGraceMs }: ProcessOptions,
): StartedProcess {
  const pid = child.pid as number;
  const runs = (): boolean => child.exitCode === null && child.signalCode === null;
  let stopping: Promise<ProcessExit> | undefined;
  const stop = (grace = graceMs): Promise<ProcessExit> => {
    stopping ??= runs() ? stopGroup({ pid, exited, grace, stopSignal }) : exited;
    return stopping;
  };
  return {
    pid,
    exited,
    ...(child.stdin ? { input: child.stdin } : {}),
    kill: (signal) => void (runs() && signalGroup(pid, signal)),
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
}

/** Settles once the process is gone and its output is read, within `usualGraceMs`. What it leaves of its group ends with it. */
function exitOf(child: ChildProcess, clock: Clock): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      const t = clock.now();
      signalGroup(child.pid as number, 'SIGKILL');
      const read = new AbortController();
      child.once('close', () => {
        read.abort();
        resolve({ code, signal, t });
      });
      // A process that left the group holds the pipes for as long as it lives: what it prints concerns nobody.
      systemClock()
        .sleep(usualGraceMs, read.signal)
        .then(
          () => [child.stdout, child.stderr].map((stream) => stream?.destroy()),
          () => undefined,
        );
    });
  });
}

interface Stop {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  readonly grace: number;
  readonly stopSignal: NodeJS.Signals;
}

/** Asks the group to end, and makes it when the grace is over. */
async function stopGroup({ pid, exited, grace, stopSignal }: Stop): Promise<ProcessExit> {
  const done = new AbortController();
  const escalation = systemClock()
    .sleep(grace, done.signal)
    .then(() => signalGroup(pid, 'SIGKILL'))
    .catch(() => undefined);
  signalGroup(pid, stopSignal);
  signalGroup(pid, 'SIGCONT'); // A process that was stopped sees no signal before it goes on.
  const exit = await exited;
  done.abort();
  await escalation;
  return exit;
}

/** Signals a group, if there still is one. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error; // macOS says EPERM of a group of zombies.
  }
}

function inherited(): Record<string, string> {
  const { PATH, HOME } = process.env;
  return { ...(PATH !== undefined && { PATH }), ...(HOME !== undefined && { HOME }) };
}

async function openOutput(stack: AsyncDisposableStack, path?: string): Promise<number | 'ignore'> {
  if (path === undefined) return 'ignore';
  const file = await open(path, 'a', 0o600).catch((error: unknown) => {
    throw fileError(error, path, 'set TMPDIR to another file system');
  });
  return stack.use(file).fd;
}

function spawned(child: ChildProcess, { command, cwd }: ProcessOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause: Error) => {
      const place = cwd === undefined ? '' : `, and that the directory ${cwd} exists`;
      const hint = `Check that ${command} is in PATH or a path, that it may be executed${place}.`;
      reject(
        new LabError('LAB_SUBJECT_START', `Could not start ${command}: ${cause.message}`, { hint, cause }),
      );
    });
  });
}
