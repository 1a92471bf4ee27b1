/** Toxics of whole connections and of time, on a clock that stands still. */
import { expect, it } from 'vitest';
import { ToxicRig } from './toxic-rig.ts';

const sizes = (rig: ToxicRig): (number | string)[][] =>
  rig.outcomes.map(({ at, stream, what }) => [at, stream === undefined ? what : what.length]);

/** Within a quarter of what is expected. */
const near = (expected: number) => ({
  asymmetricMatch: (value: number) => Math.abs(value - expected) <= expected / 4,
  toString: () => `near ${expected}`,
});

it('lifetime ends a busy connection at its age, to the millisecond', async () => {
  const rig = new ToxicRig({ type: 'lifetime', attributes: { after: 250 } });
  for (let message = 0; message < 10; message += 1) {
    rig.arrive('x', message % 2 ? 'upstream' : 'downstream');
    await rig.advance(40);
  }

  expect(rig.log().slice(-2)).toEqual(['240: x', '250: close reset']);
  expect(rig.strikes).toEqual([{ reason: 'reset at the age of 250 ms', bytes: 0, delivered: false }]);
});

it('lifetime ends a connection whose receiver takes nothing', async () => {
  const rig = new ToxicRig({ type: 'lifetime', attributes: { after: 100, action: 'close' } });
  rig.block(true);
  rig.arrive('stuck');
  await rig.advance(500);

  expect(rig.log()).toEqual(['100: close fin']);
});

it('lifetime counts from its beginning when it is changed', async () => {
  const rig = new ToxicRig({ type: 'lifetime', attributes: { after: 1_000 } });
  await rig.advance(300);
  rig.update({ attributes: { after: 400, action: 'forget' } });
  await rig.advance(500);

  expect(rig.log()).toEqual(['400: forget']);
});

it('lifetime that is shortened below the age ends the connection at once', async () => {
  const rig = new ToxicRig({ type: 'lifetime', attributes: { after: 1_000 } });
  await rig.advance(300);
  rig.update({ attributes: { after: 200 } });

  expect(rig.log()).toEqual(['300: close reset']);
});

it('lifetime that is lifted in time ends nothing', async () => {
  const rig = new ToxicRig({ type: 'lifetime', attributes: { after: 100 } });
  await rig.advance(99);
  rig.lift();
  await rig.advance(500);

  expect(rig.log()).toEqual([]);
  expect(rig.clock.sleepers).toBe(0);
});

it('reset_idle counts a connection as idle that is blocked with bytes in hand', async () => {
  const rig = new ToxicRig({ type: 'reset_idle', attributes: { after: 100 } });
  rig.block(true);
  rig.arrive('stuck');
  await rig.advance(500);

  expect(rig.log()).toEqual(['100: close reset']);
});

it('cut lets exactly so many bytes arrive, then resets behind them', () => {
  const rig = new ToxicRig({ type: 'cut', attributes: { bytes: 5 } });
  rig.arrive('abc');
  rig.arrive('defg');
  rig.arrive('h');

  expect(rig.log()).toEqual(['0: abc', '0: de', '0: close reset']);
  expect(rig.strikes).toEqual([{ reason: 'reset after 5 bytes', bytes: 4, delivered: false }]);
});

it('cut does not wait for a byte after the last', () => {
  const rig = new ToxicRig({ type: 'cut', attributes: { bytes: 5, action: 'close' } });
  rig.arrive('abcde');

  expect(rig.log()).toEqual(['0: abcde', '0: close fin']);
});

it('cut at 0 waits for the next write and lets nothing of it through', async () => {
  const rig = new ToxicRig({ type: 'cut' });
  await rig.advance(1_000);
  rig.arrive('x');

  expect(rig.log()).toEqual(['1000: close reset']);
});

it('cut waits for room for the bytes before it', () => {
  const rig = new ToxicRig({ type: 'cut', attributes: { bytes: 2 } });
  rig.block(true);
  rig.arrive('abc');
  expect(rig.log()).toEqual([]);

  rig.block(false);

  expect(rig.log()).toEqual(['0: ab', '0: close reset']);
});

it('cut that stalls holds the rest, FIN and all, until it is lifted', async () => {
  const rig = new ToxicRig({ type: 'cut', attributes: { bytes: 2, action: 'stall' } });
  rig.arrive('abcd');
  rig.arrive('ef');
  rig.arriveEnd();
  await rig.advance(60_000);
  expect(rig.log()).toEqual(['0: ab']);
  expect(rig.full()).toBe(true);

  rig.lift();

  expect(rig.log()).toEqual(['0: ab', '60000: cd', '60000: ef', '60000: <end>']);
});

