/**
 * A worker: a supervisor with a child for each slot. It plays the units of every run that its code is right for, in turn, and says
 * once a second how it is.
 *
 *   engine ──claim──► supervisor ──unit──► child        extends the lease, bounds time, memory and silence,
 *          ◄─result──            ◄─result─              and outlives the child
 */
import { cpus, hostname, loadavg } from 'node:os';
import type { Clock } from 'shaketable-proxy/clock';
import type { ResourceLedger } from '../../cleanup/index.ts';
import { LabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine, RunManifest } from '../../queue/engine.ts';
import { answerIn } from '../clocks/measure-clocks.ts';
import { differenceIn } from '../code-identity.ts';
import { createSlot, type Slot, type UnitLimits } from '../slot/slot.ts';
import { insistently } from './insist.ts';
import { statusEveryMs, toMessage, type WorkerStatus } from './messages.ts';
import { playLease } from './play-lease.ts';

export interface WorkerOptions {
  readonly engine: Engine;
  /** Unique among the workers of an engine. */
  readonly name: string;
  readonly slots: number;
  /** What it has; runs of other code are refused. */
  readonly code: Readonly<Record<string, string>>;
  /** The child's main module. */
  readonly childMain: string;
  readonly limits: UnitLimits;
  readonly clock: Clock;
  readonly ledger: ResourceLedger;
  /** Plays this run only. @default every run that there is */
  readonly run?: string;
  /** Ends after so many milliseconds without a run to play. @default never */
  readonly idleMs?: number;
  /** A line for who runs the worker. */
  readonly announce: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that a slot waits for a unit of one run before it looks at the next. */
const waitMs = 1_000;

/** With several runs none may wait for a unit of another for long. */
const shortWaitMs = 50;

/** Milliseconds between two looks for runs. */
const lookEveryMs = 500;

/** Works until `signal`, or until there is nothing to play. */
export async function work(options: WorkerOptions): Promise<void> {
  const { engine, name, slots, clock, announce, idleMs = Number.POSITIVE_INFINITY } = options;
  const idle = new AbortController();
  const signal = AbortSignal.any([options.signal, idle.signal]);
  let busyAtMs = clock.now();
  const playing = new Set<string>();
  const refused = new Map<string, string>();
  /** Slots that play just now, and of which run. */
  const inPlay = new Map<Slot, string>();
  let trouble: string | undefined;
  let open: readonly RunManifest[] = [];
  const onTrouble = (why: string | undefined): void => {
    if (why !== undefined && why !== trouble) announce(why);
    trouble = why;
  };
  const insist = insistently(clock, signal, onTrouble);
  const pause = (ms: number): Promise<void> => clock.sleep(ms, signal).catch(() => undefined);

  const look = async (): Promise<void> => {
    const all = await insist(() => engine.runs());
    const wanted = all.filter(({ run }) => options.run === undefined || run === options.run);
    for (const { run, code } of wanted) {
      if (refused.has(run)) continue;
      const why = differenceIn(code, options.code);
      if (why === undefined) continue;
      refused.set(run, why);
      announce(`run ${run} is for other code: ${why}`);
    }
    const gone = [...refused.keys()].filter((run) => !all.some((manifest) => manifest.run === run));
    for (const run of gone) refused.delete(run);
    open = wanted.filter(({ run }) => !refused.has(run));
    listenToRuns(open.map(({ run }) => run));
  };
  const listening = new Map<string, AbortController>();
  /** Answers who asks for the time, as long as the run is there. */
  const listenToRuns = (runs: readonly string[]): void => {
    for (const [run, controller] of listening) {
      if (runs.includes(run)) continue;
      controller.abort();
      listening.delete(run);
    }
    for (const run of runs) {
      if (listening.has(run)) continue;
      const controller = new AbortController();
      listening.set(run, controller);
      void answerQuestions(run, AbortSignal.any([controller.signal, signal])).catch(() => undefined);
    }
  };
  const answerQuestions = async (run: string, until: AbortSignal): Promise<void> => {
    for await (const message of engine.listen(run, until)) {
      const answer = answerIn(message, name, clock.now());
      if (answer) await engine.broadcast(run, answer);
      const { told } = message;
      if (typeof told !== 'object' || told === null || Array.isArray(told)) continue;
      for (const [slot, at] of inPlay) if (at === run) slot.tell(told as JsonObject);
    }
  };
  const keepLooking = async (): Promise<void> => {
    while (!signal.aborted) {
      await look().catch(() => undefined);
      if (open.length > 0) busyAtMs = clock.now();
      if (clock.now() - busyAtMs > idleMs) {
        announce('there was nothing to play: the worker ends');
        idle.abort();
      }
      await pause(lookEveryMs);
    }
  };
  const keepTelling = async (): Promise<void> => {
    const facts = machine();
    while (!signal.aborted) {
      const [load = 0] = loadavg();
      const status: WorkerStatus = {
        ...facts,
        worker: name,
        slots,
        load,
        playing: [...playing],
        ...(trouble === undefined ? {} : { trouble }),
      };
      for (const { run } of open) await engine.broadcast(run, toMessage(status)).catch(() => undefined);
      for (const [run, refuses] of refused)
        await engine.broadcast(run, toMessage({ ...status, refuses })).catch(() => undefined);
      await pause(statusEveryMs);
    }
  };
  const fill = async (): Promise<void> => {
    await using slot = createSlot({
      main: options.childMain,
      limits: options.limits,
      clock,
      ledger: options.ledger,
      note: announce,
    });
    for (let turn = 0; !signal.aborted; turn += 1) {
      const manifest = open[turn % Math.max(1, open.length)];
      if (!manifest) {
        await pause(lookEveryMs);
        continue;
      }
      const ms = open.length > 1 ? shortWaitMs : waitMs;
      const askedAtMs = clock.now();
      const lease = await insist(() => engine.claim(manifest.run, name, ms, signal)).catch(() => undefined);
      if (!lease) {
        // A run that is gone answers at once.
        if (clock.now() - askedAtMs < ms / 2) await pause(lookEveryMs);
        continue;
      }
      playing.add(lease.unit.id);
      inPlay.set(slot, lease.run);
      const said = await playLease(lease, {
        engine,
        manifest,
        slot,
        clock,
        ledger: options.ledger,
        insist,
        signal,
      }).catch((error: unknown) => `${lease.unit.id}: ${error instanceof Error ? error.message : error}`);
      playing.delete(lease.unit.id);
      inPlay.delete(slot);
      if (said !== undefined && !signal.aborted) announce(said);
    }
  };
  if (slots < 1) throw new LabError('LAB_BAD_INPUT', 'A worker needs a slot at least');
  await Promise.all([keepLooking(), keepTelling(), ...Array.from({ length: slots }, fill)]);
}

function machine(): Pick<WorkerStatus, 'host' | 'cpu' | 'cores'> {
  const all = cpus();
  return { host: hostname(), cpu: all[0]?.model.trim() ?? 'unknown', cores: all.length };
}
