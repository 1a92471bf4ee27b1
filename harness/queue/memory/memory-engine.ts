/**
 * The engine in the memory of one process: what workers on this machine are served by. Its blobs are files, since a journal may be
 * larger than what should stay in memory.
 */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from 'shaketable-proxy/clock';
import { fileError, LabError } from '../../errors.ts';
import type { JsonObject } from '../../journal/fields.ts';
import type { Engine, Lease, RunManifest, Told, WorkUnit } from '../engine.ts';
import { checkBlob, checkRun, checkUnit } from '../names.ts';
import { createFeed, type Feed } from './feed.ts';

interface MemoryEngineOptions {
  readonly clock: Clock;
  /** Where blobs go; the engine makes a folder for each run and removes it with the run. */
  readonly directory: string;
  /** For messages. */
  readonly address?: string;
}

/** A unit and whose it is. */
interface Entry {
  readonly unit: WorkUnit;
  attempt: number;
  failures: number;
  done: boolean;
  /** Until when it is its worker's; undefined while it waits. */
  dueMs: number | undefined;
}

interface Run {
  readonly manifest: RunManifest;
  readonly entries: Map<string, Entry>;
  /** Ids of those that wait, in the order in which they are handed out. */
  readonly waiting: Set<string>;
  /** Ids of those that are with a worker, the longest not extended first. */
  readonly leased: Set<string>;
  readonly told: Told[];
  readonly tellings: Feed<Told>;
  readonly messages: Feed<JsonObject>;
  /** Settles when a unit was added or given back. */
  change: PromiseWithResolvers<void>;
}

