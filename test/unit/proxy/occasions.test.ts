/** Which of many requests, queries or frames a toxic acts on. */
import { expect, it } from 'vitest';
import { defineToxic, isDue, occasionAttributes, pass, registerToxic } from '../../../proxy/index.ts';
import { ToxicRig } from './toxic-rig.ts';

/** Lets nothing but what it picks through: each chunk is an occasion. */
registerToxic(
  defineToxic({
    type: 'only_due',
    attributes: occasionAttributes,
    start: (context) => ({
      *chunk(chunk) {
        if (isDue(context)) yield pass(chunk);
      },
    }),
  }),
);

/** What is picked of twelve occasions. */
function picked(attributes: object, seed = 1): string {
  const rig = new ToxicRig({ type: 'only_due', attributes }, { seed });
  for (const occasion of 'abcdefghijkl') rig.arrive(occasion);
  return rig.output();
}

it.each([
  [{}, 'abcdefghijkl'],
  [{ nth: 3 }, 'c'],
  [{ first: 4 }, 'abcd'],
  [{ every: 5 }, 'ej'],
  [{ every: 2, first: 5 }, 'bd'],
  [{ share: 0 }, ''],
])('%j picks %s', (attributes, expected) => {
  expect(picked(attributes)).toBe(expected);
});

it('picks a share by the seed, and draws as often whatever else is asked', () => {
  const share = picked({ share: 0.5 }, 3);

  expect(picked({ share: 0.5 }, 3)).toBe(share);
  expect(picked({ share: 0.5 }, 4)).not.toBe(share);
  expect(picked({ share: 0.5, every: 2 }, 3)).toBe(
    [...share].filter((occasion) => 'bdfhjl'.includes(occasion)).join(''),
  );
});

it('counts occasions of both directions together', () => {
  const rig = new ToxicRig({ type: 'only_due', stream: 'both', attributes: { every: 3 } });
  rig.arrive('a', 'upstream');
  rig.arrive('b', 'downstream');
  rig.arrive('c', 'upstream');
  rig.arrive('d', 'downstream');

  expect([rig.output('upstream'), rig.output('downstream')]).toEqual(['c', '']);
});
