import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

it('latency delays each chunk from its arrival and keeps the spacing', async () => {
  const rig = new ToxicRig({ type: 'latency', attributes: { latency: 200 } });

  for (const message of ['a', 'b', 'c']) {
    rig.arrive(message);
    await rig.advance(40);
  }
  await rig.advance(500);

  expect(rig.log()).toEqual(['200: a', '240: b', '280: c']);
  expect(rig.strikes).toEqual([{ reason: 'delayed by 200 ms', bytes: 1, delivered: true }]);
});

it('latency draws jitter around the latency and keeps the order', async () => {
  const rig = new ToxicRig({ type: 'latency', attributes: { latency: 60, jitter: 50 } });

  for (let message = 0; message < 100; message += 1) {
    rig.arrive(String(message % 10));
    await rig.advance(200);
  }
  const delays = rig.outcomes.map(({ at }, index) => at - index * 200);

  expect(rig.output()).toBe('0123456789'.repeat(10));
  expect(Math.min(...delays)).toBeGreaterThanOrEqual(10);
  expect(Math.max(...delays)).toBeLessThanOrEqual(109);
  expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(60);
});

it('latency lets a FIN go right after the data before it, and alone at once', async () => {
  const rig = new ToxicRig({ type: 'latency', attributes: { latency: 100 } });
  rig.arrive('x');
  rig.arriveEnd();
  rig.arriveEnd('upstream');
  await rig.advance(300);

  expect(rig.log()).toEqual(['0: <end>', '100: x', '100: <end>']);
});

it('latency that is lowered sends the chunk in hand at once and counts the others from their arrival', async () => {
  const rig = new ToxicRig({ type: 'latency', attributes: { latency: 1_000 } });
  rig.arrive('a');
  rig.arrive('b');
  await rig.advance(100);
  rig.update({ attributes: { latency: 500 } });
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['100: a', '500: b']);
});

it('latency takes 1024 chunks before the source has to wait', () => {
  const rig = new ToxicRig({ type: 'latency', attributes: { latency: 1_000 } });

  for (let chunk = 0; chunk < 1_024; chunk += 1) rig.arrive('x');
  expect(rig.full()).toBe(false);
  rig.arrive('x');

  expect(rig.full()).toBe(true);
});

it('bandwidth waits before each slice of 100 ms and before the remainder', async () => {
  const rig = new ToxicRig({ type: 'bandwidth', attributes: { rate: 1 } });
  rig.arrive('x'.repeat(350));
  rig.arriveEnd();
  await rig.advance(1_000);

  const sizes = rig.outcomes.map(({ at, what }) => [at, what === '<end>' ? what : what.length]);
  expect(sizes).toEqual([
    [100, 100],
    [200, 100],
    [300, 100],
    [350, 50],
    [350, '<end>'],
  ]);
});

it('bandwidth earns no credit while the destination is blocked or nothing arrives', async () => {
  const rig = new ToxicRig({ type: 'bandwidth', attributes: { rate: 1 } });
  rig.arrive('x'.repeat(200));
  rig.block(true);
  await rig.advance(5_000);
  rig.block(false);
  await rig.advance(50);
  expect(rig.output()).toHaveLength(100);

  await rig.advance(5_000);
  rig.arrive('y'.repeat(100));
  await rig.advance(99);
  expect(rig.output()).toHaveLength(200);
});

it('bandwidth of rate 0 holds data until it is changed', async () => {
  const rig = new ToxicRig({ type: 'bandwidth', attributes: { rate: 0 } });
  rig.arrive('held');
  await rig.advance(60_000);
  expect(rig.log()).toEqual([]);

  rig.update({ attributes: { rate: 1_000 } });

  expect(rig.output()).toBe('held');
});

it('slow_close delays the FIN alone, and starts its delay anew when changed', async () => {
  const rig = new ToxicRig({ type: 'slow_close', attributes: { delay: 300 } });
  rig.arrive('x');
  rig.arriveEnd();
  await rig.advance(200);
  rig.update({ attributes: { delay: 250 } });
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['0: x', '450: <end>']);
});

