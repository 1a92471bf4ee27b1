/**
 * All slices of a fleet begin at one moment: each says that it is ready, and is told when to begin, by the clock of its own machine.
 * Whoever is missing at the end of the wait is named.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { LabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine } from '../../queue/engine.ts';
import type { Offset } from '../clocks/offset.ts';

interface BarrierOptions {
  readonly engine: Engine;
  readonly run: string;
  readonly slices: number;
  /** Of all slices, for the wait. */
  readonly agents: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly note: (line: string) => void;
}

export interface Barrier extends Disposable {
  /** Aborted when not all came. */
  readonly failed: AbortSignal;
  heard(said: JsonObject, worker: string): void;
  state(): { readonly online: number; readonly ready: number };
  /** Waits for all, then tells them when to begin, more than once. @throws LabError `LAB_TIMEOUT` that names who is missing */
  open(clocks: () => Promise<ReadonlyMap<string, Offset>>): Promise<void>;
  /** How sure each worker's clock was known, ms. */
  bounds(): ReadonlyMap<string, number>;
}

/** Between the last one's being ready and the start, ms: time for everybody to hear of it. */
const noticeMs = 3_000;

/** Milliseconds between two times that the start is told. */
const tellEveryMs = 250;

/** How long is waited at least, ms, and how many agents come online in a second on a slow machine. */
const leastWaitMs = 60_000;
const slowRamp = 20;

export function createBarrier(options: BarrierOptions): Barrier {
  const { engine, run, slices, agents, clock, signal, note } = options;
  const seen = new Map<number, { online: number; ready: boolean; worker: string }>();
  const failing = new AbortController();
  const over = new AbortController();
  const all = Promise.withResolvers<void>();
  const bounds = new Map<string, number>();

  return {
    failed: failing.signal,
    heard({ slice, online, ready }, worker) {
      if (typeof slice !== 'number' || slice < 0 || slice >= slices) return;
      seen.set(slice, { online: Number(online), ready: ready === true, worker });
      if (seen.size === slices && [...seen.values()].every((each) => each.ready)) all.resolve();
    },
    state() {
      const known = [...seen.values()];
      return {
        online: known.reduce((sum, { online }) => sum + online, 0),
        ready: known.filter(({ ready }) => ready).length,
      };
    },
    async open(clocks) {
      const ended = AbortSignal.any([signal, over.signal]);
      const waitMs = leastWaitMs + (agents / slices / slowRamp) * 1_000;
      const late = clock.sleep(waitMs, ended).then(
        () => true,
        () => false,
      );
      if (await Promise.race([all.promise.then(() => false), late])) {
        const error = missing(waitMs);
        failing.abort(error);
        throw error;
      }
      if (ended.aborted) return;
      const offsets = await clocks();
      const startMs = clock.now() + noticeMs;
      for (const [worker, { boundMs }] of offsets) bounds.set(worker, boundMs);
      note(`all ${slices} slices are ready: they begin in ${noticeMs / 1_000} s`);
      while (clock.now() < startMs && !ended.aborted) {
        for (const [slice, { worker }] of seen) {
          const theirsMs = startMs + (offsets.get(worker)?.offsetMs ?? 0);
          await engine.broadcast(run, { told: { slice, startMs: theirsMs } }).catch(() => undefined);
        }
        await clock.sleep(tellEveryMs, ended).catch(() => undefined);
      }
    },
    bounds: () => bounds,
    [Symbol.dispose]: () => over.abort(),
  };

  function missing(waitMs: number): LabError {
    const names = Array.from({ length: slices }, (_, slice) => slice).flatMap((slice) => {
      const known = seen.get(slice);
      if (known?.ready) return [];
      return [
        known
          ? `slice ${slice} on ${known.worker}, with ${known.online} agents`
          : `slice ${slice}, which no worker took`,
      ];
    });
    return new LabError(
      'LAB_TIMEOUT',
      `Not ready within ${Math.round(waitMs / 1_000)} s: ${names.join('; ')}`,
      {
        hint: 'A slice needs a slot of its own; give fewer agents, fewer --slices or more workers.',
      },
    );
  }
}
