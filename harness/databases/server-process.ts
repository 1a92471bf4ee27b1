/**
 * The server as a process: started, watched until it says that it is ready, and ended with its owner where the system
 * offers that. A port that listens proves nothing, and a MariaDB that is told to stop before it is ready never does.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { systemClock, withDeadline } from 'shaketable-proxy/clock';
import { type ProcessRegistry, type StartedProcess, startProcess } from '../subjects/process.ts';
import type { DatabaseBinary } from './database-binary.ts';
import { type ServerPlan, serverArguments } from './engine.ts';
import { startFailure } from './start-failure.ts';

const run = promisify(execFile);
const readyMs = 60_000;
const keptLines = 200;

/** What a launch needs besides the plan. */
export interface LaunchContext {
  readonly binary: DatabaseBinary;
  readonly ledger: ProcessRegistry;
  readonly signal?: AbortSignal | undefined;
  /** Gets the server's log, the last `keptLines` lines of it. */
  readonly log: string[];
}

/**
 * Starts the server and resolves once it is ready. Fails with LAB_PORT_TAKEN, LAB_DISK_FULL, LAB_DATABASE_START or the
 * signal's reason; nothing of it runs any more by then.
 */
export async function launch(plan: ServerPlan, context: LaunchContext): Promise<StartedProcess> {
  const { binary, ledger, signal, log } = context;
  log.length = 0;
  const ready = Promise.withResolvers<'ready' | 'exited'>();
  const [command, ...args] = [...(await diesWithOwner()), binary.path, ...serverArguments(binary, plan)];
  const server = await startProcess({
    command: command as string,
    args,
    ledger,
    onStderrLine(line) {
      log.push(line);
      if (log.length > keptLines) log.shift();
      if (line.includes('ready for connections')) ready.resolve('ready');
    },
  });
  const exited = server.exited.then(() => 'exited' as const);
  try {
    const outcome = await firstOf([ready.promise, exited], signal);
    if (outcome === 'ready') return server;
    if (outcome === 'exited') throw startFailure(`${binary.path} ended before it was ready`, log);
    throw startFailure(`${binary.path} was not ready after ${readyMs / 1000} s`, log);
  } catch (error) {
    server.kill('SIGKILL');
    await server.exited;
    throw error;
  }
}

/** The first of `events`, or `late`; rejects when `signal` aborts. */
async function firstOf<Event>(events: Promise<Event>[], signal?: AbortSignal): Promise<Event | 'late'> {
  return withDeadline(systemClock(), readyMs, Promise.race(events), () => 'late' as const, signal);
}

let wrapper: Promise<readonly string[]> | undefined;

/**
 * The prefix that has the kernel kill a command when the process that started it dies, even of SIGKILL (PR_SET_PDEATHSIG,
 * by util-linux's setpriv). Empty where there is none: then the next run finds what is left.
 */
function diesWithOwner(): Promise<readonly string[]> {
  const prefix = ['--pdeathsig', 'KILL', '--'];
  wrapper ??= run('setpriv', [...prefix, 'true']).then(
    () => ['setpriv', ...prefix],
    () => [],
  );
  return wrapper;
}
