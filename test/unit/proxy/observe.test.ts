import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

const observe = (of: string, amount: number, stream = 'downstream') => ({
  type: 'observe',
  stream,
  attributes: { of, amount },
});

/** A question, and the answer that long after it. */
async function exchange(rig: ToxicRig, waitMs: number, answer = 'answer'): Promise<void> {
  rig.arrive('question', 'upstream');
  await rig.advance(waitMs);
  rig.arrive(answer, 'downstream');
  await rig.advance(0);
}

it('tells of a latency when an answer takes at least that long', async () => {
  const rig = new ToxicRig(observe('latency', 100));

  await exchange(rig, 120);

  expect(rig.strikes).toMatchObject([{ reason: 'an answer took 120 ms', delivered: true }]);
});

it('is silent about an answer that comes sooner', async () => {
  const rig = new ToxicRig(observe('latency', 100));

  await exchange(rig, 90);

  expect(rig.strikes).toEqual([]);
});

it('tells of a latency that a client did not wait for', async () => {
  const rig = new ToxicRig(observe('latency', 100));

  rig.arrive('question', 'upstream');
  await rig.advance(40);
  rig.arriveEnd('upstream');
  await rig.advance(0);

  expect(rig.strikes).toMatchObject([{ reason: 'no answer for 40 ms, then given up' }]);
});

it('tells of a latency that is lifted while somebody waits', async () => {
  const rig = new ToxicRig(observe('latency', 100));

  rig.arrive('question', 'upstream');
  await rig.advance(40);
  rig.lift();
  await rig.advance(0);

  expect(rig.strikes).toMatchObject([{ reason: 'no answer for 40 ms, then lifted' }]);
});

it('is silent about a client that says goodbye', async () => {
  const rig = new ToxicRig(observe('latency', 100));

  rig.arrive('goodbye', 'upstream');
  rig.arriveEnd('upstream');
  await rig.advance(0);

  expect(rig.strikes).toEqual([]);
});

it('tells of a bandwidth by the bytes and the time that they took', async () => {
  const rig = new ToxicRig(observe('bandwidth', 1, 'upstream'));

  rig.arrive('x'.repeat(50), 'upstream');
  await rig.advance(60);
  rig.arrive('answer', 'downstream');
  await rig.advance(0);

  expect(rig.strikes).toHaveLength(1);
});

it('tells of a limit by an end after exactly so many bytes', async () => {
  const rig = new ToxicRig(observe('limit_data', 6));

  await exchange(rig, 1, 'answer');
  rig.arriveEnd('downstream');
  await rig.advance(0);

  expect(rig.strikes).toMatchObject([{ reason: 'ended after 6 bytes' }]);
});

it('tells of pieces when two in a row are small enough', async () => {
  const rig = new ToxicRig(observe('slicer', 4));

  await exchange(rig, 1, 'four');
  rig.arrive('more', 'downstream');
  await rig.advance(0);

  expect(rig.strikes).toMatchObject([{ reason: 'pieces of at most 4 bytes' }]);
});
