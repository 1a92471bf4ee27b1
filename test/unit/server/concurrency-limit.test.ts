import { expect, it } from 'vitest';
import { createConcurrencyLimit, LimitReachedError } from '../../../services/server/concurrency-limit.ts';

const forever = new AbortController().signal;

it('lets in up to its limit at once', async () => {
  const limit = createConcurrencyLimit(2, 10);

  await limit.enter(forever);
  await limit.enter(forever);

  expect(limit.load()).toEqual({ active: 2, waiting: 0, limit: 2 });
});

it('lets in those who wait in the order in which they came', async () => {
  const limit = createConcurrencyLimit(1, 10);
  const order: string[] = [];
  await limit.enter(forever);
  const waiting = ['a', 'b', 'c'].map((name) => limit.enter(forever).then(() => order.push(name)));

  for (const one of waiting) {
    limit.leave();
    await one;
  }

  expect(order).toEqual(['a', 'b', 'c']);
  expect(limit.load()).toEqual({ active: 1, waiting: 0, limit: 1 });
});

it('forgets who gives up, and lets in the next', async () => {
  const limit = createConcurrencyLimit(1, 10);
  const impatient = new AbortController();
  await limit.enter(forever);
  const first = limit.enter(impatient.signal);
  const second = limit.enter(forever);

  impatient.abort(new Error('gone'));
  limit.leave();

  await expect(first).rejects.toThrow('gone');
  await second;
  expect(limit.load()).toEqual({ active: 1, waiting: 0, limit: 1 });
});

it('turns away who comes when the line is full', async () => {
  const limit = createConcurrencyLimit(1, 1);
  await limit.enter(forever);
  void limit.enter(forever);

  await expect(limit.enter(forever)).rejects.toBeInstanceOf(LimitReachedError);
});

it('takes no slot for who has given up already', async () => {
  const limit = createConcurrencyLimit(1, 1);

  await expect(limit.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(limit.load().active).toBe(0);
});
