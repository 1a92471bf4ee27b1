import { expect, it } from 'vitest';
import { thin } from '../../../../harness/report/html/thin.ts';

const hundred = Array.from({ length: 100 }, (_, index) => index);

it('leaves a short list as it is', () => {
  expect(thin([3, 1, 2], 3, () => false)).toEqual([3, 1, 2]);
});

it('spreads what it keeps evenly, in order', () => {
  expect(thin(hundred, 5, () => false)).toEqual([0, 20, 40, 60, 80]);
});

it('keeps what matters before anything else', () => {
  const kept = thin(hundred, 10, (item) => item === 37 || item === 98);

  expect(kept).toHaveLength(10);
  expect(kept).toEqual(expect.arrayContaining([37, 98]));
  expect(kept).toEqual(kept.toSorted((a, b) => a - b));
});

it('stays within its limit even if everything matters', () => {
  expect(thin(hundred, 7, () => true)).toHaveLength(7);
});