it('half_open strikes as it begins, and tells which end is gone', () => {
  const rig = new ToxicRig({ type: 'half_open', attributes: { gone: 'client' } });

  expect(rig.log()).toEqual(['0: forget']);
  expect(rig.strikes).toEqual([{ reason: 'the client is gone', bytes: 0, delivered: false }]);
});

it('half_open begins right behind the byte that only.from_bytes names', () => {
  const rig = new ToxicRig({ type: 'half_open', only: { from_bytes: 4 } });
  rig.arrive('ab');
  rig.arrive('cdef');

  expect(rig.log()).toEqual(['0: ab', '0: cd', '0: forget']);
});

it('bandwidth_shared makes directions and connections of one toxic take turns', async () => {
  const rig = new ToxicRig({ type: 'bandwidth_shared', stream: 'both', attributes: { rate: 1 } });
  rig.arrive('d'.repeat(2_920), 'downstream');
  rig.arrive('u'.repeat(1_460), 'upstream');
  await rig.advance(10_000);

  expect(rig.outcomes.map(({ at, stream, what }) => [at, stream, what.length])).toEqual([
    [1_460, 'downstream', 1_460],
    [2_920, 'upstream', 1_460],
    [4_380, 'downstream', 1_460],
  ]);
});

it('bandwidth_shared earns no credit while idle, and freezes at rate 0', async () => {
  const rig = new ToxicRig({ type: 'bandwidth_shared', attributes: { rate: 10 } });
  await rig.advance(5_000);
  rig.arrive('x'.repeat(500));
  await rig.advance(100);
  rig.update({ attributes: { rate: 0 } });
  rig.arrive('frozen');
  await rig.advance(60_000);

  expect(sizes(rig)).toEqual([[5_050, 500]]);
  rig.lift();
  expect(rig.output().slice(500)).toBe('frozen');
});

it('packet_loss delays what is lost by doubling time-outs', async () => {
  const rig = new ToxicRig({ type: 'packet_loss', attributes: { loss_rate: 0.5, rto: 100 } }, { seed: 4 });
  const everyMs = 1_000_000;
  for (let message = 0; message < 400; message += 1) {
    rig.arrive('x');
    await rig.advance(everyMs);
  }
  const delays = rig.outcomes.map(({ at }, index) => at - index * everyMs);
  const share = (delayMs: number): number => delays.filter((delay) => delay === delayMs).length / 400;

  for (const delay of delays) expect(Number.isInteger(Math.log2(delay / 100 + 1))).toBe(true);
  expect([share(0), share(100), share(300)]).toEqual([near(0.5), near(0.25), near(0.125)]);
  expect(rig.strikes).toHaveLength(delays.filter((delay) => delay > 0).length);
  expect(rig.strikes[0]).toMatchObject({ bytes: 1, delivered: true });
});

it('packet_loss makes what follows a lost chunk wait for it', async () => {
  const rig = new ToxicRig({ type: 'packet_loss', attributes: { loss_rate: 1 }, only: { strikes: 1 } });
  rig.arrive('lost');
  rig.arrive('waits');
  await rig.advance(60_000);
  expect(rig.log()).toEqual([]);

  rig.lift();

  expect(rig.output()).toBe('lostwaits');
});

it('packet_loss loses more behind a loss with correlation', async () => {
  const lostOf = async (correlation: number): Promise<number> => {
    const rig = new ToxicRig({ type: 'packet_loss', attributes: { loss_rate: 0.05, correlation, rto: 1 } });
    for (let message = 0; message < 2_000; message += 1) {
      rig.arrive('x');
      await rig.advance(100);
    }
    return rig.strikes.length;
  };

  expect((await lostOf(0)) / 2_000).toEqual(near(0.05));
  // Half of what is lost is followed by another: 0.05 / (1 - 0.5).
  expect((await lostOf(0.5)) / 2_000).toEqual(near(0.1));
});

it('packet_loss gives up after fifteen times', async () => {
  const rig = new ToxicRig({ type: 'packet_loss', attributes: { loss_rate: 1 } });
  rig.arrive('never');
  await rig.advance(10_000_000);

  expect(rig.log()).toEqual([]);
  expect(rig.strikes).toEqual([{ reason: 'lost for good', bytes: 5, delivered: false }]);
});

