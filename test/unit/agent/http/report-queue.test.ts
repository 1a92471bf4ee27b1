import { expect, it } from 'vitest';
import type { FleetReport } from '../../../../services/agent/http/operation.ts';
import { ReportQueue } from '../../../../services/agent/http/report-queue.ts';

const report = (sequence: number): FleetReport => ({
  machineId: 'm',
  sequence,
  idempotencyKey: `m:${sequence}`,
  payload: {},
});

function setUp(capacity = 10) {
  const delivered: number[] = [];
  const dropped: number[] = [];
  const server = { isDown: false };
  const queue = new ReportQueue({
    capacity,
    deliver: async ({ sequence }) => {
      await Promise.resolve();
      if (server.isDown) throw new Error('down');
      delivered.push(sequence);
    },
    onDropped: ({ sequence }) => dropped.push(sequence),
  });
  return { queue, delivered, dropped, server };
}

it('keeps what could not be delivered and sends it first, in order, each once', async () => {
  const { queue, delivered, server } = setUp();
  server.isDown = true;
  for (const sequence of [1, 2, 3]) {
    queue.add(report(sequence));
    await expect(queue.flush()).rejects.toThrow('down');
  }

  server.isDown = false;
  queue.add(report(4));
  await queue.flush();

  expect(delivered).toEqual([1, 2, 3, 4]);
  expect(queue.size).toBe(0);
});

it('has one delivery under way at a time, which takes along what is added meanwhile', async () => {
  const { queue, delivered } = setUp();
  queue.add(report(1));
  const first = queue.flush();
  queue.add(report(2));

  expect(queue.flush()).toBe(first);
  await first;

  expect(delivered).toEqual([1, 2]);
});

it('drops the oldest when there is no room, but never the one under way', async () => {
  const { queue, delivered, dropped } = setUp(2);
  queue.add(report(1));
  const delivery = queue.flush();
  queue.add(report(2));
  queue.add(report(3));
  await delivery;

  expect(dropped).toEqual([2]);
  expect(delivered).toEqual([1, 3]);
});
