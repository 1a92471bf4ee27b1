/**
 * SIGSTOP takes effect thread by thread, and a thread that runs on another core may well answer one more query. Linux shows
 * the state of each thread; where it does not show, the signal has to do.
 */
import { readdir, readFile } from 'node:fs/promises';
import { systemClock } from 'shaketable-proxy/clock';

const pollMs = 1;
const limitMs = 1_000;

/** Resolves once every thread of the process has stopped, after a second at the latest. */
export async function untilFrozen(pid: number): Promise<void> {
  const clock = systemClock();
  const deadline = clock.now() + limitMs;
  while (!(await isFrozen(pid)) && clock.now() < deadline) await clock.sleep(pollMs);
}

async function isFrozen(pid: number): Promise<boolean> {
  const tasks = await readdir(`/proc/${pid}/task`).catch(() => []);
  const states = await Promise.all(tasks.map((task) => stateOf(`/proc/${pid}/task/${task}/stat`)));
  return states.every((state) => state === undefined || state === 'T');
}

/** The state letter of proc_pid_stat(5), which follows the command in brackets; `undefined` for a thread that is gone. */
async function stateOf(path: string): Promise<string | undefined> {
  const text = await readFile(path, 'latin1').catch(() => undefined);
  return text?.charAt(text.lastIndexOf(')') + 2);
}
