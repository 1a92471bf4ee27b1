import { expect, it } from 'vitest';
import { nearestWord, suggestion } from '../../harness/nearest-word.ts';

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

it('takes two letters that changed places for one mistake, and the nearer of two words', () => {
  expect(nearestWord('fsd', ['fds', 'rssBytes'])).toBe('fds');
  expect(nearestWord('conection', ['collection', 'connection'])).toBe('connection');
});

it('suggests the nearest word, and all words where none is near', () => {
  expect(suggestion('conection', ['connection'])).toBe('did you mean connection?');
  expect(suggestion('zebra', ['fin', 'reset'])).toBe('there is fin, reset');
});
