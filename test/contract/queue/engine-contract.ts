/** What every engine keeps to, wherever it is: the same tests for each. */
import { expect, it } from 'vitest';
import type { Engine, Lease, RunManifest, Told, WorkUnit } from '../../../harness/queue/engine.ts';
import { watchStalls } from '../../support/stalls.ts';

/** Real milliseconds; a lapse is waited for, once or twice a test. */
const leaseMs = 400;
/** Longer than a lease. */
const longMs = 5_000;
/** For asking whether there is something. */
const shortMs = 50;

const manifest = (run: string): RunManifest => ({ run, kind: 'sum', code: { node: 'v24' }, leaseMs });

const unit = (id: string): WorkUnit => ({ id, payload: { seed: id } });

/** Two views of one engine: as its beginner and its workers have it. */
export interface StartedEngine extends AsyncDisposable {
  readonly owner: Engine;
  readonly worker: Engine;
}

let runs = 0;

export function keepsTheContract(start: () => Promise<StartedEngine>): void {
  const withRun = async (
    units: readonly string[],
    test: (engine: StartedEngine & { run: string }) => Promise<void>,
  ): Promise<void> => {
    await using engine = await start();
    runs += 1;
    const run = `contract-${process.pid}-${runs}`;
    await engine.owner.open(manifest(run));
    await engine.owner.submit(run, units.map(unit));
    try {
      await test({ ...engine, run });
    } finally {
      await engine.owner.remove(run);
    }
  };

  it('shows a run to workers, with all that they must know of it', () =>
    withRun([], async ({ worker, run }) => {
      expect(await worker.runs()).toContainEqual(manifest(run));
    }));

  it('refuses a name that is taken, and one that is none', () =>
    withRun([], async ({ owner, run }) => {
      await expect(owner.open(manifest(run))).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
      await expect(owner.open(manifest('a.b'))).rejects.toMatchObject({ code: 'LAB_BAD_INPUT' });
    }));

  it('hands out each unit once, in the order in which they were submitted', () =>
    withRun(['a1', 'a2', 'a3'], async ({ worker, run }) => {
      const first = await claim(worker, run);
      const second = await claim(worker, run, 'other');
      const third = await claim(worker, run);

      expect([first, second, third].map((lease) => lease.unit)).toEqual(['a1', 'a2', 'a3'].map(unit));
      expect(first).toMatchObject({ run, worker: 'w', attempt: 1, failures: 0 });
      expect(await worker.claim(run, 'w', shortMs)).toBeUndefined();
    }));

  it('leaves a unit as it is that is submitted again', () =>
    withRun(['a1'], async ({ owner, worker, run }) => {
      await owner.submit(run, [unit('a1'), unit('a2')]);

      const units = [await claim(worker, run), await claim(worker, run)].map((lease) => lease.unit.id);

      expect(units).toEqual(['a1', 'a2']);
      expect(await worker.claim(run, 'w', shortMs)).toBeUndefined();
    }));

  it('gives a unit that comes later to who waits for it', () =>
    withRun([], async ({ owner, worker, run }) => {
      const coming = worker.claim(run, 'w', longMs);
      await owner.submit(run, [unit('b1')]);

      expect((await coming)?.unit).toEqual(unit('b1'));
    }));

  it('gives a unit to another worker when its lease lapsed', () =>
    withRun(['c1'], async ({ worker, run }) => {
      await claim(worker, run);
      const again = await claim(worker, run, 'other');

      expect(again).toMatchObject({ unit: unit('c1'), worker: 'other', attempt: 2, failures: 0 });
    }));

  it('leaves a unit to whoever extends its lease', async () => {
    // Who is stopped for the time of a lease loses it.
    for (let disturbed = true; disturbed; ) {
      await withRun(['c2'], async ({ worker, run }) => {
        const stalledMs = watchStalls();
        const lease = await claim(worker, run);
        let isKept = true;
        for (let third = 0; third < 9 && isKept; third += 1) {
          isKept = await worker.extend(lease);
          if (isKept) isKept = (await worker.claim(run, 'other', leaseMs / 3)) === undefined;
        }
        disturbed = stalledMs() > leaseMs / 4;
        if (!disturbed) expect(isKept).toBe(true);
      });
    }
  });

  it('gives a unit back at once that failed, and counts who failed at it', () =>
    withRun(['d1'], async ({ owner, worker, run }) => {
      await worker.fail(await claim(worker, run), 'out of memory');
      const again = await claim(worker, run, 'other');

      expect(again).toMatchObject({ attempt: 2, failures: 1 });
      expect(await told(owner, run, 1)).toEqual([
        { kind: 'failure', unit: 'd1', worker: 'w', attempt: 1, body: { reason: 'out of memory' } },
      ]);
    }));

  it('gives a unit back at once that a worker leaves, and blames nobody', () =>
    withRun(['d2'], async ({ worker, run }) => {
      await worker.fail(await claim(worker, run));

      expect(await claim(worker, run, 'other')).toMatchObject({ attempt: 2, failures: 0 });
    }));

  it('keeps what came of a unit, and hands it out no more', () =>
    withRun(['e1'], async ({ owner, worker, run }) => {
      await worker.complete(await claim(worker, run), { sum: 7, deep: { list: [1, null] } });

      expect(await worker.claim(run, 'w', leaseMs * 2)).toBeUndefined();
      expect(await told(owner, run, 1)).toEqual([
        { kind: 'result', unit: 'e1', worker: 'w', attempt: 1, body: { sum: 7, deep: { list: [1, null] } } },
      ]);
    }));

  it('keeps a late result beside that of who took over', () =>
    withRun(['e2'], async ({ owner, worker, run }) => {
      const late = await claim(worker, run);
      const next = await claim(worker, run, 'other');
      await worker.complete(next, { sum: 1 });
      await worker.complete(late, { sum: 2 });

      const said = await told(owner, run, 2);
      expect(said.map(({ worker: who, body }) => [who, body.sum])).toEqual([
        ['other', 1],
        ['w', 2],
      ]);
      expect(await worker.claim(run, 'w', leaseMs * 2)).toBeUndefined();
    }));

  it('tells everything in one order to each who watches, from the beginning', () =>
    withRun(['f1', 'f2', 'f3'], async ({ owner, worker, run }) => {
      const early = told(owner, run, 3);
      for (let index = 0; index < 3; index += 1) await worker.complete(await claim(worker, run), { index });

      expect(await told(worker, run, 3)).toEqual(await early);
      expect((await early).map(({ unit: id }) => id)).toEqual(['f1', 'f2', 'f3']);
    }));

  it('keeps bytes, and says so where there are none', () =>
    withRun([], async ({ owner, worker, run }) => {
      const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 251);
      await worker.putBlob(run, 'journal.gz', bytes);

      expect(Buffer.from(await owner.getBlob(run, 'journal.gz')).equals(bytes)).toBe(true);
      await expect(owner.getBlob(run, 'other')).rejects.toMatchObject({ code: 'LAB_RUN_NOT_FOUND' });
    }));

  it('broadcasts to who listens', () =>
    withRun([], async ({ owner, worker, run }) => {
      const heard = first(owner, run);
      const talking = new AbortController();
      const talk = (async () => {
        while (!talking.signal.aborted) {
          await worker.broadcast(run, { at: 5 });
          await worker.claim(run, 'w', shortMs);
        }
      })();

      expect(await heard).toEqual({ at: 5 });
      talking.abort();
      await talk;
    }));

  it('removes one run and leaves the other', () =>
    withRun(['a9'], async ({ owner, worker, run }) => {
      const other = `${run}-other`;
      await owner.open(manifest(other));
      await owner.submit(other, [unit('a9')]);
      await owner.putBlob(other, 'x', new Uint8Array(3));
      const held = await claim(worker, other);
      await owner.remove(other);
      await owner.remove(other);

      const left = await worker.runs();
      expect(left).toContainEqual(manifest(run));
      expect(left).not.toContainEqual(manifest(other));
      expect(await worker.extend(held)).toBe(false);
      await expect(worker.complete(held, { sum: 1 })).rejects.toMatchObject({ code: 'LAB_RUN_NOT_FOUND' });
      expect(await worker.claim(other, 'w', shortMs)).toBeUndefined();
      expect((await claim(worker, run)).unit).toEqual(unit('a9'));
    }));
}

async function claim(engine: Engine, run: string, worker = 'w'): Promise<Lease> {
  const lease = await engine.claim(run, worker, longMs);
  if (!lease) throw new Error('No unit came');
  return lease;
}

async function told(engine: Engine, run: string, count: number): Promise<Told[]> {
  const over = new AbortController();
  const all: Told[] = [];
  for await (const one of engine.watch(run, over.signal)) {
    all.push(one);
    if (all.length === count) break;
  }
  over.abort();
  return all;
}

async function first(engine: Engine, run: string) {
  const over = new AbortController();
  for await (const message of engine.listen(run, over.signal)) {
    over.abort();
    return message;
  }
  return undefined;
}