it('corrupt flips bits at the asked rate, and never changes the length', () => {
  const rig = new ToxicRig({ type: 'corrupt', attributes: { probability: 0.02 } });
  const sent = Buffer.alloc(20_000, 0x55);
  rig.arrive(sent);
  const got = Buffer.from(rig.output(), 'latin1');
  const flipped = [...got].reduce(
    (sum, byte) => sum + (byte ^ 0x55).toString(2).replaceAll('0', '').length,
    0,
  );

  expect(got).toHaveLength(20_000);
  expect(flipped / 160_000).toBeGreaterThan(0.018);
  expect(flipped / 160_000).toBeLessThan(0.022);
  expect(rig.strikes[0]?.reason).toBe(`${flipped} bits flipped`);
});

it('corrupt leaves the sender’s own buffer alone, and flips every bit at 1', () => {
  const rig = new ToxicRig({ type: 'corrupt', attributes: { probability: 1 } });
  const sent = Buffer.from([0x00, 0xf0]);
  rig.arrive(sent);

  expect(Buffer.from(rig.output(), 'latin1')).toEqual(Buffer.from([0xff, 0x0f]));
  expect(sent).toEqual(Buffer.from([0x00, 0xf0]));
});

it.each([1e-17, 5e-324])('corrupt with a probability of %s lets everything pass', (probability) => {
  const rig = new ToxicRig({ type: 'corrupt', attributes: { probability } });
  rig.arrive('whole');

  expect(rig.output()).toBe('whole');
});

it('corrupt follows a change of its probability at once', () => {
  const rig = new ToxicRig({ type: 'corrupt', attributes: { probability: 1e-12 } });
  rig.arrive('\0');
  rig.update({ attributes: { probability: 1 } });
  rig.arrive('\0');

  expect(Buffer.from(rig.output(), 'latin1')).toEqual(Buffer.from([0x00, 0xff]));
});

it('bandwidth_shared and network_profile owe nothing for what was sent on by a change', async () => {
  const shared = new ToxicRig({ type: 'bandwidth_shared', attributes: { rate: 1 } });
  const profile = new ToxicRig({ type: 'network_profile', attributes: { profile: '3g_slow' } });
  for (const [rig, attributes] of [
    [shared, { rate: 1_000 }],
    [profile, { profile: 'lte' }],
  ] as const) {
    rig.arrive('x'.repeat(30_000));
    await rig.advance(500);
    rig.update({ attributes });
    expect(rig.output()).toHaveLength(30_000);

    rig.arrive('y'.repeat(1_500));
    await rig.advance(50);

    expect(rig.output()).toHaveLength(31_500);
  }
});

it('network_profile takes half a round trip and the line’s time each way', async () => {
  const rig = new ToxicRig({ type: 'network_profile', attributes: { profile: '3g' } });
  rig.arrive('request', 'upstream');
  rig.arrive('d'.repeat(25_000), 'downstream');
  await rig.advance(1_000);

  const up = rig.outcomes.filter(({ stream }) => stream === 'upstream');
  const down = rig.outcomes.filter(({ stream }) => stream === 'downstream');
  // 7 bytes at 768 kbit/s are 0.07 ms; 25,000 bytes at 1,600 kbit/s are 125 ms, in slices of 50 ms.
  expect(up.map(({ at, what }) => [at, what])).toEqual([[150.073, 'request']]);
  expect(down.map(({ at, what }) => [at, what.length])).toEqual([
    [200, 10_000],
    [250, 10_000],
    [275, 5_000],
  ]);
});

it('network_profile lets messages overlap on the way, and pays no time for an idle line', async () => {
  const rig = new ToxicRig({ type: 'network_profile', attributes: { profile: 'transatlantic' } });
  for (const message of ['a', 'b', 'c']) {
    rig.arrive(message);
    await rig.advance(20);
  }
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['45: a', '65: b', '85: c']);
});

it('network_profile changes to another network in mid-connection', async () => {
  const rig = new ToxicRig({ type: 'network_profile', attributes: { profile: 'edge' } });
  rig.update({ attributes: { profile: 'lte' } });
  rig.arrive('x');
  await rig.advance(1_000);

  expect(rig.log()).toEqual(['35.001: x']);
});