it('timeout drops data and closes so long after the last of it', async () => {
  const rig = new ToxicRig({ type: 'timeout', attributes: { timeout: 200 } });
  await rig.advance(100);
  rig.arrive('lost');
  await rig.advance(150);
  rig.arrive('lost');
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['450: close fin']);
});

it('timeout 0 never closes until it is deleted', async () => {
  const rig = new ToxicRig({ type: 'timeout', attributes: { timeout: 0 } });
  rig.arrive('lost');
  await rig.advance(60_000);
  expect(rig.log()).toEqual([]);

  rig.lift();

  expect(rig.log()).toEqual(['60000: close fin']);
});

it('timeout that is deleted tells that it closes an idle connection, and leaves one alone that it may not strike', () => {
  const idle = new ToxicRig({ type: 'timeout' });
  const spared = new ToxicRig({ type: 'timeout', only: { strikes: 0 } });
  spared.arrive('whole');
  idle.lift();
  spared.lift();

  expect(idle.log()).toEqual(['0: close fin']);
  expect(idle.strikes).toMatchObject([{ reason: 'closed since the toxic was deleted' }]);
  expect(spared.log()).toEqual(['0: whole']);
});

it('timeout that becomes inactive stays open', async () => {
  const rig = new ToxicRig({ type: 'timeout', attributes: { timeout: 100 } });
  rig.lift('inactive');
  await rig.advance(1_000);

  expect(rig.log()).toEqual([]);
});

it('reset_peer resets so long after the first bytes', async () => {
  const rig = new ToxicRig({ type: 'reset_peer', attributes: { timeout: 300 } });
  await rig.advance(100);
  rig.arrive('dropped');
  await rig.advance(200);
  rig.arrive('does not extend it');
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['400: close reset']);
});

it('reset_peer resets a connection on which nothing is sent, a new one only after a timeout', async () => {
  const late = new ToxicRig({ type: 'reset_peer', attributes: { timeout: 300 } });
  await late.advance(1_000);
  expect(late.log()).toEqual(['300: close reset']);

  const found = new ToxicRig({ type: 'reset_peer' }, { foundOpen: true });
  expect(found.log()).toEqual(['0: close reset']);

  const fresh = new ToxicRig({ type: 'reset_peer' });
  await fresh.advance(1_000);
  expect(fresh.log()).toEqual([]);
  fresh.arrive('request');
  expect(fresh.log()).toEqual(['1000: close reset']);
});

it('slicer halves chunks until the pieces fit and waits after each', async () => {
  const rig = new ToxicRig({ type: 'slicer', attributes: { average_size: 10, delay: 20_000 } });
  rig.arrive('x'.repeat(70));
  rig.arrive('y');
  await rig.advance(1_000);

  expect(rig.outcomes.map(({ at, what }) => [at, what.length])).toEqual([
    [0, 8],
    [20, 9],
    [40, 9],
    [60, 9],
    [80, 8],
    [100, 9],
    [120, 9],
    [140, 9],
    [160, 1],
  ]);
});

it('slicer keeps pieces within the average and its variation', async () => {
  const rig = new ToxicRig({ type: 'slicer', attributes: { average_size: 100, size_variation: 50 } });
  rig.arrive('x'.repeat(10_000));

  expect(rig.output()).toHaveLength(10_000);
  for (const { what } of rig.outcomes) expect(what.length).toBeLessThanOrEqual(150);
});

it('limit_data delivers exactly so many bytes, then closes', () => {
  const rig = new ToxicRig({ type: 'limit_data', attributes: { bytes: 10 } });
  rig.arrive('12345');
  rig.arrive('6789012');

  expect(rig.log()).toEqual(['0: 12345', '0: 67890', '0: close fin']);
});