export function createMemoryEngine({ clock, directory, address = 'embedded' }: MemoryEngineOptions): Engine {
  const runs = new Map<string, Run>();

  const known = (name: string): Run => {
    const run = runs.get(name);
    if (run) return run;
    throw new LabError('LAB_RUN_NOT_FOUND', `There is no run ${name} on ${address}`, {
      hint: 'It was removed, or never begun.',
    });
  };
  const stirred = (run: Run): void => {
    run.change.resolve();
    run.change = Promise.withResolvers();
  };
  const giveBack = (run: Run, entry: Entry): void => {
    entry.dueMs = undefined;
    run.leased.delete(entry.unit.id);
    if (entry.done) return;
    run.waiting.add(entry.unit.id);
    stirred(run);
  };
  const lapse = (run: Run): void => {
    for (const id of [...run.leased]) {
      const entry = run.entries.get(id);
      if (entry?.dueMs === undefined || entry.dueMs > clock.now()) break;
      giveBack(run, entry);
    }
  };
  const handOut = (run: Run, worker: string): Lease | undefined => {
    lapse(run);
    const [id] = run.waiting;
    const entry = id === undefined ? undefined : run.entries.get(id);
    if (!entry) return undefined;
    run.waiting.delete(entry.unit.id);
    hold(run, entry);
    entry.attempt += 1;
    const { unit, attempt, failures } = entry;
    return { run: run.manifest.run, unit, worker, attempt, failures };
  };
  const hold = (run: Run, entry: Entry): void => {
    entry.dueMs = clock.now() + run.manifest.leaseMs;
    run.leased.delete(entry.unit.id);
    run.leased.add(entry.unit.id);
  };
  /** The entry, if the lease still holds. */
  const held = (lease: Lease): Entry | undefined => {
    const entry = runs.get(lease.run)?.entries.get(lease.unit.id);
    return entry?.dueMs !== undefined && entry.attempt === lease.attempt && entry.dueMs > clock.now()
      ? entry
      : undefined;
  };
  const tell = (run: Run, kind: Told['kind'], lease: Lease, body: JsonObject): void => {
    const said: Told = { kind, unit: lease.unit.id, worker: lease.worker, attempt: lease.attempt, body };
    run.told.push(said);
    run.tellings.push(said);
  };

  return {
    address,
    async open(manifest) {
      const name = checkRun(manifest.run);
      if (runs.has(name))
        throw new LabError('LAB_BAD_INPUT', `There is a run ${name} already on ${address}`, {
          hint: 'Every run has a name of its own.',
        });
      runs.set(name, {
        manifest,
        entries: new Map(),
        waiting: new Set(),
        leased: new Set(),
        told: [],
        tellings: createFeed(),
        messages: createFeed(),
        change: Promise.withResolvers(),
      });
    },
    async runs() {
      return [...runs.values()].map(({ manifest }) => manifest);
    },
    async submit(name, units) {
      const run = known(name);
      for (const unit of units) {
        if (run.entries.has(checkUnit(unit.id))) continue;
        run.entries.set(unit.id, { unit, attempt: 0, failures: 0, done: false, dueMs: undefined });
        run.waiting.add(unit.id);
      }
      stirred(run);
    },
    async claim(name, worker, waitMs, signal) {
      const endMs = clock.now() + waitMs;
      for (;;) {
        const run = runs.get(name);
        if (!run || signal?.aborted) return undefined;
        const lease = handOut(run, worker);
        if (lease) return lease;
        const restMs = endMs - clock.now();
        if (restMs <= 0) return undefined;
        await changeWithin(run, Math.min(restMs, untilNextLapse(run)), signal);
      }
    },
    async extend(lease) {
      const entry = held(lease);
      const run = runs.get(lease.run);
      if (!entry || !run) return false;
      hold(run, entry);
      return true;
    },
    async complete(lease, body) {
      const run = known(lease.run);
      const entry = run.entries.get(lease.unit.id);
      if (!entry) return;
      tell(run, 'result', lease, body);
      entry.done = true;
      run.waiting.delete(entry.unit.id);
      run.leased.delete(entry.unit.id);
      entry.dueMs = undefined;
    },
    async fail(lease, reason) {
      const run = known(lease.run);
      const entry = run.entries.get(lease.unit.id);
      if (!entry) return;
      if (reason !== undefined) {
        tell(run, 'failure', lease, { reason });
        entry.failures += 1;
      }
      if (held(lease)) giveBack(run, entry);
    },
    async *watch(name, signal) {
      const run = known(name);
      const later = run.tellings.follow(signal);
      yield* run.told.slice();
      yield* later;
    },
    async putBlob(name, blob, bytes) {
      known(name);
      const folder = join(directory, name);
      const path = join(folder, checkBlob(blob));
      try {
        await mkdir(folder, { recursive: true });
        await writeFile(`${path}.part`, bytes);
        await rename(`${path}.part`, path);
      } catch (cause) {
        throw fileError(cause, path);
      }
    },
    async getBlob(name, blob) {
      return await readFile(join(directory, checkRun(name), checkBlob(blob))).catch((cause) => {
        throw noBlob(name, blob, cause);
      });
    },
    async broadcast(name, message) {
      runs.get(name)?.messages.push(message);
    },
    listen: (name, signal) => known(name).messages.follow(signal),
    async remove(name) {
      const run = runs.get(name);
      runs.delete(name);
      if (run) stirred(run);
      await rm(join(directory, checkRun(name)), { recursive: true, force: true });
    },
    [Symbol.asyncDispose]: async () => {
      for (const run of runs.values()) stirred(run);
      runs.clear();
    },
  };

  function untilNextLapse(run: Run): number {
    const [id] = run.leased;
    const dueMs = id === undefined ? undefined : run.entries.get(id)?.dueMs;
    return dueMs === undefined ? Number.POSITIVE_INFINITY : Math.max(1, dueMs - clock.now());
  }

  async function changeWithin(run: Run, ms: number, signal?: AbortSignal): Promise<void> {
    const over = new AbortController();
    const ended = signal ? AbortSignal.any([over.signal, signal]) : over.signal;
    const timeUp = clock.sleep(ms, ended).catch(() => undefined);
    await Promise.race([run.change.promise, timeUp]);
    over.abort();
  }
}

/** What a blob that is not there comes to. */
export function noBlob(run: string, blob: string, cause?: unknown): LabError {
  return new LabError('LAB_RUN_NOT_FOUND', `The run ${run} has no blob ${blob}`, { cause });
}
