/** Which connections a toxic applies to, and when: the decisions alone, without a connection. */
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../proxy/core/api-error.ts';
import { seededRandom } from '../../../proxy/core/random.ts';
import { applies, type Exposure, expose, period, type Selector } from '../../../proxy/core/selector.ts';
import { ToxicRig } from './toxic-rig.ts';

const at = (ordinal: number, more: Partial<Exposure> = {}): Exposure => ({
  ordinal,
  number: ordinal + 10,
  client: '127.0.0.1',
  others: 0,
  metAt: 1_000,
  toxicityDraw: 0.5,
  shareDraw: 0.5,
  ...more,
});

const selects = (only: Selector, exposure: Exposure, now = 1_000, toxicity = 1): boolean =>
  applies({ toxicity, only, selectedAt: 500 }, exposure, now);

/** Which of the first twelve connections are selected. */
const chosen = (only: Selector): number[] =>
  Array.from({ length: 12 }, (_, index) => index + 1).filter((ordinal) => selects(only, at(ordinal)));

describe('which connections', () => {
  it.each([
    [{}, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    [{ nth: [2, 5] }, [2, 5]],
    [{ nth: [] }, []],
    [{ first: 3 }, [1, 2, 3]],
    [{ first: 0 }, []],
    [{ every: 4 }, [4, 8, 12]],
    [{ every: 1 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
    [{ connections: [12, 99] }, [2]],
    [{ first: 6, every: 2 }, [2, 4, 6]],
    [{ nth: [3, 4], first: 3 }, [3]],
  ])('%j are %j', (only, expected) => {
    expect(chosen(only)).toEqual(expected);
  });

  it('counts only connections that are accepted after the toxic was made', () => {
    const openBefore = at(0);

    expect(selects({}, openBefore)).toBe(true);
    expect(selects({ connections: [10] }, openBefore)).toBe(true);
    for (const only of [{ nth: [1] }, { first: 100 }, { every: 1 }])
      expect(selects(only, openBefore)).toBe(false);
  });

  it.each([
    ['10.1.2.3', ['10.1.2.3'], true],
    ['10.1.2.3', ['10.1.2.4'], false],
    ['10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['10.9.9.9/8'], true],
    ['11.1.2.3', ['10.0.0.0/8'], false],
    ['11.1.2.3', ['10.0.0.0/8', '11.1.2.2/31'], true],
    ['11.1.2.3', ['0.0.0.0/0'], true],
    ['11.1.2.3', ['::/0'], false],
    ['::ffff:10.1.2.3', ['10.0.0.0/8'], true],
    ['10.1.2.3', ['::ffff:10.1.2.3'], true],
    ['fd00::5', ['fd00::/8'], true],
    ['fd00::5', ['FD00:0:0::5'], true],
    ['fe80::5%eth0', ['fe80::/10'], true],
    ['fd00::5', ['fe80::/10', '0.0.0.0/0'], false],
    ['10.1.2.3', [], false],
    ['', ['0.0.0.0/0', '::/0'], false],
  ])('says of a client at %s whether it is among %j: %s', (client, clients, selected) => {
    expect(selects({ clients }, at(1, { client }))).toBe(selected);
    expect(selects({ clients }, at(0, { client }))).toBe(selected);
  });

  it('takes those that were accepted while so many others were open', () => {
    const taken = (above: number): number[] =>
      [0, 1, 2, 3].filter((others) => selects({ above }, at(1, { others })));

    expect([0, 2, 4].map(taken)).toEqual([[0, 1, 2, 3], [2, 3], []]);
  });

  it('takes a share by a draw of its own, beside toxicity', () => {
    expect(selects({ share: 0.6 }, at(1))).toBe(true);
    expect(selects({ share: 0.5 }, at(1))).toBe(false);
    expect(selects({ share: 1 }, at(1), 1_000, 0.4)).toBe(false);
    expect(selects({ share: 0 }, at(1, { shareDraw: 0 }))).toBe(false);
  });

  it('draws the same for the same seed, and close to the share of many', () => {
    const hits = (seed: number): number[] =>
      Array.from({ length: 2_000 }, (_, index) => index).filter((number) => {
        const random = seededRandom(seed).fork(String(number));
        return selects(
          { share: 0.3 },
          expose(random, { ordinal: number + 1, number, client: '', others: 0, metAt: 0 }),
        );
      });

    expect(hits(7)).toEqual(hits(7));
    expect(hits(7)).not.toEqual(hits(8));
    expect(hits(7).length).toBeGreaterThan(540);
    expect(hits(7).length).toBeLessThan(660);
  });
});

describe('when', () => {
  const only = { after_ms: 200, for_ms: 50 };

  it('begins and ends by the age of the connection', () => {
    expect(period({ toxicity: 1, only, selectedAt: 500 }, at(1))).toEqual({ from: 1_200, until: 1_250 });
    expect([1_199, 1_200, 1_249, 1_250].map((now) => selects(only, at(1), now))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('begins and ends for all connections at once when counted from the toxic', () => {
    const sinceToxic = { ...only, since: 'toxic' } as const;

    for (const metAt of [0, 600, 720]) {
      expect([699, 700, 749, 750].map((now) => selects(sinceToxic, at(1, { metAt }), now))).toEqual([
        false,
        true,
        true,
        false,
      ]);
    }
  });

  it('never begins with for_ms 0, and never ends without it', () => {
    expect(selects({ for_ms: 0 }, at(1), 1_000)).toBe(false);
    expect(selects({ after_ms: 1 }, at(1), 1e15)).toBe(true);
  });
});

describe('how often', () => {
  it('lets everything pass when its strikes are used up', async () => {
    const rig = new ToxicRig({ type: 'limit_data', attributes: { bytes: 100 }, only: { strikes: 0 } });
    rig.arrive('x'.repeat(300));

    expect(rig.output()).toHaveLength(300);
    expect(rig.strikes).toEqual([]);
  });

  it('counts strikes anew when it is given a selector again, on connections it has let go too', async () => {
    const rig = new ToxicRig({ type: 'latency', attributes: { latency: 100 }, only: { strikes: 0 } });
    rig.arrive('a');
    rig.update({ attributes: { latency: 200 } });
    rig.arrive('b');
    expect(rig.log()).toEqual(['0: a', '0: b']);

    rig.update({ only: { strikes: 1 } });
    rig.arrive('c');
    await rig.advance(500);

    expect(rig.log()).toEqual(['0: a', '0: b', '200: c']);
    expect(rig.toxic.strikes).toBe(1);
  });

  it('stops where it had struck when it is given a selector without strikes left', () => {
    const rig = new ToxicRig({ type: 'blackhole' });
    rig.arrive('a');
    rig.update({ only: { strikes: 0 } });
    rig.arrive('b');

    expect(rig.log()).toEqual(['0: b']);
  });
});

describe('from a byte on', () => {
  it('cuts the chunk in which the byte is, and leaves ends before it alone', () => {
    const rig = new ToxicRig({ type: 'blackhole', only: { from_bytes: 5 } });
    rig.arrive('abc');
    rig.arriveEnd('downstream');
    rig.arrive('defg');
    rig.arriveEnd('downstream');

    expect(rig.log()).toEqual(['0: abc', '0: <end>', '0: de']);
  });

  it('does not begin to wait before that byte has passed', async () => {
    const rig = new ToxicRig({ type: 'reset_idle', attributes: { after: 100 }, only: { from_bytes: 2 } });
    rig.arrive('a');
    await rig.advance(1_000);
    expect(rig.log()).toEqual(['0: a']);

    rig.arrive('b');
    await rig.advance(1_000);

    expect(rig.log()).toEqual(['0: a', '1000: b', '1100: close reset']);
  });
});

it.each([
  [{ frist: 3 }, 'since'],
  [{ nth: 3 }, 'an array of integers'],
  [{ nth: [0] }, 'at least 1'],
  [{ every: 0 }, 'at least 1'],
  [{ first: -1 }, 'at least 0'],
  [{ above: -1 }, 'at least 0'],
  [{ strikes: 1.5 }, 'an integer'],
  [{ share: 1.1 }, 'from 0 to 1'],
  [{ after_ms: '5' }, 'an integer'],
  [{ clients: '10.0.0.1' }, 'an array of addresses'],
  [{ clients: ['10.0.0.0/33'] }, 'addresses as'],
  [{ clients: ['fe80::1%eth0'] }, 'addresses as'],
  [{ clients: ['::1/129'] }, 'addresses as'],
  [{ clients: ['10.0.0'] }, 'addresses as'],
  [{ clients: [7] }, 'addresses as'],
  [{ since: 'ever' }, 'connection or toxic'],
  [[], 'an object'],
])('refuses %j with 400 and says what is expected', (only, expected) => {
  const make = (): unknown => new ToxicRig({ type: 'latency', only });

  expect(make).toThrow(ApiError);
  expect(make).toThrow(expected);
});

it('refuses times and bytes of a connection for what acts before there is one', () => {
  const make = (only: object): unknown => new ToxicRig({ type: 'refuse_connection', only });

  expect(() => make({ after_ms: 100 })).toThrow('expected since: "toxic"');
  expect(() => make({ from_bytes: 1 })).toThrow('only.from_bytes');
  expect(() => make({ after_ms: 100, since: 'toxic' })).not.toThrow();
  expect(() => make({ for_ms: 100 })).not.toThrow();
});
