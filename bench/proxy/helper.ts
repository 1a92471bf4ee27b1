/** A process beside the benchmark's own that is given one job after the other: the load, and the servers behind. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A job by name, with what it needs. */
export interface Job {
  readonly kind: string;
  readonly [detail: string]: unknown;
}

/** A young generation that is seldom collected: its pauses would count as the proxy's. */
const roomy = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

type Answer = { readonly result: unknown } | { readonly error: string };

/** A running helper. */
export interface Helper extends AsyncDisposable {
  /** Gives it a job and waits for what comes of it. */
  run<T>(job: Job): Promise<T>;
}

/** Starts the program beside this file that is called `name`. */
export function startHelper(name: string): Helper {
  const child = fork(new URL(name, import.meta.url), { serialization: 'advanced', execArgv: roomy });
  const gone = once(child, 'exit').then(() => {
    throw new Error(`${name} ended too early`);
  });
  gone.catch(() => {});
  return {
    async run<T>(job: Job) {
      child.send(job);
      const [answer] = (await Promise.race([once(child, 'message'), gone])) as [Answer];
      if ('error' in answer) throw new Error(`${name}, ${job.kind}: ${answer.error}`);
      return answer.result as T;
    },
    [Symbol.asyncDispose]: () => end(child),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

/** In the helper: carries out the jobs that come, until the benchmark is gone. */
export function serveJobs(perform: (job: Job) => Promise<unknown>): void {
  const send = (answer: Answer): void => void process.send?.(answer);
  process.on('message', (job: Job) => {
    perform(job).then(
      (result) => send({ result }),
      (error: Error) => send({ error: error.stack ?? error.message }),
    );
  });
  process.once('disconnect', () => process.exit(0));
}
