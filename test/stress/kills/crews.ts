/** Workers as processes that can be killed and replaced: of a NATS server, or of the engine in this process. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadProject } from '../../../harness/config/project.ts';
import { serveEngine } from '../../../harness/queue/channel/serve-engine.ts';
import type { Engine } from '../../../harness/queue/engine.ts';
import { codeIdentity } from '../../../harness/scale/code-identity.ts';
import { channelTo, settingsVariable } from '../../../harness/scale/embedded/start-embedded.ts';

const root = resolve(import.meta.dirname, '../../..');

/** By which the processes of a crew, children of dead workers included, are known. */
const mark = `SHAKETABLE_CREW=${process.pid}`;

/** How a worker with this number is started. */
export type StartWorker = (index: number) => ChildProcess;

/** The code that workers of this repository have. */
export const ownCode = async () => codeIdentity(await loadProject(undefined, root));

/** A worker as a user starts it. `wrap` goes before the command, as what puts it into a namespace. */
export function workersOf(
  url: string,
  env: Readonly<Record<string, string>> = {},
  wrap: (index: number) => readonly string[] = () => [],
): StartWorker {
  return (index) => {
    const own = [process.execPath, resolve(root, 'harness/cli/main.ts')];
    const [program = '', ...args] = [...wrap(index), ...own, 'worker', '--on', url, '--slots', '1'];
    return spawn(program, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], env: marked(env) });
  };
}

/** A worker of an engine in this process. */
export function workersIn(engine: Engine, code: Readonly<Record<string, string>>): StartWorker {
  return () => {
    const settings = JSON.stringify({ code, slots: 1, setUp: false });
    const child = fork(resolve(root, 'harness/cli/embedded-worker-main.ts'), [], {
      serialization: 'advanced',
      env: marked({ [settingsVariable]: settings }),
    });
    serveEngine(engine, channelTo(child));
    return child;
  };
}

/** So many workers at any time. */
export interface Crew extends AsyncDisposable {
  /** SIGKILL for one of them, in whose place another one is started. */
  replace(index: number): Promise<void>;
}

export function startCrew(count: number, start: StartWorker): Crew {
  const workers = Array.from({ length: count }, (_, index) => start(index));
  return {
    async replace(index) {
      await kill(workers[index]);
      workers[index] = start(index);
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map(kill));
    },
  };
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

/** Ids of all processes that belong to a crew of this process and live. */
export async function leftOver(): Promise<string[]> {
  const left: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const environ = await readFile(`/proc/${pid}/environ`, 'latin1').catch(() => '');
    if (pid !== String(process.pid) && environ.split('\0').includes(mark)) left.push(pid);
  }
  return left;
}

function marked(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const [name = '', value = ''] = mark.split('=');
  return { ...process.env, ...env, [name]: value };
}
