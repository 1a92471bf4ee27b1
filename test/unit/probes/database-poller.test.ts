import { expect, it } from 'vitest';
import { type PollResult, pollQuery } from '../../../harness/probes/database-poller.ts';
import type { Clock } from '../../../proxy/core/clock.ts';

/** A clock that moves only when it is told to. */
function manualClock(): Clock & { advance(ms: number): Promise<void> } {
  let now = 0;
  let sleepers: { due: number; wake: () => void }[] = [];
  return {
    now: () => now,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        sleepers.push({ due: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    },
    async advance(ms) {
      now += ms;
      const due = sleepers.filter((sleeper) => sleeper.due <= now);
      sleepers = sleepers.filter((sleeper) => sleeper.due > now);
      for (const { wake } of due) wake();
      await settled();
    },
  };
}

/** Lets every promise that can go on go on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it('asks at once, then again after each interval', async () => {
  const clock = manualClock();
  const results: PollResult<number>[] = [];
  let asked = 0;

  const polling = pollQuery({
    query: async () => [++asked],
    onRows: (result) => results.push(result),
    clock,
    everyMs: 100,
  });
  await settled();
  await clock.advance(100);
  await clock.advance(99);
  expect(results).toEqual([{ rows: [1] }, { rows: [2] }]);

  await polling[Symbol.asyncDispose]();
  expect(results).toEqual([{ rows: [1] }, { rows: [2] }, { rows: [3] }]);
});

it('reports an outage and goes on', async () => {
  const clock = manualClock();
  const results: PollResult<string>[] = [];
  const answers = [
    () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    () => Promise.resolve(['back']),
  ];

  await using _polling = pollQuery({
    query: () => (answers.shift() ?? (() => Promise.resolve(['end'])))(),
    onRows: (result) => results.push(result),
    clock,
    everyMs: 100,
  });
  await settled();
  await clock.advance(100);

  expect(results).toEqual([{ error: { code: 'ECONNREFUSED', message: 'refused' } }, { rows: ['back'] }]);
});

it('reports a query that is late and asks no second one before the first is over', async () => {
  const clock = manualClock();
  const results: PollResult<string>[] = [];
  const pending = Promise.withResolvers<string[]>();
  let asked = 0;

  const polling = pollQuery({
    query() {
      asked += 1;
      return asked === 1 ? pending.promise : Promise.resolve(['next']);
    },
    onRows: (result) => results.push(result),
    clock,
    everyMs: 100,
    timeoutMs: 500,
  });
  await clock.advance(500);
  await clock.advance(100);
  expect(results).toMatchObject([{ error: { code: 'LAB_TIMEOUT' } }]);
  expect(asked).toBe(1);

  pending.resolve(['late']);
  await settled();
  expect(results.at(-1)).toEqual({ rows: ['late'] });
  await polling[Symbol.asyncDispose]();
  expect(asked).toBe(2);
});

it('joins the question that is under way when it is asked to poll', async () => {
  const clock = manualClock();
  let asked = 0;

  await using polling = pollQuery({
    query: async () => [++asked],
    onRows: () => undefined,
    clock,
    everyMs: 100,
  });
  await Promise.all([polling.poll(), polling.poll()]);

  expect(asked).toBe(1);
});
