/** The thread of the watchdog: it looks for beats of the main thread, and ends the process when there were none for too long. */
import { readFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { setTimeout as wait } from 'node:timers/promises';
import { workerData } from 'node:worker_threads';
import { type CutShort, writeCutShort } from './cut-short.ts';
import { judgeLooks, type Look, lookEveryMs, type StandStill, standStillBoundMs } from './stand-still.ts';
import { askForWords, type WatchdogData } from './watchdog.ts';

const { beats, path } = workerData as WatchdogData;
const counter = new Int32Array(beats);

/** How long an answer may take, in real milliseconds. */
const answerMs = 10_000;

/** How often it is asked who it is: at one moment the main thread may be in code that tells nothing. */
const questions = 20;

/** Real milliseconds between two of them. */
const betweenMs = 50;

const stillness = judgeLooks(look());
let questioning = false;

setInterval(() => {
  if (questioning) return;
  const how = stillness(look());
  if (how) void end(how);
}, lookEveryMs);

function look(): Look {
  const { user, system } = process.cpuUsage();
  return {
    beats: Atomics.load(counter, 0),
    cpuMs: (user + system) / 1_000,
    runs: mainThreadRuns(),
    nowMs: performance.now(),
  };
}

async function end(how: StandStill): Promise<void> {
  questioning = true;
  const { beats: before } = look();
  for (let left = questions; left > 0; left -= 1) {
    const answer = await ask(how, left === 1);
    if (answer === 'none') writeCutShort(path, nothingSaid(how));
    else if (answer === undefined) {
      await wait(betweenMs);
      if (look().beats === before) continue;
      questioning = false; // It came to a turn after all.
      return;
    } else writeCutShort(path, JSON.parse(answer) as CutShort);
    process.kill(process.pid, 'SIGKILL');
  }
}

/** What the main thread says: what is left of its scenario, or nothing yet; `none` where no question gets through to it. */
function ask(how: StandStill, last: boolean): Promise<string | 'none' | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | 'none' | undefined>();
  const session = new Session();
  session.connectToMainThread();
  setTimeout(() => resolve('none'), answerMs).unref();
  const expression = askForWords(how, last);
  session.post('Runtime.evaluate', { expression, returnByValue: true }, (error, answer) => {
    session.disconnect();
    if (error || answer.exceptionDetails) resolve('none');
    else resolve(answer.result.value as string | undefined);
  });
  return promise;
}

function nothingSaid(how: StandStill): CutShort {
  const what = how === 'spins' ? 'kept its thread busy' : 'held its thread in a call that did not return';
  const within = `${standStillBoundMs[how] / 1_000} s`;
  return {
    reasons: [`Code of the scenario ${what} for ${within}, and could not be asked whose it is.`],
    cutOff: [],
  };
}

/** Whether the main thread runs or would if it had a processor; proc_pid_stat(5). Where nobody tells, it does. */
function mainThreadRuns(): boolean {
  try {
    const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('R');
  } catch {
    return true;
  }
}
