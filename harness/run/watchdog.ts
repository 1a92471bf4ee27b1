/**
 * Ends this process when its main thread no longer comes to a turn of the event loop: a bound that is kept in the same loop never gets
 * its turn then. A thread of its own looks for the heart beat, and takes the processor's time as witness, so that a machine that
 * stood still ends nobody.
 *
 *   main thread    beat   beat   beat   for (;;) ……………………………… lastWords() …  ✗
 *   watchdog       look   look   look   look   look … too long ──┘ inspector   └ SIGKILL
 */
import { url as debuggerUrl } from 'node:inspector';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { moduleEnding } from '../own-files.ts';
import type { CutShort } from './cut-short.ts';
import type { StandStill } from './stand-still.ts';

/** What the thread of the watchdog is given. */
export interface WatchdogData {
  /** Counts the beats of the main thread. */
  readonly beats: SharedArrayBuffer;
  /** Where what is left of the scenario goes. */
  readonly path: string;
}

/** Real milliseconds between two beats. */
const beatMs = 200;

const wordsKey = Symbol.for('shaketable.last-words');

/** An expression that has the main thread say its last words, in the midst of whatever it is at. */
export const askForWords = (how: StandStill, last: boolean): string =>
  `globalThis[Symbol.for(${JSON.stringify(wordsKey.description)})](${JSON.stringify(how)}, ${last})`;

/**
 * Watches the main thread from now on. `lastWords` is called where it stands still, has to be synchronous, and gives what is left of
 * the scenario for `path`; undefined where it cannot tell, which it may be asked again unless this is the `last` time.
 */
export function startWatchdog(
  path: string,
  lastWords: (how: StandStill, last: boolean) => CutShort | undefined,
): void {
  // Whoever debugs stands still on purpose.
  if (debuggerUrl() !== undefined) return;
  const words = (how: StandStill, last: boolean): string | undefined => {
    const said = lastWords(how, last);
    return said && JSON.stringify(said);
  };
  Object.defineProperty(globalThis, wordsKey, { value: words });
  const beats = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const counter = new Int32Array(beats);
  setInterval(() => Atomics.add(counter, 0, 1), beatMs).unref();
  const workerData: WatchdogData = { beats, path };
  new Worker(join(import.meta.dirname, `watchdog-thread${moduleEnding}`), { workerData }).unref();
}
