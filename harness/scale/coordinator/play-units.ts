/**
 * The side of whoever began a run: submits its units and collects what is said of them until each is done. A unit may be played more
 * than once, when a worker vanished; its results have to be one.
 */
import type { Clock } from 'shaketable-proxy/clock';
import { LabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine, Told, WorkUnit } from '../../queue/engine.ts';
import type { Outcome } from '../unit.ts';
import { statusIn, type WorkerStatus } from '../worker/messages.ts';

/** Two results of one unit that are not the same. */
export interface Alarm {
  readonly unit: string;
  /** Who came to the first result, and who to the other one. */
  readonly workers: readonly [string, string];
}

/** What a unit came to, and where. */
export interface UnitResult {
  readonly unit: WorkUnit;
  readonly outcome: Outcome;
  readonly worker: string;
  /** Why workers failed at it before, in their order. */
  readonly failures: readonly string[];
}

export interface PlayedUnits {
  /** In the order in which the units were submitted, whichever was done first. */
  readonly results: readonly UnitResult[];
  readonly alarms: readonly Alarm[];
  /** Results beyond one a unit. */
  readonly repeated: number;
  readonly workers: readonly WorkerStatus[];
}

export interface PlayUnitsOptions {
  readonly engine: Engine;
  readonly run: string;
  readonly units: readonly WorkUnit[];
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds without a word of any worker that plays the run, after which it is given up. @default 60 s */
  readonly patienceMs?: number;
  /** Hears of each unit once, when it is done. May take its time: nothing more is taken meanwhile. */
  readonly onResult?: (result: UnitResult, done: number) => void | Promise<void>;
  /** Hears once a second of each worker that plays. */
  readonly onStatus?: (status: WorkerStatus) => void;
  /** Hears what units say while they are played, and of whom. */
  readonly onSaid?: (said: JsonObject, unit: string, worker: string) => void;
  readonly note?: (line: string) => void;
}

/**
 * @throws LabError `LAB_NO_WORKER` when nobody plays, with what those say that refuse to; `LAB_QUEUE_GONE` when the engine does not
 * answer for as long; aborts with `signal.reason`
 */
export async function playUnits(options: PlayUnitsOptions): Promise<PlayedUnits> {
  const { engine, run, units, clock, signal, patienceMs = 60_000, onResult, note = () => {} } = options;
  const over = new AbortController();
  const ended = AbortSignal.any([signal, over.signal]);
  const known = new Map(units.map((unit) => [unit.id, unit]));
  const results = new Map<string, UnitResult>();
  const failures = new Map<string, string[]>();
  const alarms: Alarm[] = [];
  let repeated = 0;
  const crew = createCrew(clock, note);

  const take = async ({ kind, unit: id, worker, body }: Told): Promise<void> => {
    const unit = known.get(id);
    if (!unit) return;
    if (kind === 'failure') {
      failures.set(id, [...(failures.get(id) ?? []), `${worker}: ${String(body.reason)}`]);
      return;
    }
    const outcome = body as unknown as Outcome;
    const first = results.get(id);
    if (!first) {
      const result = { unit, outcome, worker, failures: failures.get(id) ?? [] };
      results.set(id, result);
      await onResult?.(result, results.size);
      return;
    }
    repeated += 1;
    if (isSame(first.outcome, outcome)) return;
    alarms.push({ unit: id, workers: [first.worker, worker] });
    note(`determinism alarm: ${first.worker} and ${worker} came to different results of ${id}`);
  };
  const collect = async (): Promise<void> => {
    if (known.size === 0) return;
    for await (const told of persistently(engine, run, clock, ended, crew.heard)) {
      await take(told);
      if (results.size === known.size) return;
    }
  };
  const hear = async (): Promise<void> => {
    for await (const message of engine.listen(run, ended)) {
      const { said } = message;
      if (typeof said === 'object' && said !== null && 'unit' in said)
        options.onSaid?.(said, String(said.unit), String(said.worker));
      const status = statusIn(message);
      if (!status) continue;
      crew.hear(status);
      if (status.refuses === undefined) options.onStatus?.(status);
    }
  };

  try {
    const hearing = hear();
    hearing.catch(() => undefined);
    await engine.submit(run, units);
    await Promise.race([collect(), crew.deserted(patienceMs, ended), aborted(signal)]);
  } finally {
    over.abort();
  }
  return {
    results: units.flatMap(({ id }) => results.get(id) ?? []),
    alarms,
    repeated,
    workers: crew.members(),
  };
}

