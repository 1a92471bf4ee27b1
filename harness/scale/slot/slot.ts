/**
 * The supervisor's side of one child: plays a unit in it, within bounds of time, memory and silence. The child is a process of its own,
 * so that whatever a unit does, the supervisor keeps extending leases and says what became of it.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Clock } from 'shaketable-proxy/clock';
import type { ResourceLedger } from '../../cleanup/index.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { ChildMessage, Played, PlayMessage } from './messages.ts';

/** What a unit may take. */
export interface UnitLimits {
  /** Resident memory of the child, in mebibytes. */
  readonly memoryMb: number;
  /** Wall-clock milliseconds for a unit. */
  readonly unitMs: number;
  /** Wall-clock milliseconds without a turn of the child's event loop. */
  readonly silentMs: number;
}

/** How playing a unit ended. `died`: the child did not survive it; `broken`: it did, without a result. */
export type Ending =
  | { readonly kind: 'played'; readonly played: Played }
  | { readonly kind: 'broken' | 'died'; readonly reason: string }
  | { readonly kind: 'stopped' };

export interface SlotOptions {
  /** The child's main module; it calls `serveUnits`. */
  readonly main: string;
  readonly limits: UnitLimits;
  readonly clock: Clock;
  readonly ledger: ResourceLedger;
  readonly note: (line: string) => void;
}

/** A child, or the place for one: it is started when there is something to play. */
export interface Slot extends AsyncDisposable {
  /** Plays one unit; stopped by `signal`, which ends the child. */
  play(message: PlayMessage, signal: AbortSignal, onSaid?: (said: JsonObject) => void): Promise<Ending>;
  /** Passes on what whoever began the run tells; nobody hears it between two units. */
  tell(told: JsonObject): void;
}

/** Milliseconds between two looks at the child. */
const lookEveryMs = 250;

/** Milliseconds in which a child that is no longer needed gives back what it has. */
const farewellMs = 15_000;

export function createSlot({ main, limits, clock, ledger, note }: SlotOptions): Slot {
  let child: Child | undefined;

  return {
    async play(message, signal, onSaid) {
      if (signal.aborted) return { kind: 'stopped' };
      child ??= startChild();
      const playing = child;
      const ending = await playIn(playing, message, signal, onSaid);
      if (ending.kind === 'died' || ending.kind === 'stopped') {
        await playing.kill();
        child = undefined;
      }
      return ending;
    },
    tell(told) {
      if (child?.process.connected) child.process.send({ told }, () => {});
    },
    [Symbol.asyncDispose]: async () => {
      const last = child;
      child = undefined;
      if (!last) return;
      const over = new AbortController();
      if (last.process.connected) last.process.disconnect();
      await Promise.race([last.gone, clock.sleep(farewellMs, over.signal).catch(() => undefined)]);
      over.abort();
      await last.kill();
    },
  };

  function startChild(): Child {
    const started = fork(main, [], {
      detached: true, // A group of its own, which ends as a whole.
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [`--max-old-space-size=${limits.memoryMb}`],
      env: { ...process.env, SHAKETABLE_OWNER: ledger.owner },
    });
    ledger.process(started, { command: 'shaketable worker slot', session: true });
    return watched(started);
  }

  async function playIn(
    playing: Child,
    message: PlayMessage,
    signal: AbortSignal,
    onSaid?: (said: JsonObject) => void,
  ): Promise<Ending> {
    const over = new AbortController();
    const answer = Promise.withResolvers<Ending>();
    const stop = (): void => answer.resolve({ kind: 'stopped' });
    signal.addEventListener('abort', stop, { once: true });
    playing.onMessage = (said) => {
      if (said.kind === 'note') note(said.line);
      else if (said.kind === 'said') onSaid?.(said.said);
      else if (said.kind === 'played') answer.resolve({ kind: 'played', played: said.played });
      else if (said.kind === 'broken') answer.resolve({ kind: 'broken', reason: said.reason });
    };
    void playing.gone.then((reason) => answer.resolve({ kind: 'died', reason }));
    playing.beatAtMs = clock.now();
    try {
      playing.process.send({ play: message }, (error) => {
        if (error) answer.resolve({ kind: 'died', reason: `it could not be spoken to: ${error.message}` });
      });
      const bound = outOfBounds(playing, over.signal).then((reason): Ending => ({ kind: 'died', reason }));
      bound.catch(() => undefined);
      return await Promise.race([answer.promise, bound]);
    } finally {
      over.abort();
      signal.removeEventListener('abort', stop);
      playing.onMessage = undefined;
    }
  }

  /** Which bound the unit broke, as soon as it does. */
  async function outOfBounds(playing: Child, signal: AbortSignal): Promise<string> {
    const begunMs = clock.now();
    for (;;) {
      await clock.sleep(lookEveryMs, signal);
      if (clock.now() - begunMs > limits.unitMs) return `it took longer than ${limits.unitMs / 1_000} s`;
      const silentMs = clock.now() - playing.beatAtMs;
      if (silentMs > limits.silentMs)
        return `it made no progress: its event loop did not turn for ${limits.silentMs / 1_000} s`;
      const residentMb = await residentMbOf(playing.process.pid);
      if (residentMb > limits.memoryMb)
        return `it held ${Math.round(residentMb)} MiB of memory; ${limits.memoryMb} are allowed`;
    }
  }

  function watched(started: ChildProcess): Child {
    const gone = Promise.withResolvers<string>();
    const watchedChild: Child = {
      process: started,
      beatAtMs: clock.now(),
      onMessage: undefined,
      gone: gone.promise,
      async kill() {
        killGroup(started);
        await gone.promise;
      },
    };
    started.on('message', (message) => {
      watchedChild.beatAtMs = clock.now();
      watchedChild.onMessage?.(message as ChildMessage);
    });
    started.once('error', (error) => gone.resolve(`it could not be started: ${error.message}`));
    started.once('exit', (code, by) => {
      // What it had started is of no use to anybody.
      killGroup(started);
      gone.resolve(`its process ended by ${by ?? `exit code ${code}`}`);
    });
    return watchedChild;
  }
}

interface Child {
  readonly process: ChildProcess;
  beatAtMs: number;
  onMessage: ((message: ChildMessage) => void) | undefined;
  /** How it ended, in words. */
  readonly gone: Promise<string>;
  kill(): Promise<void>;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}

/** Resident memory as proc_pid_statm(5) has it; 0 where nobody tells. */
async function residentMbOf(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, 'latin1').catch(() => '');
  return ((Number(text.split(' ')[1]) || 0) * 4_096) / 2 ** 20;
}
