import { expect, it } from 'vitest';
import { Lines } from '../../../../harness/report/html/client/lines.ts';

const lines = new Lines(
  ['2\t10\tone', '5\t20\tTwo', '9\t20\tthree', '12\t35.5\tfour\twith a tab'].join('\n'),
);

it('finds a line by its number', () => {
  expect([2, 5, 9, 12].map((n) => lines.indexOf(n))).toEqual([0, 1, 2, 3]);
  expect([1, 3, 99].map((n) => lines.indexOf(n))).toEqual([-1, -1, -1]);
});

it('finds the last line at a time, or before it', () => {
  expect([0, 10, 15, 20, 35, 36].map((t) => lines.latestAt(t))).toEqual([0, 0, 0, 2, 2, 3]);
});

it('finds words in whatever case, all of them in one line', () => {
  expect(lines.withWords(['two'])).toEqual([1]);
  expect(lines.withWords(['t', '20'])).toEqual([1, 2]);
  expect(lines.withWords(['one', 'four'])).toEqual([]);
});

it('has nothing for an empty text', () => {
  const none = new Lines('');

  expect([none.length, none.indexOf(1), none.latestAt(5)]).toEqual([0, -1, 0]);
});