it('limit_data goes on counting when the limit is raised', () => {
  const rig = new ToxicRig({ type: 'limit_data', attributes: { bytes: 10 } });
  rig.arrive('12345678');
  rig.update({ attributes: { bytes: 12 } });
  rig.arrive('abcdefgh');

  expect(rig.output()).toBe('12345678abcd');
});

it('limit_data 0 closes on the first byte and delivers none', () => {
  const rig = new ToxicRig({ type: 'limit_data' });
  rig.arrive('x');

  expect(rig.log()).toEqual(['0: close fin']);
});

it('reset_idle resets when no byte moved in either direction', async () => {
  const rig = new ToxicRig({ type: 'reset_idle', attributes: { after: 100 } });
  await rig.advance(90);
  rig.arrive('x', 'upstream');
  await rig.advance(90);
  rig.arrive('y', 'downstream');
  await rig.advance(500);

  expect(rig.log()).toEqual(['90: x', '180: y', '280: close reset']);
});

it('reset_idle can close or forget instead', async () => {
  const closes = new ToxicRig({ type: 'reset_idle', attributes: { after: 100, action: 'close' } });
  const forgets = new ToxicRig({ type: 'reset_idle', attributes: { after: 100, action: 'forget' } });
  await closes.advance(200);
  await forgets.advance(200);

  expect(closes.log()).toEqual(['100: close fin']);
  expect(forgets.log()).toEqual(['100: forget']);
});

it('blackhole swallows bytes, FIN and RST of its direction, and resets when lifted', async () => {
  const rig = new ToxicRig({ type: 'blackhole', stream: 'upstream' });
  rig.arrive('lost', 'upstream');
  rig.arrive('passes', 'downstream');
  rig.arriveEnd('upstream');
  await rig.advance(1_000);
  expect(rig.log()).toEqual(['0: passes']);

  rig.lift();

  expect(rig.log().at(-1)).toBe('1000: close reset');
});

it('blackhole that lost nothing is lifted without a trace', () => {
  const rig = new ToxicRig({ type: 'blackhole' });
  rig.lift();

  expect(rig.log()).toEqual([]);
});

it('stall makes the source wait and gives everything on when lifted', async () => {
  const rig = new ToxicRig({ type: 'stall' });
  rig.arrive('a');
  rig.arrive('b');
  rig.arriveEnd();
  await rig.advance(60_000);
  expect(rig.full()).toBe(true);
  rig.update({});
  expect(rig.log()).toEqual([]);

  rig.lift();

  expect(rig.log()).toEqual(['60000: a', '60000: b', '60000: <end>']);
});

it('reset_after resets at the Nth byte and delivers nothing', () => {
  const rig = new ToxicRig({ type: 'reset_after', attributes: { bytes: 5 } });
  rig.arrive('abc');
  rig.arrive('defg');

  expect(rig.log()).toEqual(['0: close reset']);
});

it('reset_after delivers the bytes before the Nth when told to pass', () => {
  const rig = new ToxicRig({ type: 'reset_after', attributes: { bytes: 5, pass: true } });
  rig.arrive('abc');
  rig.arrive('defg');

  expect(rig.log()).toEqual(['0: abc', '0: d', '0: close reset']);
});

it('reset_after gives on what it held when the Nth byte never comes', () => {
  const rig = new ToxicRig({ type: 'reset_after', attributes: { bytes: 100 } });
  rig.arrive('short');
  rig.arriveEnd();

  expect(rig.log()).toEqual(['0: short', '0: <end>']);
});

it('slicer that is changed sends the rest of the chunk in one piece', async () => {
  const rig = new ToxicRig({ type: 'slicer', attributes: { average_size: 10, delay: 20_000 } });
  rig.arrive('x'.repeat(80));
  await rig.advance(30);
  rig.update({ attributes: { delay: 5_000 } });

  expect(rig.log()).toEqual([`0: ${'x'.repeat(10)}`, `20: ${'x'.repeat(10)}`, `30: ${'x'.repeat(60)}`]);
});
