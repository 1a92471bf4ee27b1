/** Workers on units that misbehave: what becomes of the unit, of its worker and of the run. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { openLedger } from '../../../harness/cleanup/index.ts';
import type { Engine, WorkUnit } from '../../../harness/queue/engine.ts';
import { createMemoryEngine } from '../../../harness/queue/memory/memory-engine.ts';
import { type PlayUnitsOptions, playUnits } from '../../../harness/scale/coordinator/play-units.ts';
import { unitOf } from '../../../harness/scale/unit.ts';
import { work } from '../../../harness/scale/worker/worker.ts';
import { systemClock } from '../../../proxy/core/clock.ts';

const childMain = resolve(import.meta.dirname, '../../support/unit-child-main.ts');
const code = { node: process.version };
const clock = systemClock();
const limits = { memoryMb: 250, unitMs: 60_000, silentMs: 20_000 };

const unit = (how: string, seed = 1): WorkUnit => unitOf('behave', code, { how, seed });

it('brings every result, in the order of the units', async () => {
  await using crew = await startCrew({ workers: 2 });
  const units = [1, 2, 3, 4, 5, 6].map((seed) => unit('well', seed));

  const { results, alarms } = await crew.play(units);

  expect(results.map(({ outcome }) => outcome)).toMatchObject(
    [2, 4, 6, 8, 10, 12].map((value) => ({ value })),
  );
  expect(alarms).toEqual([]);
});

it.each([
  { how: 'dies', reason: 'its process ended by SIGKILL' },
  { how: 'throws', reason: 'it does not work' },
  { how: 'spins', reason: 'it made no progress: its event loop did not turn for 1 s', silentMs: 1_000 },
  { how: 'waits', reason: 'it took longer than 1 s', unitMs: 1_000 },
  { how: 'grows', reason: 'MiB of memory; 250 are allowed' },
])('sets a unit aside that $how, and goes on with the others', async ({ how, reason, ...bounds }) => {
  await using crew = await startCrew({ workers: 1, limits: { ...limits, ...bounds } });

  const { results } = await crew.play([unit(how), unit('well', 4)]);

  const [bad, good] = results;
  expect(bad?.outcome).toEqual({ kind: 'aside', reason: '2 workers failed at it', files: [] });
  expect(bad?.failures).toHaveLength(2);
  expect(bad?.failures[0]).toContain(reason);
  expect(good?.outcome).toMatchObject({ kind: 'done', value: 8 });
});

it('raises an alarm when two workers come to different results of one unit', async () => {
  await using crew = await startCrew({ workers: 0 });
  const one = unit('differs');
  const lines: string[] = [];
  const playing = crew.play([one, unit('well')], { note: (line) => lines.push(line) });
  const claim = async (worker: string) => {
    const lease = await crew.engine.claim('run', worker, 20_000);
    if (!lease) throw new Error('No unit came');
    return lease;
  };
  const done = (digest: string) => ({ kind: 'done', digest, value: 1, files: [], durationMs: 1 });
  const late = await claim('first');
  const last = await claim('second');
  const again = await claim('second');
  expect(again.unit).toEqual(one);
  await crew.engine.complete(again, done('a'));
  await crew.engine.complete(late, done('b'));
  await crew.engine.complete(last, done('c'));

  const { alarms, repeated } = await playing;
  expect(alarms).toEqual([{ unit: one.id, workers: ['second', 'first'] }]);
  expect(repeated).toBe(1);
  expect(lines.join()).toContain('determinism alarm');
});

it('gives a run up for which there is no worker', async () => {
  await using crew = await startCrew({ workers: 0 });

  await expect(crew.play([unit('well')], { patienceMs: 300 })).rejects.toMatchObject({
    code: 'LAB_NO_WORKER',
    hint: expect.stringContaining('shaketable worker --on'),
  });
});

it('tells that workers of other code refuse, and in what they differ', async () => {
  await using crew = await startCrew({ workers: 1, code: { node: 'v24.0.0' } });

  await expect(crew.play([unit('well')], { patienceMs: 3_000 })).rejects.toMatchObject({
    code: 'LAB_NO_WORKER',
    message: expect.stringContaining(`node is ${process.version} there and v24.0.0 here`),
  });
});

it('ends when there was nothing to play for as long as it was told', async () => {
  await using crew = await startCrew({ workers: 1, idleMs: 300 });
  await crew.play([unit('well')]);
  await crew.engine.remove('run');

  await crew.workersEnded();
});

it('gives back what it is at when it is stopped, and blames nobody', async () => {
  const stopped = await startCrew({ workers: 1 });
  const playing = stopped.play([unit('waits')]).catch(() => undefined);
  await expect.poll(() => stopped.playing()).toBe(1);
  await stopped.stopWorkers();

  expect(await stopped.engine.claim('run', 'next', 5_000)).toMatchObject({ attempt: 2, failures: 0 });
  await stopped[Symbol.asyncDispose]();
  await playing;
});

async function startCrew(options: {
  workers: number;
  limits?: typeof limits;
  code?: Record<string, string>;
  idleMs?: number;
}) {
  const directory = await mkdtemp(join(tmpdir(), 'crew-'));
  const engine: Engine = createMemoryEngine({ clock, directory });
  await engine.open({ run: 'run', kind: 'behave', code, leaseMs: 1_500 });
  const ledger = await openLedger();
  const ending = new AbortController();
  const giveUp = new AbortController();
  let playing = 0;
  const workers = Array.from({ length: options.workers }, (_, index) =>
    work({
      engine,
      name: `w${index}`,
      slots: 1,
      code: options.code ?? code,
      childMain,
      limits: options.limits ?? limits,
      clock,
      ledger,
      ...(options.idleMs === undefined ? {} : { idleMs: options.idleMs }),
      announce: () => {},
      signal: ending.signal,
    }),
  );
  const stopWorkers = async (): Promise<void> => {
    ending.abort();
    await Promise.all(workers);
  };
  return {
    engine,
    playing: () => playing,
    stopWorkers,
    workersEnded: () => Promise.all(workers),
    play: (units: readonly WorkUnit[], more: Partial<PlayUnitsOptions> = {}) =>
      playUnits({
        engine,
        run: 'run',
        units,
        clock,
        signal: giveUp.signal,
        onStatus: (status) => {
          playing = status.playing.length;
        },
        ...more,
      }),
    [Symbol.asyncDispose]: async () => {
      giveUp.abort(new Error('given up'));
      await stopWorkers();
      await engine[Symbol.asyncDispose]();
      await ledger.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
