import { expect, it } from 'vitest';
import { shuffle, takeRounds } from '../../../harness/bench/rounds/take-rounds.ts';
import { seededRandom } from '../../../proxy/core/random.ts';

/** A clock that only takes move: each lasts 10 ms. */
function setUp(names: readonly string[]) {
  let now = 0;
  const order: string[] = [];
  const variants = names.map((id) => ({
    id,
    take: async () => {
      now += 10;
      order.push(id);
      return now;
    },
  }));
  const clock = { now: () => now, sleep: async () => {} };
  const common = { variants, clock, signal: new AbortController().signal, fewest: 3, budgetMs: 0 };
  return { order, common };
}

it('takes each variant once in each round, and throws the first round away', async () => {
  const { order, common } = setUp(['a', 'b', 'c']);

  const takes = await takeRounds({ ...common, random: seededRandom(1), enough: () => true });

  expect([...takes.values()].map((rounds) => rounds.length)).toEqual([3, 3, 3]);
  expect(order).toHaveLength(12);
  for (let round = 0; round < 4; round += 1)
    expect(order.slice(round * 3, round * 3 + 3).toSorted()).toEqual(['a', 'b', 'c']);
});

it('changes the order from round to round, the same way for the same seed', async () => {
  const orderOf = async (seed: number) => {
    const { order, common } = setUp(['a', 'b', 'c', 'd']);
    await takeRounds({ ...common, fewest: 8, random: seededRandom(seed), enough: () => true });
    return order.join('');
  };

  expect(await orderOf(1)).toBe(await orderOf(1));
  expect(await orderOf(1)).not.toBe(await orderOf(2));
  expect(new Set((await orderOf(1)).match(/.{4}/g)).size).toBeGreaterThan(3);
});

it('takes more rounds while it is not decided, until the budget is used up', async () => {
  const { common } = setUp(['a', 'b']);
  let asked = 0;
  const decided = await takeRounds({
    ...common,
    budgetMs: 10_000,
    random: seededRandom(1),
    enough: () => {
      asked += 1;
      return asked === 3;
    },
  });
  const undecided = await takeRounds({
    ...setUp(['a', 'b']).common,
    budgetMs: 200,
    random: seededRandom(1),
    enough: () => false,
  });

  expect(decided.get('a')).toHaveLength(5);
  expect(undecided.get('a')).toHaveLength(9);
});

it('stops between two takes when it is aborted', async () => {
  const { order, common } = setUp(['a', 'b']);
  const controller = new AbortController();
  const onProgress = ({ done }: { done: number }) => done === 3 && controller.abort(new Error('enough'));

  await expect(
    takeRounds({
      ...common,
      signal: controller.signal,
      random: seededRandom(1),
      enough: () => true,
      onProgress,
    }),
  ).rejects.toThrow('enough');
  expect(order.length).toBeLessThanOrEqual(4);
});

it('shuffles without losing any', () => {
  const values = [1, 2, 3, 4, 5];

  expect(shuffle(values, seededRandom(4)).toSorted()).toEqual(values);
});