/** A unit that was set aside says nothing that another result could contradict. */
function isSame(one: Outcome, other: Outcome): boolean {
  return one.kind === 'aside' || other.kind === 'aside' || one.digest === other.digest;
}

/** Watches across restarts of the engine: what was said already is skipped. */
async function* persistently(
  engine: Engine,
  run: string,
  clock: Clock,
  signal: AbortSignal,
  onTrouble: (why: string) => void,
): AsyncIterable<Told> {
  let seen = 0;
  while (!signal.aborted) {
    try {
      let index = 0;
      for await (const told of engine.watch(run, signal)) {
        index += 1;
        if (index <= seen) continue;
        seen = index;
        yield told;
      }
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof LabError && error.code !== 'LAB_QUEUE_GONE') throw error;
      onTrouble(error instanceof Error ? error.message : String(error));
      await clock.sleep(500, signal).catch(() => undefined);
    }
  }
}

/** Who plays, by what was heard of them. */
function createCrew(clock: Clock, note: (line: string) => void) {
  const members = new Map<string, WorkerStatus>();
  const refusing = new Map<string, string>();
  const troubles = new Map<string, string>();
  let heardAtMs = clock.now();
  let lastTrouble: string | undefined;
  return {
    members: () => [...members.values()],
    hear(status: WorkerStatus): void {
      const { worker, host, refuses, trouble, slots } = status;
      if (refuses !== undefined) {
        if (!refusing.has(worker)) note(`worker ${worker} on ${host} refuses: ${refuses}`);
        refusing.set(worker, refuses);
        return;
      }
      heardAtMs = clock.now();
      if (!members.has(worker))
        note(`worker ${worker} on ${host}: ${slots} at a time, ${status.cores} × ${status.cpu}`);
      members.set(worker, status);
      if (trouble !== undefined && troubles.get(worker) !== trouble) note(`worker ${worker}: ${trouble}`);
      if (trouble === undefined) troubles.delete(worker);
      else troubles.set(worker, trouble);
    },
    heard(trouble: string): void {
      if (trouble !== lastTrouble) note(trouble);
      lastTrouble = trouble;
    },
    /** Rejects when nobody was heard of for so long. */
    async deserted(patienceMs: number, signal: AbortSignal): Promise<never> {
      for (;;) {
        await clock.sleep(Math.min(patienceMs / 4, 1_000), signal);
        if (clock.now() - heardAtMs > patienceMs)
          throw noWorker(patienceMs, members.size, [...refusing], lastTrouble);
      }
    },
  };
}

function noWorker(
  patienceMs: number,
  seen: number,
  refusing: readonly (readonly [string, string])[],
  trouble: string | undefined,
): LabError {
  const within = `for ${Math.round(patienceMs / 1_000)} s`;
  if (trouble !== undefined)
    return new LabError('LAB_QUEUE_GONE', `Nothing was heard of any worker ${within}: ${trouble}`);
  if (refusing.length > 0)
    return new LabError(
      'LAB_NO_WORKER',
      ['Every worker refuses:', ...refusing.map(([worker, why]) => `  ${worker}: ${why}`)].join('\n'),
      { hint: 'Bring them to the same code, Node and dependencies; code is never sent to a worker.' },
    );
  const what = seen === 0 ? 'No worker plays' : `The ${seen} workers that played are gone`;
  return new LabError('LAB_NO_WORKER', `${what}: nothing was heard of any ${within}`, {
    hint: 'Start one with `shaketable worker --on URL`, on this machine or another.',
  });
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) {
    const { promise, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
  }
  throw signal.reason;
}
