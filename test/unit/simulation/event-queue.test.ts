import { expect, it } from 'vitest';
import { EventQueue } from '../../../harness/simulation/time/event-queue.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

function takeAll(queue: EventQueue): number[] {
  const taken: number[] = [];
  for (let event = queue.take(); event; event = queue.take()) {
    taken.push(queue.nowUs);
    event.run();
  }
  return taken;
}

it('takes events by their time, and those of one time in the order in which they were scheduled', () => {
  const queue = new EventQueue();
  const order: string[] = [];
  queue.schedule(20, () => order.push('late'));
  queue.schedule(10, () => order.push('first'));
  queue.schedule(10, () => order.push('second'));

  expect(takeAll(queue)).toEqual([10, 10, 20]);
  expect(order).toEqual(['first', 'second', 'late']);
});

it('keeps the order of a heap whatever is scheduled and cancelled', () => {
  const queue = new EventQueue();
  const random = seededRandom(1);
  const events = Array.from({ length: 1_000 }, () => queue.schedule(random.next() * 500, () => {}));
  for (const event of events) if (random.next() < 0.5) queue.cancel(event);
  const left = events.filter(({ place }) => place >= 0).map(({ atUs }) => atUs);

  expect(takeAll(queue)).toEqual(left.toSorted((a, b) => a - b));
  expect(queue.size).toBe(0);
});

it('cancels an event once, and one that was taken not at all', () => {
  const queue = new EventQueue();
  const event = queue.schedule(1, () => {});
  const other = queue.schedule(2, () => {});
  queue.take();
  queue.cancel(event);
  queue.cancel(other);
  queue.cancel(other);

  expect(queue.size).toBe(0);
});

it('has timers due on whole milliseconds', () => {
  const queue = new EventQueue();
  queue.schedule(1_300, () => void queue.scheduleTimer(5, () => {}));

  expect(takeAll(queue)).toEqual([1_300, 7_000]);
});

it('counts a moment in the past as now', () => {
  const queue = new EventQueue();
  queue.schedule(-5, () => {});

  expect(takeAll(queue)).toEqual([0]);
});
