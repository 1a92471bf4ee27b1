import { expect, it } from 'vitest';
import { createGate, GateFullError } from '../../../services/server/concurrency-limit.ts';

const forever = new AbortController().signal;

it('lets in up to its limit at once', async () => {
  const gate = createGate(2, 10);

  await gate.enter(forever);
  await gate.enter(forever);

  expect(gate.load()).toEqual({ active: 2, waiting: 0, limit: 2 });
});

it('lets in those who wait in the order in which they came', async () => {
  const gate = createGate(1, 10);
  const order: string[] = [];
  await gate.enter(forever);
  const waiting = ['a', 'b', 'c'].map((name) => gate.enter(forever).then(() => order.push(name)));

  for (const one of waiting) {
    gate.leave();
    await one;
  }

  expect(order).toEqual(['a', 'b', 'c']);
  expect(gate.load()).toEqual({ active: 1, waiting: 0, limit: 1 });
});

it('forgets who gives up, and lets in the next', async () => {
  const gate = createGate(1, 10);
  const impatient = new AbortController();
  await gate.enter(forever);
  const first = gate.enter(impatient.signal);
  const second = gate.enter(forever);

  impatient.abort(new Error('gone'));
  gate.leave();

  await expect(first).rejects.toThrow('gone');
  await second;
  expect(gate.load()).toEqual({ active: 1, waiting: 0, limit: 1 });
});

it('turns away who comes when the line is full', async () => {
  const gate = createGate(1, 1);
  await gate.enter(forever);
  void gate.enter(forever);

  await expect(gate.enter(forever)).rejects.toBeInstanceOf(GateFullError);
});

it('takes no slot for who has given up already', async () => {
  const gate = createGate(1, 1);

  await expect(gate.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
  expect(gate.load().active).toBe(0);
});
