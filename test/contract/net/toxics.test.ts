/** What every toxic keeps to, whatever its effect. */
import { describe, expect, it } from 'vitest';
import { toxicTypes } from '../../../harness/net/proxy/toxics/index.ts';
import { ToxicRig } from '../../unit/net/proxy/toxic-rig.ts';

interface Sample {
  readonly type: string;
  /** Values with an effect on the traffic below. */
  readonly attributes: object;
  /** Values with none; left out where the type has no such values. */
  readonly harmless?: object;
  /** Whether losing bytes is the effect. */
  readonly loses: boolean;
}

const samples: readonly Sample[] = [
  { type: 'latency', attributes: { latency: 150, jitter: 100 }, harmless: {}, loses: false },
  { type: 'bandwidth', attributes: { rate: 1 }, loses: false },
  { type: 'slow_close', attributes: { delay: 100 }, harmless: {}, loses: false },
  { type: 'timeout', attributes: { timeout: 50 }, loses: true },
  { type: 'reset_peer', attributes: { timeout: 50 }, loses: true },
  {
    type: 'slicer',
    attributes: { average_size: 9, size_variation: 5, delay: 700 },
    harmless: { average_size: 1_000 },
    loses: false,
  },
  { type: 'limit_data', attributes: { bytes: 40 }, harmless: { bytes: 10_000 }, loses: true },
  { type: 'noop', attributes: {}, harmless: {}, loses: false },
  { type: 'tls_cut', attributes: { stage: 'client_hello' }, harmless: { share: 0 }, loses: false },
  { type: 'reset_idle', attributes: { after: 60 }, harmless: { after: 60_000 }, loses: true },
  { type: 'blackhole', attributes: {}, loses: true },
  { type: 'stall', attributes: {}, loses: false },
  { type: 'reset_after', attributes: { bytes: 100 }, harmless: { bytes: 10_000, pass: true }, loses: true },
];

const acceptTypes = ['silence_accept', 'refuse_connection'];

it('covers every type', () => {
  expect([...samples.map(({ type }) => type), ...acceptTypes].sort()).toEqual([...toxicTypes.keys()].sort());
});

/** Messages in both directions at uneven times, ends with FIN both ways. */
async function traffic(rig: ToxicRig, onMessage: (index: number) => void = () => {}): Promise<void> {
  for (let index = 0; index < 20; index += 1) {
    onMessage(index);
    rig.arrive(message(index), index % 3 === 0 ? 'upstream' : 'downstream');
    await rig.advance((index * 7) % 30);
  }
  rig.arriveEnd('upstream');
  rig.arriveEnd('downstream');
  await rig.advance(5_000);
}

const message = (index: number): string => `${String.fromCharCode(97 + index).repeat(10 + index)};`;
const all = Array.from({ length: 20 }, (_, index) => index);
const sentUp = all
  .filter((index) => index % 3 === 0)
  .map(message)
  .join('');
const sentDown = all
  .filter((index) => index % 3 !== 0)
  .map(message)
  .join('');
/** Every message at its own time, unchanged. */
const untouched = async (): Promise<string[]> => {
  const rig = new ToxicRig({ type: 'noop' });
  await traffic(rig);
  return rig.log();
};

describe.each(samples)('$type', ({ type, attributes, harmless, loses }) => {
  const actsOnPlainTraffic = type !== 'noop' && type !== 'tls_cut';

  if (actsOnPlainTraffic)
    it('has an effect, and says so', async () => {
      const rig = new ToxicRig({ type, attributes });
      await traffic(rig);

      expect(rig.strikes.length).toBeGreaterThan(0);
      expect(rig.log()).not.toEqual(await untouched());
    });

  if (harmless !== undefined)
    it('changes nothing with harmless values', async () => {
      const rig = new ToxicRig({ type, attributes: harmless });
      await traffic(rig);

      expect(rig.log().toSorted()).toEqual((await untouched()).toSorted());
      expect(rig.strikes).toEqual([]);
    });

  it('changes nothing on a connection to which it does not apply', async () => {
    for (const selection of [{ toxicity: 0 }, { only: { nth: [2] } }, { only: { share: 0 } }]) {
      const rig = new ToxicRig({ type, attributes, ...selection });
      await traffic(rig);

      expect(rig.log()).toEqual(await untouched());
    }
  });

  it('changes nothing when it has no strikes left', async () => {
    const rig = new ToxicRig({ type, attributes, only: { strikes: 0 } });
    await traffic(rig);

    expect(rig.output('upstream')).toBe(sentUp);
    expect(rig.output('downstream')).toBe(sentDown);
    expect(rig.outcomes.filter(({ stream }) => stream === undefined)).toEqual([]);
    expect(rig.strikes).toEqual([]);
  });

  it('leaves the bytes before from_bytes alone', async () => {
    const rig = new ToxicRig({ type, attributes, only: { from_bytes: 25 } });
    rig.arrive('x'.repeat(30));

    expect(rig.output().slice(0, 25)).toBe('x'.repeat(25));
    expect(rig.outcomes[0]?.at).toBe(0);
  });

  it('does the same with the same seed', async () => {
    const first = new ToxicRig({ type, attributes }, { seed: 7, connection: 3 });
    const second = new ToxicRig({ type, attributes }, { seed: 7, connection: 3 });
    await traffic(first);
    await traffic(second);

    expect(second.log()).toEqual(first.log());
    expect(second.strikes).toEqual(first.strikes);
  });

  it('lifts cleanly: what comes later passes at once', async () => {
    const rig = new ToxicRig({ type, attributes });
    rig.lift();
    if (loses && type === 'timeout') return expect(rig.log()).toEqual(['0: close fin']);
    rig.arrive('later');
    await rig.advance(10_000);

    expect(rig.log()).toEqual(['0: later']);
  });

  if (!loses)
    it('loses no byte and keeps the order when lifted or changed in mid-traffic', async () => {
      const lifted = new ToxicRig({ type, attributes });
      await traffic(lifted, (index) => index === 11 && lifted.lift());
      expect(lifted.output('upstream')).toBe(sentUp);
      expect(lifted.output('downstream')).toBe(sentDown);

      const changed = new ToxicRig({ type, attributes });
      await traffic(changed, (index) => index % 4 === 0 && changed.update({}));
      changed.lift();
      expect(changed.output('upstream')).toBe(sentUp);
      expect(changed.output('downstream')).toBe(sentDown);
    });
});
