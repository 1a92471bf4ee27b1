import { expect, it } from 'vitest';
import { nearestWord } from '../../harness/nearest-word.ts';

const known = ['scenarios', 'ignore', 'builtIn'];

it.each([
  ['scenario', 'scenarios'],
  ['Scenarois', 'scenarios'],
  ['builtin', 'builtIn'],
  ['ingore', 'ignore'],
])('takes %s for %s', (word, meant) => {
  expect(nearestWord(word, known)).toBe(meant);
});

it('knows nothing near to a word of its own', () => {
  expect(nearestWord('colour', known)).toBeUndefined();
});
